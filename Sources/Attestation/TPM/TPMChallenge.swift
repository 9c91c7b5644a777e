/// The challenge that DPS sends a TPM: a fresh key that only the TPM with these two keys can import.
///
/// Two protections one inside the other: TPM2_MakeCredential to the endorsement key hands over an inner key and binds it
/// to the name of the storage root key; the identity key travels as a duplicate to the storage root key, wrapped with
/// that inner key (TPM 2.0 Library, part 1, 24 credential protection and 23 protected storage). The order of the fields
/// is what the device SDKs unpack.
public struct TPMChallenge: Sendable {
    /// The six fields, as they go into `authenticationKey` in base64.
    public let authenticationKey: [UInt8]
    /// What the service remembers to check the device's token.
    public let session: TPMSession

    /// How many random bytes a challenge takes.
    public static let randomByteCount = 208

    /// The longest text in the sixth field that every client takes, in bytes.
    public static let longestData = 1_024

    /// Makes a challenge; about one hundredth of a second in a release build, nearly all of it for the two RSA powers.
    ///
    /// - Parameters:
    ///   - randomness: in this order the inner wrap key (16 bytes), the credential's seed and OAEP seed, the duplication's
    ///     seed and OAEP seed, the identity key and its obfuscation (32 bytes each). Never use the same bytes twice.
    ///   - data: the sixth field's plain text, which no client reads; what DPS writes there is not known. By default the
    ///     audience, cut so that the blob fits two frames of AMQP. Longer than ``longestData`` is cut too.
    public static func make(
        endorsementKey: String,
        storageRootKey: String,
        idScope: String,
        registrationId: String,
        randomness: [UInt8],
        data: [UInt8]? = nil
    ) throws(TPMKeyError) -> TPMChallenge {
        let (endorsement, storage) = try keys(endorsementKey: endorsementKey, storageRootKey: storageRootKey)
        guard let random = TPMRandomness(randomness) else { throw .randomness }
        let text = data.map { Array($0.prefix(longestData)) } ?? audience(idScope, registrationId)
        do {
            let blob = try build(endorsement, storage, random, text: text)
            let session = TPMSession(
                idScope: idScope,
                registrationId: registrationId,
                key: SecretBytes(random.identityKey),
                endorsementKey: endorsementKey,
                storageRootKey: storageRootKey
            )
            return TPMChallenge(authenticationKey: blob.bytes, session: session)
        } catch {
            // The cipher takes any key and vector of 16 bytes, so only randomness of a wrong length could end here.
            throw .randomness
        }
    }

    /// Reads and checks both keys of a request without making anything.
    public static func keys(
        endorsementKey: String,
        storageRootKey: String
    ) throws(TPMKeyError) -> (endorsement: TPMPublicKey, storage: TPMPublicKey) {
        let endorsement = try TPMPublicKey(base64: endorsementKey, called: "endorsement key")
        let storage = try TPMPublicKey(base64: storageRootKey, called: "storage root key")
        guard endorsement.modulus != storage.modulus else {
            throw .untrusted(key: "storage root key", problem: "it is the endorsement key again")
        }
        return (endorsement, storage)
    }

    /// `{id scope}/registrations/{id}`, at most 150 bytes: with it the blob has at most 916 bytes.
    private static func audience(_ idScope: String, _ registrationId: String) -> [UInt8] {
        Array("\(idScope)/registrations/\(registrationId)".utf8.prefix(150))
    }

    private static func build(
        _ endorsement: TPMPublicKey,
        _ storage: TPMPublicKey,
        _ random: TPMRandomness,
        text: [UInt8]
    ) throws -> TPMChallengeBlob {
        typealias P = TPMPrimitives
        let identity = TPMIdentityKey(key: random.identityKey, obfuscation: random.identityObfuscation)

        let wrapped = try P.cfb(
            P.kdfa(random.credentialSeed, "STORAGE", storage.name, [], bits: 128),
            P.sized(random.innerWrapKey)
        )
        let credentialKey = SecretBytes(P.kdfa(random.credentialSeed, "INTEGRITY", [], [], bits: 256))
        let credentialMAC = credentialKey.hmacSHA256(wrapped + storage.name)

        let inner = try P.cfb(
            random.innerWrapKey,
            P.sized(StableHash.sha256(identity.sensitive + identity.name)) + identity.sensitive
        )
        let outer = try P.cfb(P.kdfa(random.duplicationSeed, "STORAGE", identity.name, [], bits: 128), inner)
        let duplicationKey = SecretBytes(P.kdfa(random.duplicationSeed, "INTEGRITY", [], [], bits: 256))
        let duplicationMAC = duplicationKey.hmacSHA256(outer + identity.name)

        return TPMChallengeBlob(
            credentialBlob: P.sized(credentialMAC) + wrapped,
            encryptedSecret: P.oaep(
                endorsement.modulus,
                "IDENTITY",
                random.credentialSeed,
                seed: random.credentialOAEPSeed
            ),
            duplicate: P.sized(duplicationMAC) + outer,
            inSymSeed: P.oaep(storage.modulus, "DUPLICATE", random.duplicationSeed, seed: random.duplicationOAEPSeed),
            identityPublic: identity.publicArea,
            // The inner key enciphers twice from the same vector; harmless only because the first text lies inside the
            // outer wrapper, and because no inner key is used for a second blob.
            encryptedData: try P.cfb(random.innerWrapKey, text)
        )
    }
}

/// The key that the TPM imports: an HMAC key with SHA-256 that may leave it only inside a wrapper.
private struct TPMIdentityKey {
    /// TPMT_PUBLIC.
    let publicArea: [UInt8]
    /// TPM2B_SENSITIVE, with an empty password.
    let sensitive: [UInt8]

    var name: [UInt8] { [0x00, 0x0B] + StableHash.sha256(publicArea) }

    init(key: [UInt8], obfuscation: [UInt8]) {
        // keyedHash, SHA-256, sign | userWithAuth | noDA, empty policy, HMAC with SHA-256. The policy is empty so that
        // nobody at the device can duplicate the key out of the TPM in clear.
        let template: [UInt8] = [0x00, 0x08, 0x00, 0x0B, 0x00, 0x04, 0x04, 0x40, 0x00, 0x00, 0x00, 0x05, 0x00, 0x0B]
        publicArea = template + TPMPrimitives.sized(StableHash.sha256(obfuscation + key))
        let head: [UInt8] = [0x00, 0x08, 0x00, 0x00]
        sensitive = TPMPrimitives.sized(head + TPMPrimitives.sized(obfuscation) + TPMPrimitives.sized(key))
    }
}

/// The seven random inputs of one challenge.
private struct TPMRandomness {
    let innerWrapKey: [UInt8]
    let credentialSeed: [UInt8]
    let credentialOAEPSeed: [UInt8]
    let duplicationSeed: [UInt8]
    let duplicationOAEPSeed: [UInt8]
    let identityKey: [UInt8]
    let identityObfuscation: [UInt8]

    init?(_ bytes: [UInt8]) {
        guard bytes.count == TPMChallenge.randomByteCount else { return nil }
        func part(_ number: Int) -> [UInt8] { Array(bytes[16 + 32 * number..<48 + 32 * number]) }
        innerWrapKey = Array(bytes[..<16])
        credentialSeed = part(0)
        credentialOAEPSeed = part(1)
        duplicationSeed = part(2)
        duplicationOAEPSeed = part(3)
        identityKey = part(4)
        identityObfuscation = part(5)
    }
}
