/// Says how an enrolled endorsement key differs from the presented one, because "not equal" helps nobody.
///
/// DPS compares the decoded bytes; everything in here only explains a refusal.
struct TPMKeyComparison: Sendable, Equatable {
    /// How the two differ.
    enum Kind: Sendable, Equatable {
        case same
        /// One of them ends too early.
        case cutOff
        /// The same TPM's key, or one of the same form, made after another template: other attributes, policy or algorithm.
        case otherTemplate
        /// The enrolled value is no TPM2B_PUBLIC of an endorsement key at all.
        case otherForm
        /// Two whole keys of one template with different contents.
        case otherKey
        /// The presented key cannot be read, so nothing is said of the difference.
        case unknown
    }

    let kind: Kind
    let words: String

    private init(_ kind: Kind, _ words: String) {
        self.kind = kind
        self.words = words
    }

    /// Compares the enrolled bytes with those that the device sent.
    init(enrolled: [UInt8], presented: [UInt8], storageRootKey: [UInt8]?) {
        self =
            Self.simple(enrolled, presented, storageRootKey)
            ?? Self.shortened(enrolled, presented, "the enrolled key")
            ?? Self.shortened(presented, enrolled, "the presented key")
            ?? Self.different(enrolled, presented)
    }

    /// What is wrong with a key that is the enrolled one and cannot be used; nil if nothing shows.
    init?(useless key: [UInt8]) {
        guard let cut = Self.announced(key, "the key, as presented and as enrolled,") else { return nil }
        self = cut
    }

    private static func simple(_ enrolled: [UInt8], _ presented: [UInt8], _ storageRootKey: [UInt8]?) -> Self? {
        if enrolled == presented { return Self(.same, "the presented key is the enrolled one") }
        if enrolled.isEmpty { return Self(.otherForm, "the enrolled key is empty") }
        if presented.isEmpty { return Self(.cutOff, "the presented key is empty") }
        if let storageRootKey, enrolled == storageRootKey {
            return Self(.otherForm, "the enrolled key is this TPM's storage root key, not its endorsement key")
        }
        if enrolled == Array(presented.dropFirst(2)) {
            return Self(
                .otherForm,
                "the enrolled key lacks the two bytes of size in front (TPMT_PUBLIC instead of TPM2B_PUBLIC)"
            )
        }
        if presented == Array(enrolled.dropFirst(2)) {
            return Self(
                .otherForm,
                "the presented key lacks the two bytes of size in front (TPMT_PUBLIC instead of TPM2B_PUBLIC)"
            )
        }
        return nil
    }

    /// Whether one key is the beginning of the other, or announces more bytes than it has.
    private static func shortened(_ key: [UInt8], _ other: [UInt8], _ name: String) -> Self? {
        if key.count < other.count, other.starts(with: key) {
            return Self(
                .cutOff,
                "\(name) is cut off: it is the first \(key.count) of \(other.count) bytes of the other"
            )
        }
        return announced(key, name)
    }

    /// Whether a key announces more bytes than it has, whatever it is compared with.
    private static func announced(_ key: [UInt8], _ name: String) -> Self? {
        guard key.count > 4, key[2] == 0, key[3] == 0x01 || key[3] == 0x23 else { return nil }
        let said = Int(key[0]) << 8 | Int(key[1])
        guard said > key.count - 2, said < 4_096 else { return nil }
        return Self(.cutOff, "\(name) is cut off: its size field says \(said) bytes, and \(key.count - 2) follow")
    }

    private static func different(_ enrolled: [UInt8], _ presented: [UInt8]) -> Self {
        let name = "the enrolled key"
        guard let key = try? TPMPublicKey(wire: presented, called: "endorsement key") else {
            if template(presented) != nil, template(presented) != template(enrolled) {
                return Self(.otherTemplate, "the two keys were made after different templates")
            }
            return Self(.unknown, "the presented key is not the enrolled one")
        }
        if contains(enrolled, key.modulus) {
            return form(enrolled).map {
                Self(.otherForm, "\(name) is \($0) of this TPM's endorsement key, not its TPM2B_PUBLIC")
            } ?? Self(.otherTemplate, "\(name) has this TPM's modulus, but other attributes or another exponent field")
        }
        if let form = form(enrolled) { return Self(.otherForm, "\(name) is \(form), not a TPM2B_PUBLIC") }
        if enrolled.starts(with: [0x00, 0x0B]), enrolled.count == 34 {
            return Self(
                .otherForm,
                enrolled == key.name
                    ? "\(name) is the name of this TPM's endorsement key, not the key"
                    : "\(name) is a TPM name, not a key"
            )
        }
        guard let other = template(enrolled) else {
            return Self(.otherForm, "\(name) cannot be read as a TPM2B_PUBLIC")
        }
        guard other == template(presented) else {
            return Self(
                .otherTemplate,
                "\(name) was made after another template (\(algorithm(enrolled)), with other attributes, policy or sizes)"
                    + " than the presented one"
            )
        }
        return Self(
            .otherKey,
            "the presented key is not the enrolled one: another TPM, or its endorsement seed was changed"
        )
    }

    private static func algorithm(_ key: [UInt8]) -> String { key[3] == 0x23 ? "ECC" : "RSA" }

    /// Everything of a public area that comes before the key itself, without the size; nil if it is none.
    ///
    /// TPM 2.0 Library, part 2, 12.2.4: type, name algorithm, attributes, policy, parameters, unique.
    private static func template(_ key: [UInt8]) -> [UInt8]? {
        guard key.count > 14, Int(key[0]) << 8 | Int(key[1]) == key.count - 2, key[2] == 0 else { return nil }
        let parameters = 12 + (Int(key[10]) << 8 | Int(key[11]))
        // Symmetric algorithm (6 bytes, or 2 without one), scheme, then size and exponent for RSA, curve and KDF for ECC.
        guard key.count > parameters + 2 else { return nil }
        let symmetric = key[parameters] == 0 && key[parameters + 1] == 0x10 ? 2 : 6
        switch key[3] {
        case 0x01: return Array(key[2..<min(key.count, parameters + symmetric + 8)])
        case 0x23: return Array(key[2..<min(key.count, parameters + symmetric + 6)])
        default: return nil
        }
    }

    /// Formats other than a TPM's own that tools write keys in.
    private static func form(_ bytes: [UInt8]) -> String? {
        if bytes.starts(with: Array("-----BEGIN".utf8)) { return "a PEM text" }
        // A DER sequence of more than 255 bytes; a certificate begins with another sequence, a public key with a short one.
        guard bytes.count > 6, bytes[0] == 0x30, bytes[1] == 0x82 else { return nil }
        return bytes[4] == 0x30 && bytes[5] == 0x82 ? "the certificate" : "the DER public key"
    }

    /// Whether one run of bytes stands inside another; both are bounded by the size of a key.
    private static func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
        guard let first = part.first, bytes.count >= part.count, bytes.count <= 8_192 else { return false }
        return (0...bytes.count - part.count).contains { start in
            bytes[start] == first && bytes[start..<start + part.count].elementsEqual(part)
        }
    }
}
