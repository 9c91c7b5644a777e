/// Formats that cannot hold logs: a picture, a page, a program.
///
/// That such a file was not read leaves nothing open.
enum FormatsWithoutLogs {
    /// Words by which the reason of an unreadable file names such a format, in lower case.
    private static let words: Set<String> = ["pdf", "html", "picture", "program"]

    /// Whether the note of a file names one.
    static func isOne(_ note: String) -> Bool {
        note.lowercased().split { !$0.isLetter && !$0.isNumber }.contains { words.contains(String($0)) }
    }
}
