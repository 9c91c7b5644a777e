/// Words for a shell.
public enum Shell {
    /// The word in single quotes if a shell would read it in another way.
    public static func quoted(_ word: String) -> String {
        let safe = word.unicodeScalars.allSatisfy { scalar in
            ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
                || "-_.:/".unicodeScalars.contains(scalar)
        }
        if safe && !word.isEmpty { return word }
        return "'"
            + TerminalText.safe(word).split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
            + "'"
    }
}
