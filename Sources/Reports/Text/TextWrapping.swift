/// Lays out prose for a terminal.
enum TextWrapping {
    /// Breaks a text between words into lines of at most `width` columns; a longer word stays whole.
    static func lines(_ text: String, _ width: Int) -> [String] {
        let width = max(10, width)
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if line.isEmpty {
                line = String(word)
            } else if TerminalText.width(line) + 1 + TerminalText.width(String(word)) <= width {
                line += " " + word
            } else {
                lines.append(line)
                line = String(word)
            }
        }
        lines.append(line)
        return lines
    }
}
