/// The challenge that DPS sends a TPM: a fresh key that only the TPM with these keys can import.
///
/// Layout and formulas: TPM 2.0 Library, part 1 (credential protection, duplication); the order of the six fields is what
/// the device SDKs unpack.
public struct TPMChallenge: Sendable {
    /// The six fields, as they go into `authenticationKey` in base64.
    public let authenticationKey: [UInt8]
    /// What the service remembers to check the device's token.
    public let session: TPMSession

    /// How many random bytes a challenge takes.
    public static let randomByteCount = 208

    /// Makes a challenge.
    ///
    /// - Parameters:
    ///   - randomness: in this order the inner wrap key (16 bytes), the credential's seed and OAEP seed, the duplication's
    ///     seed and OAEP seed, the identity key and its obfuscation (32 bytes each). Never use the same bytes twice.
    ///   - data: the sixth field's plain text, which no client reads; by default the audience.
    public static func make(
        endorsementKey: String,
        storageRootKey: String,
        idScope: String,
        registrationId: String,
        randomness: [UInt8],
        data: [UInt8]? = nil
    ) throws(TPMKeyError) -> TPMChallenge {
        let endorsement = try TPMPublicKey(base64: endorsementKey, called: "endorsement key")
        let storage = try TPMPublicKey(base64: storageRootKey, called: "storage root key")
        guard endorsement.area != storage.area else { throw .sameKeys }
        guard randomness.count == randomByteCount else { throw .randomness }
        let wrap = Array(randomness[..<16])
        let parts = (0..<6).map { Array(randomness[16 + 32 * $0..<48 + 32 * $0]) }
        let text = Array((data ?? Array("\(idScope)/registrations/\(registrationId)".utf8)).prefix(1_024))
        do {
            let blob = try build(endorsement, storage, wrap: wrap, parts: parts, text: text)
            let session = TPMSession(idScope: idScope, registrationId: registrationId, key: SecretBytes(parts[4]))
            return TPMChallenge(authenticationKey: blob, session: session)
        } catch {
            // The cipher takes any 16-byte key and vector, so only a wrong amount of randomness could end here.
            throw .randomness
        }
    }

    private static func build(
        _ endorsement: TPMPublicKey,
        _ storage: TPMPublicKey,
        wrap: [UInt8],
        parts: [[UInt8]],
        text: [UInt8]
    ) throws -> [UInt8] {
        let (credentialSeed, credentialOAEP, duplicationSeed, duplicationOAEP) = (
            parts[0], parts[1], parts[2], parts[3]
        )
        let (identity, obfuscation) = (parts[4], parts[5])
        typealias P = TPMPrimitives
        // keyedHash, SHA-256, sign | userWithAuth | noDA, empty policy, HMAC with SHA-256.
        let template: [UInt8] = [0x00, 0x08, 0x00, 0x0B, 0x00, 0x04, 0x04, 0x40, 0x00, 0x00, 0x00, 0x05, 0x00, 0x0B]
        let identityPublic = template + P.sized(StableHash.sha256(obfuscation + identity))
        let identityName = [0x00, 0x0B] + StableHash.sha256(identityPublic)
        let sensitive = P.sized([0x00, 0x08, 0x00, 0x00] + P.sized(obfuscation) + P.sized(identity))

        let credentialKey = P.kdfa(credentialSeed, "STORAGE", storage.name, [], bits: 128)
        let encryptedIdentity = try P.cfb(credentialKey, P.sized(wrap))
        let credentialMAC = SecretBytes(P.kdfa(credentialSeed, "INTEGRITY", [], [], bits: 256))
            .hmacSHA256(encryptedIdentity + storage.name)

        let inner = try P.cfb(wrap, P.sized(StableHash.sha256(sensitive + identityName)) + sensitive)
        let duplicationKey = P.kdfa(duplicationSeed, "STORAGE", identityName, [], bits: 128)
        let outer = try P.cfb(duplicationKey, inner)
        let duplicationMAC = SecretBytes(P.kdfa(duplicationSeed, "INTEGRITY", [], [], bits: 256))
            .hmacSHA256(outer + identityName)

        let fields = [
            P.sized(credentialMAC) + encryptedIdentity,
            P.oaep(endorsement.modulus, "IDENTITY", credentialSeed, seed: credentialOAEP),
            P.sized(duplicationMAC) + outer,
            P.oaep(storage.modulus, "DUPLICATE", duplicationSeed, seed: duplicationOAEP),
            identityPublic,
            try P.cfb(wrap, text),
        ]
        return fields.flatMap { P.sized($0) }
    }
}
