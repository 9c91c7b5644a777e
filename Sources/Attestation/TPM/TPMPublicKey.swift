/// The public part of an endorsement or storage root key, as DPS clients send it: TPM2B_PUBLIC of an RSA storage key.
///
/// TPM 2.0 Library, part 2, 12.2 (public area) and 8.3 (attributes). The templates that clients use are those of the TCG
/// EK Credential Profile (L-1) and of the SRK in the TCG provisioning guidance: RSA 2048, SHA-256, AES-128 CFB.
public struct TPMPublicKey: Sendable, Equatable {
    /// The bytes as received, with the two bytes of size.
    public let wire: [UInt8]
    /// The big-endian modulus, 256 bytes.
    let modulus: [UInt8]

    /// TPMT_PUBLIC: the bytes after the size, which the name is made from.
    var area: [UInt8] { Array(wire.dropFirst(2)) }

    /// The key's name: its hash algorithm and the SHA-256 of the public area, 34 bytes (TPM 2.0 Library, part 1, 16).
    ///
    /// The bytes count as received: an exponent written as 0 and as 65537 is the same key under two names.
    public var name: [UInt8] { [0x00, 0x0B] + StableHash.sha256(area) }

    /// Reads a key from the base64 text of a request.
    ///
    /// - Parameter key: what the key is called in messages.
    public init(base64 text: String, called key: String) throws(TPMKeyError) {
        guard !text.isEmpty else { throw .empty(key: key) }
        let bytes: [UInt8]
        do {
            bytes = try Base64Text.decode(text, forgiving: .dotnet, limit: 4_096)
        } catch {
            throw .notBase64(key: key, error)
        }
        try self.init(wire: bytes, called: key)
    }

    /// Reads a key and checks every field that the challenge depends on.
    ///
    /// Not checked: the authorization policy, whether the modulus is a product of two primes, and whether a maker's
    /// certificate vouches for the key; DPS is given none.
    public init(wire: [UInt8], called key: String) throws(TPMKeyError) {
        let fields: Fields
        do {
            fields = try Fields(wire)
        } catch {
            throw error.called(key)
        }
        if let problem = fields.untrusted { throw .untrusted(key: key, problem: problem) }
        self.wire = wire
        modulus = fields.modulus
    }
}

/// The fields of a public area, read one after the other.
private struct Fields {
    /// What is wrong, before it is said which key it is about.
    enum Problem: Error {
        case malformed(String)
        case unsupported(String)

        func called(_ key: String) -> TPMKeyError {
            switch self {
            case .malformed(let problem): .malformed(key: key, problem: problem)
            case .unsupported(let field): .unsupported(key: key, field: field)
            }
        }
    }

    /// What makes the key one that may live outside a TPM, if anything.
    let untrusted: String?
    let modulus: [UInt8]

    init(_ wire: [UInt8]) throws(Problem) {
        do {
            var cursor = TPMCursor(wire)
            let size = try cursor.u16("size")
            guard size == cursor.left else {
                throw Problem.malformed("its size field says \(size) bytes, and \(cursor.left) follow")
            }
            let head = try Fields.head(&cursor)
            modulus = try Fields.parameters(&cursor)
            untrusted = head
        } catch let fault as TPMCursor.Fault {
            throw .malformed("it ends inside \(fault.field), at byte \(fault.place)")
        } catch let problem as Problem {
            throw problem
        } catch {
            throw .malformed("it cannot be read")
        }
    }

    /// Type, name algorithm, attributes and policy.
    private static func head(_ cursor: inout TPMCursor) throws -> String? {
        try require(try cursor.u16("type") == 0x0001, "type (not RSA)")
        let nameAlgorithm = try cursor.u16("nameAlg")
        // Without a name there is nothing to bind the credential to; another hash has names, but no client uses it.
        try require(nameAlgorithm == 0x000B || nameAlgorithm == 0x0004, "name algorithm (not SHA-256)")
        let attributes = Attributes(rawValue: UInt32(truncatingIfNeeded: try cursor.u32("objectAttributes")))
        try require(attributes.isSuperset(of: [.restricted, .decrypt]), "attributes (not a restricted decryption key)")
        try require(!attributes.contains(.sign), "attributes (a signing key)")
        _ = try cursor.sized("authPolicy")
        guard nameAlgorithm == 0x000B else { return "its name is not made with SHA-256" }
        let bound: Attributes = [.fixedTPM, .fixedParent, .sensitiveDataOrigin]
        return attributes.isSuperset(of: bound)
            ? nil : "its attributes do not say that it was made in a TPM and stays there"
    }

    /// The RSA parameters and the modulus; nothing may follow.
    private static func parameters(_ cursor: inout TPMCursor) throws -> [UInt8] {
        try require(try cursor.u16("symmetric") == 0x0006, "symmetric algorithm (not AES)")
        try require(try cursor.u16("symmetric key bits") == 128, "symmetric key size (not 128 bits)")
        try require(try cursor.u16("symmetric mode") == 0x0043, "symmetric mode (not CFB)")
        try require(try cursor.u16("scheme") == 0x0010, "scheme (not NULL)")
        try require(try cursor.u16("keyBits") == 2_048, "key size (not 2048 bits)")
        let exponent = try cursor.u32("exponent")
        try require(exponent == 0 || exponent == 65_537, "exponent (not 65537)")
        let modulus = try cursor.sized("unique")
        guard cursor.left == 0 else { throw Problem.malformed("\(cursor.left) bytes follow the modulus") }
        try require(modulus.count == 256, "modulus (\(modulus.count) bytes instead of 256)")
        try require(modulus.first.map { $0 >= 0x80 } == true, "modulus (shorter than 2048 bits)")
        try require(modulus.last.map { $0 & 1 == 1 } == true, "modulus (even)")
        return modulus
    }

    private static func require(_ holds: Bool, _ field: String) throws {
        guard holds else { throw Problem.unsupported(field) }
    }
}

/// TPMA_OBJECT, as far as it is looked at (TPM 2.0 Library, part 2, 8.3).
private struct Attributes: OptionSet {
    let rawValue: UInt32

    static let fixedTPM = Attributes(rawValue: 1 << 1)
    static let fixedParent = Attributes(rawValue: 1 << 4)
    static let sensitiveDataOrigin = Attributes(rawValue: 1 << 5)
    static let restricted = Attributes(rawValue: 1 << 16)
    static let decrypt = Attributes(rawValue: 1 << 17)
    static let sign = Attributes(rawValue: 1 << 18)
}
