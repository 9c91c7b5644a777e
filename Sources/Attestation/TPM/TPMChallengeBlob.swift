/// The six fields of an `authenticationKey`, each with two bytes of size in front and nothing after the last.
///
/// The order is what the device SDKs unpack: the first two feed TPM2_ActivateCredential, the next three TPM2_Import.
public struct TPMChallengeBlob: Sendable, Equatable {
    /// TPM2B_ID_OBJECT: the wrapped inner key, for the TPM that holds both keys; 52 bytes.
    public let credentialBlob: [UInt8]
    /// The seed of the credential, encrypted to the endorsement key; 256 bytes.
    public let encryptedSecret: [UInt8]
    /// TPM2B_PRIVATE: the identity key, wrapped twice; 142 bytes.
    public let duplicate: [UInt8]
    /// The seed of the duplicate, encrypted to the storage root key; 256 bytes.
    public let inSymSeed: [UInt8]
    /// TPM2B_PUBLIC of the identity key; 48 bytes.
    public let identityPublic: [UInt8]
    /// Text under the inner key, which no client uses; up to 1,024 bytes.
    public let encryptedData: [UInt8]

    /// The fields in order, each with its size.
    public var bytes: [UInt8] {
        [credentialBlob, encryptedSecret, duplicate, inSymSeed, identityPublic, encryptedData]
            .flatMap { TPMPrimitives.sized($0) }
    }

    /// Why bytes are not six sized fields.
    public struct Fault: Error, Equatable, Sendable, CustomStringConvertible {
        /// Which field, and what about it.
        public let description: String
    }

    init(
        credentialBlob: [UInt8],
        encryptedSecret: [UInt8],
        duplicate: [UInt8],
        inSymSeed: [UInt8],
        identityPublic: [UInt8],
        encryptedData: [UInt8]
    ) {
        self.credentialBlob = credentialBlob
        self.encryptedSecret = encryptedSecret
        self.duplicate = duplicate
        self.inSymSeed = inSymSeed
        self.identityPublic = identityPublic
        self.encryptedData = encryptedData
    }

    /// Takes a blob apart; only the sizes are checked, because what is inside only the TPM can tell.
    ///
    /// Stricter than some clients, which pass over a missing last field or bytes after it.
    public init(parsing bytes: [UInt8]) throws(Fault) {
        var cursor = TPMCursor(bytes)
        do {
            credentialBlob = try cursor.sized("credentialBlob")
            encryptedSecret = try cursor.sized("encryptedSecret")
            duplicate = try cursor.sized("duplicate")
            inSymSeed = try cursor.sized("inSymSeed")
            identityPublic = try cursor.sized("idKeyPublic")
            encryptedData = try cursor.sized("encryptedData")
        } catch {
            throw Fault(description: "the blob ends inside \(error.field), at byte \(error.place)")
        }
        guard cursor.left == 0 else { throw Fault(description: "\(cursor.left) bytes follow the sixth field") }
    }
}
