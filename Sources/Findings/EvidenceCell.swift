/// The places of a finding in one cell, as the table `finding` and every export have them: `file:line`, with `;` between.
///
/// A `;` of a path is written as `\x3B`, as bytes that are no text are in paths, so that each place is read back as one; no
/// path's text has these four characters itself.
enum EvidenceCell {
    private static let escape = "\\x3B"

    /// The cell of some places.
    static func text(_ places: [String]) -> String {
        places.map { $0.utf8.contains(UInt8(ascii: ";")) ? $0.replacing(";", with: escape) : $0 }.joined(separator: ";")
    }

    /// The places of a cell.
    static func places(_ cell: some Collection<UInt8>) -> [String] {
        cell.split(separator: UInt8(ascii: ";")).map { place in
            let text = String(decoding: place, as: UTF8.self)
            return place.contains(UInt8(ascii: "\\")) ? text.replacing(escape, with: ";") : text
        }
    }
}
