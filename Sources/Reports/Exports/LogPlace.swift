/// A line of a log: the two halves of `file:line`.
struct LogPlace: Sendable, Hashable {
    /// The path as it was given.
    var path: String
    /// From 1; 0 for the file as a whole.
    var line: Int

    /// Reads `file:line`; nil if there is no number behind the last colon.
    init?(_ evidence: String) {
        guard let colon = evidence.lastIndex(of: ":"), colon > evidence.startIndex,
            let number = Int(evidence[evidence.index(after: colon)...]), number >= 0
        else { return nil }
        path = String(evidence[..<colon])
        line = number
    }

    /// The path as a URI reference (RFC 3986): `file:` for an absolute one, a relative one as it is.
    ///
    /// All but unreserved characters, `/` and `=` are percent-encoded, so that a first part with a colon is no scheme, and two
    /// slashes in front are no host.
    var uri: String {
        var out = path.hasPrefix("/") ? "file://" : ""
        if path.hasPrefix("//") { out += "/." }
        for byte in path.utf8 {
            let isKept =
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E, 0x2F, 0x3D: true
                default: false
                }
            if isKept {
                out.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let hex = String(byte, radix: 16, uppercase: true)
                out += "%" + (hex.utf8.count < 2 ? "0" : "") + hex
            }
        }
        return out
    }
}
