import Basics

/// What the service remembers between a challenge and the token that answers it.
public struct TPMSession: Sendable {
    /// The scope the challenge was made for.
    public let idScope: String
    /// The registration id the challenge was made for.
    public let registrationId: String
    /// The key that the TPM imported.
    public let key: SecretBytes
    /// The endorsement key the challenge was made for, in base64 as received; empty if that is not known.
    public let endorsementKey: String
    /// The storage root key the challenge was made for, in base64 as received; empty if that is not known.
    public let storageRootKey: String

    /// A session from what was kept.
    public init(
        idScope: String,
        registrationId: String,
        key: SecretBytes,
        endorsementKey: String = "",
        storageRootKey: String = ""
    ) {
        self.idScope = idScope
        self.registrationId = registrationId
        self.key = key
        self.endorsementKey = endorsementKey
        self.storageRootKey = storageRootKey
    }

    /// Whether this session is the one of a request; ids do not mind their case.
    public func belongs(to idScope: String, _ registrationId: String) -> Bool {
        self.idScope == idScope && ASCII.lowercased(self.registrationId) == ASCII.lowercased(registrationId)
    }

    /// Checks the token that the device signed in its TPM.
    ///
    /// The audience must name the scope and the id in full, case aside: a shorter one, which the service's general rule for
    /// prefixes would take, is refused here, because every device SDK sends the full one. Not checked: `skn`, which Java
    /// sends empty; how old the challenge is; whether the session was used before, because polls repeat the token.
    public func verify(token text: String, now: UnixTime) -> SASVerdict {
        let audience = "\(idScope)/registrations/\(registrationId)"
        let keys = SASKeys(only: key, name: "challenge's")
        let verdict = SASVerifier.verify(token: text, keys: keys, audience: audience, now: now)
        guard verdict.isAccepted, let token = try? SASToken(text),
            ASCII.lowercased(token.audience) != ASCII.lowercased(audience)
        else { return verdict }
        let step = CheckStep("token audience", .fail, "sr does not name the scope and the registration id in full")
        return SASVerdict(
            outcome: .wrongAudience,
            signingKey: verdict.signingKey,
            steps: verdict.steps.filter { $0.step != "token audience" } + [step]
        )
    }
}

extension TPMSession {
    /// Why bytes are not a session; the bytes are not repeated, because they hold a key.
    public struct StateFault: Error, Equatable, Sendable, CustomStringConvertible {
        /// What is wrong.
        public let description: String
    }

    /// The largest state that is read, in bytes; one with keys of the largest size has about 12,000.
    public static let largestState = 16_384

    private static let stateFormat = "dpslens-tpm-session/1"

    /// The session as one line of JSON, for a state file.
    ///
    /// The result holds the session's key **in clear**: whoever reads it can sign as the device. Write it only to a file
    /// that its owner alone can read, and never to a log.
    public func secretState() -> [UInt8] {
        let document: JSONValue = [
            "format": .string(TPMSession.stateFormat), "idScope": .string(idScope),
            "registrationId": .string(registrationId), "key": .string(key.withBytes { Base64Text.encode($0) }),
            "endorsementKey": .string(endorsementKey), "storageRootKey": .string(storageRootKey),
        ]
        return Array(JSONText.line(document).utf8) + [0x0A]
    }

    /// The session from what ``secretState()`` wrote.
    public init(secretState bytes: [UInt8]) throws(StateFault) {
        guard bytes.count <= TPMSession.largestState else { throw StateFault(description: "too large for a session") }
        guard let document = try? JSONValue(utf8: bytes), document["format"]?.text == TPMSession.stateFormat else {
            throw StateFault(description: "not a session of this version")
        }
        guard let scope = document["idScope"]?.text, let id = document["registrationId"]?.text,
            let text = document["key"]?.text
        else { throw StateFault(description: "a part of the session is missing") }
        guard let key = try? Base64Text.decode(text, limit: 64), key.count == 32 else {
            throw StateFault(description: "the session's key is not 32 bytes of base64")
        }
        self.init(
            idScope: scope,
            registrationId: id,
            key: SecretBytes(key),
            endorsementKey: document["endorsementKey"]?.text ?? "",
            storageRootKey: document["storageRootKey"]?.text ?? ""
        )
    }
}

extension TPMSession: CustomStringConvertible, CustomReflectable {
    /// What may be shown.
    public var description: String { "TPM session for \(Shown.short(registrationId)), key not shown" }

    /// Nothing beside the description.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
