/// Says how an enrolled endorsement key differs from the presented one, because "not equal" helps nobody.
///
/// DPS compares the decoded bytes; everything in here only explains a refusal.
enum TPMKeyComparison {
    /// What the enrolled bytes are, next to what the device sent.
    static func explain(enrolled: [UInt8], presented: [UInt8], storageRootKey: [UInt8]?) -> String {
        if enrolled == presented { return "the presented key is the enrolled one" }
        if enrolled.isEmpty { return "the enrolled key is empty" }
        if let storageRootKey, enrolled == storageRootKey {
            return "the enrolled key is this TPM's storage root key, not its endorsement key"
        }
        if enrolled == Array(presented.dropFirst(2)) {
            return "the enrolled key lacks the two bytes of size in front (TPMT_PUBLIC instead of TPM2B_PUBLIC)"
        }
        if presented == Array(enrolled.dropFirst(2)) {
            return "the presented key lacks the two bytes of size in front (TPMT_PUBLIC instead of TPM2B_PUBLIC)"
        }
        let name = "the enrolled key"
        guard let key = try? TPMPublicKey(wire: presented, called: "endorsement key") else {
            return "the presented key is not the enrolled one"
        }
        if contains(enrolled, key.modulus) {
            return form(enrolled).map { "\(name) is \($0) of this TPM's endorsement key, not its TPM2B_PUBLIC" }
                ?? "\(name) has this TPM's modulus, but other attributes or another exponent field"
        }
        if let form = form(enrolled) { return "\(name) is \(form), not a TPM2B_PUBLIC" }
        if enrolled.starts(with: [0x00, 0x0B]), enrolled.count == 34 {
            return enrolled == key.name
                ? "\(name) is the name of this TPM's endorsement key, not the key"
                : "\(name) is a TPM name, not a key"
        }
        return "the presented key is not the enrolled one: another TPM, or its endorsement seed was changed"
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
