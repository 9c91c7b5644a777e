public import EventStore
import Findings

/// Replaces names by pseudonyms of a key: `device-3fa9c1d20b77`.
///
/// The same name has the same pseudonym in every report of the same key, and another one with another key. Letters of either
/// case are one name here. What is not hidden: times, codes, counts, SDKs, protocols, names of rules, lines of evidence.
public struct Redactor: Sendable {
    /// The hexadecimal digits of a pseudonym: 48 bits, so that two of a million names hardly ever share one.
    static let digits = 12
    /// What stands for a path that commands are told.
    static let database = " --db FILE"
    /// What stands for text of records that cannot be read, and so cannot be searched for names either.
    public static let sample = "[redacted]"

    let key: RedactionKey
    let index: IdentifierIndex

    /// A redactor.
    ///
    /// - Parameters:
    ///   - key: the secret.
    ///   - identifiers: every name that may stand in a text, those of the database and of what is shown.
    public init(_ key: RedactionKey, _ identifiers: [KnownIdentifier]) {
        self.key = key
        index = IdentifierIndex(identifiers)
    }

    /// The pseudonym of a whole name; of a known one with the kind that is known.
    public func name(_ text: String, as kind: KnownIdentifier.Kind) -> String {
        text.isEmpty ? "" : pseudonym(text, index.kind(of: text) ?? kind)
    }

    /// A text with all names in it replaced.
    public func text(_ text: String) -> String {
        let bytes = Array(text.utf8)
        let folded = IdentifierIndex.fold(bytes)
        var out: [UInt8] = []
        var (at, copied) = (0, 0)
        while at < bytes.count {
            let found =
                index.match(folded, at) ?? TelltaleText.match(folded, at).map { (end: $0.end, kind: $0.kind) }
            guard let found else {
                at += 1
                continue
            }
            out += bytes[copied..<at]
            out += pseudonym(String(decoding: bytes[at..<found.end], as: UTF8.self), found.kind).utf8
            at = found.end
            copied = at
        }
        return copied == 0 ? text : String(decoding: out + bytes[copied...], as: UTF8.self)
    }

    /// A place in a log: the path's pseudonym, and the line as it is.
    public func evidence(_ place: String) -> String {
        guard let known = LogPlace(place) else { return pseudonym(place, .file) }
        return pseudonym(known.path, .file) + ":\(known.line)"
    }

    /// The id of a finding or incident under this key.
    ///
    /// The id itself is a hash without a key over rule and subject: whoever knows a subject could look for it.
    public func id(_ id: String) -> String { key.digits(id, use: "id", count: 16) }

    /// The name behind a pseudonym, in lower case; nil if no known name has it.
    public func name(behind pseudonym: String) -> String? {
        guard let dash = pseudonym.lastIndex(of: "-") else { return nil }
        let digits = pseudonym[pseudonym.index(after: dash)...].lowercased()
        guard digits.count == Self.digits, digits.allSatisfy(\.isHexDigit) else { return nil }
        return index.names.first { name, kind in
            kind != .file && key.digits(name, use: "name", count: Self.digits) == digits
        }?.name
    }

    /// Whether a name has this pseudonym is told by the digits alone; the word before says what the name stands for here.
    private func pseudonym(_ name: String, _ kind: KnownIdentifier.Kind) -> String {
        let canonical = kind == .file ? name : name.lowercased()
        return "\(kind.rawValue)-" + key.digits(canonical, use: "name", count: Self.digits)
    }
}
