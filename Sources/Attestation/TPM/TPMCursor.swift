/// Reads a TPM's big-endian structures from untrusted bytes, never past their end.
struct TPMCursor {
    /// The bytes ended inside a field.
    struct Fault: Error, Equatable {
        /// The field that was being read.
        let field: String
        /// Where it begins, counted from 0.
        let place: Int
    }

    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// How many bytes are not read yet.
    var left: Int { bytes.count - place }

    mutating func u16(_ field: String) throws(Fault) -> Int { try number(2, field) }

    mutating func u32(_ field: String) throws(Fault) -> Int { try number(4, field) }

    /// A TPM2B: two bytes of size, then as many bytes; the size bounds what is copied.
    mutating func sized(_ field: String) throws(Fault) -> [UInt8] {
        let start = place
        let size = try number(2, field)
        guard left >= size else { throw Fault(field: field, place: start) }
        defer { place += size }
        return Array(bytes[place..<place + size])
    }

    private mutating func number(_ count: Int, _ field: String) throws(Fault) -> Int {
        guard left >= count else { throw Fault(field: field, place: place) }
        defer { place += count }
        return bytes[place..<place + count].reduce(0) { $0 << 8 | Int($1) }
    }
}
