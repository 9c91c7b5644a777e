/// Why an endorsement or storage root key is not taken.
public enum TPMKeyError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The text is not base64.
    case notBase64(key: String)
    /// The bytes are not one TPM2B_PUBLIC with nothing after it.
    case malformed(key: String)
    /// A field has a value that the scheme cannot work with.
    case unsupported(key: String, field: String)
    /// Both keys are the same.
    case sameKeys
    /// Too few random bytes were handed in.
    case randomness

    /// What is wrong, in words.
    public var description: String {
        switch self {
        case .notBase64(let key): "the \(key) is not base64"
        case .malformed(let key): "the \(key) is not one TPM2B_PUBLIC structure"
        case .unsupported(let key, let field): "the \(key) has an unsuitable \(field)"
        case .sameKeys: "the endorsement key was sent as the storage root key too"
        case .randomness: "a challenge needs \(TPMChallenge.randomByteCount) random bytes"
        }
    }
}

/// A TPM2B_PUBLIC of an RSA storage key as DPS clients send it (TPM 2.0 Library, part 2, 12.2).
struct TPMPublicKey: Sendable {
    /// The bytes after the size, which the name is made from.
    let area: [UInt8]
    let modulus: [UInt8]

    /// nameAlg and the SHA-256 of the public area: 34 bytes.
    var name: [UInt8] { [0x00, 0x0B] + StableHash.sha256(area) }

    /// Reads a key; the attributes must be those of a restricted decryption key that cannot leave its TPM.
    init(base64 text: String, called key: String) throws(TPMKeyError) {
        guard let bytes = try? Base64Text.decode(text, limit: 4_096) else { throw .notBase64(key: key) }
        var reader = TPMReader(bytes)
        guard let size = reader.number(2), size == reader.left, size > 0 else { throw .malformed(key: key) }
        area = Array(bytes.dropFirst(2))
        func require(_ condition: Bool, _ field: String) throws(TPMKeyError) {
            guard condition else { throw .unsupported(key: key, field: field) }
        }
        guard let type = reader.number(2), let nameAlgorithm = reader.number(2), let attributes = reader.number(4),
            reader.sized() != nil, let symmetric = reader.number(2)
        else { throw .malformed(key: key) }
        try require(type == 0x0001, "type (not RSA)")
        try require(nameAlgorithm == 0x000B, "name algorithm (not SHA-256)")
        // fixedTPM, fixedParent, sensitiveDataOrigin, restricted and decrypt set, sign clear.
        try require(attributes & 0x0003_0032 == 0x0003_0032 && attributes & 0x0004_0000 == 0, "attributes")
        try require(symmetric == 0x0006, "symmetric algorithm (not AES)")
        guard let symmetricBits = reader.number(2), let mode = reader.number(2), let scheme = reader.number(2),
            let bits = reader.number(2), let exponent = reader.number(4), let modulus = reader.sized()
        else { throw .malformed(key: key) }
        try require(symmetricBits == 128 && mode == 0x0043, "symmetric mode (not AES-128 CFB)")
        try require(scheme == 0x0010, "scheme (not NULL)")
        try require(bits == 2_048, "key size (not 2048)")
        try require(exponent == 0 || exponent == 65_537, "exponent")
        guard reader.left == 0 else { throw .malformed(key: key) }
        try require(modulus.count == 256 && modulus.first.map { $0 >= 0x80 } == true, "modulus length")
        try require(modulus.last.map { $0 & 1 == 1 } == true, "modulus (even)")
        self.modulus = modulus
    }
}

/// Reads big-endian fields and never past the end.
struct TPMReader {
    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var left: Int { bytes.count - place }

    mutating func number(_ count: Int) -> Int? {
        guard left >= count else { return nil }
        defer { place += count }
        return bytes[place..<place + count].reduce(0) { $0 << 8 | Int($1) }
    }

    /// A TPM2B: two bytes of size, then so many bytes.
    mutating func sized() -> [UInt8]? {
        guard let size = number(2), left >= size else { return nil }
        defer { place += size }
        return Array(bytes[place..<place + size])
    }
}
