import Basics

/// Times as Azure's exports write them.
enum ExportTime {
    private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

    /// Reads RFC 3339, or the date of HTTP (`Sat, 31 Oct 2026 20:59:09 GMT`; RFC 9110, 5.6.7) that the management plane gives
    /// for CA certificates; nil for anything else.
    static func read(_ text: String) -> UnixTime? {
        if let time = UnixTime(rfc3339: text) { return time }
        let parts = text.split { $0 == " " || $0 == "," }
        guard parts.count == 6, parts[5] == "GMT", parts[1].utf8.count == 2,
            let month = months.firstIndex(of: ASCII.lowercased(String(parts[2])))
        else { return nil }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        return UnixTime(rfc3339: "\(parts[3])-\(number)-\(parts[1])T\(parts[4])Z")
    }
}
