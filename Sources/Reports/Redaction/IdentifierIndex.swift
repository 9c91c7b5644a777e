import Basics
import EventStore

/// All names that must not be seen, so that they are found in any text in one pass, in any case, the longest first.
///
/// A place of a text is looked at closely only if a name begins with its first two bytes; then for each length that names
/// with its first three bytes have, one look into a table tells. The work does not grow with the number of names.
///
/// What it grows with are the different lengths of names that begin alike; Azure bounds ids at 128 characters.
struct IdentifierIndex: Sendable {
    /// Names shorter than this are found as whole words alone: as parts of words they would be found everywhere.
    static let wordLength = 6

    private var kinds: [[UInt8]: KnownIdentifier.Kind] = [:]
    private var lengths: [UInt32: [Int]] = [:]
    private var begins = [Bool](repeating: false, count: 65536)

    /// An index of names.
    init(_ identifiers: [KnownIdentifier]) {
        kinds.reserveCapacity(identifiers.count)
        for identifier in identifiers {
            let bytes = Array(identifier.name.utf8)
            add(Self.fold(bytes), identifier.kind)
            for form in Self.otherForms(identifier.name, bytes) { add(Self.fold(Array(form.utf8)), identifier.kind) }
        }
        for prefix in lengths.keys { lengths[prefix]?.sort(by: >) }
    }

    private mutating func add(_ form: [UInt8], _ kind: KnownIdentifier.Kind) {
        guard let first = form.first else { return }
        if let known = kinds[form] {
            if kind < known { kinds[form] = kind }
            return
        }
        kinds[form] = kind
        let prefix = Self.prefix(form, 0, min(3, form.count))
        if lengths[prefix]?.contains(form.count) != true { lengths[prefix, default: []].append(form.count) }
        let begin = Int(first) << 8
        if form.count > 1 {
            begins[begin | Int(form[1])] = true
        } else {
            for second in 0..<256 { begins[begin | second] = true }
        }
    }

    /// The names' number.
    var count: Int { kinds.count }

    /// What a name stands for, in any case; nil if it is not known.
    func kind(of name: String) -> KnownIdentifier.Kind? { kinds[Self.fold(Array(name.utf8))] }

    /// The names in lower case.
    var names: some Sequence<(name: String, kind: KnownIdentifier.Kind)> {
        kinds.lazy.map { (String(decoding: $0.key, as: UTF8.self), $0.value) }
    }

    /// The longest name at a place of a folded text.
    func match(_ text: [UInt8], _ at: Int) -> (end: Int, kind: KnownIdentifier.Kind)? {
        let second = at + 1 < text.count ? Int(text[at + 1]) : 0
        guard begins[Int(text[at]) << 8 | second] else { return nil }
        for size in stride(from: min(3, text.count - at), to: 0, by: -1) {
            for length in lengths[Self.prefix(text, at, size)] ?? [] where at + length <= text.count {
                // Of names of three bytes and more the prefix has three; shorter ones have their own.
                guard min(3, length) == size, let kind = kinds[Array(text[at..<at + length])] else { continue }
                if Self.stands(text, at, at + length) { return (at + length, kind) }
            }
        }
        return nil
    }

    /// Whether a match counts: a long one anywhere, a short one as a word, and a short number not within a time or a version.
    private static func stands(_ text: [UInt8], _ from: Int, _ to: Int) -> Bool {
        guard to - from < wordLength else { return true }
        let isNumber = text[from..<to].allSatisfy { (0x30...0x39).contains($0) }
        func joins(_ at: Int) -> Bool {
            guard text.indices.contains(at) else { return false }
            return isWord(text[at]) || (isNumber && [0x2E, 0x3A].contains(text[at]))
        }
        return !joins(from - 1) && !joins(to)
    }

    /// Whether a byte is part of a word: letters, digits, `-`, `_`, and all beyond ASCII.
    static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F, 0x80...0xFF: true
        default: false
        }
    }

    /// The bytes with ASCII letters in lower case.
    static func fold(_ bytes: [UInt8]) -> [UInt8] { bytes.map(ASCII.lowercased) }

    /// The other forms in which a name may stand in a text: in either case beyond ASCII too, and as JSON writes it.
    private static func otherForms(_ name: String, _ bytes: [UInt8]) -> [String] {
        var forms: [String] = []
        if bytes.contains(where: { $0 >= 0x80 }) { forms += [name.lowercased(), name.uppercased()] }
        if bytes.contains(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C }) {
            forms.append(String(JSONString.quoted(name).dropFirst().dropLast()))
        }
        return forms
    }

    private static func prefix(_ bytes: [UInt8], _ at: Int, _ size: Int) -> UInt32 {
        var key: UInt32 = 0
        for offset in 0..<size { key = key << 8 | UInt32(bytes[at + offset]) }
        return key << 2 | UInt32(size)
    }
}
