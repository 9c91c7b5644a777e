/// The key of one device of a symmetric-key enrollment group.
///
/// `Base64(HMAC-SHA256(Base64Decode(group key), UTF-8(registration id)))`, with the id exactly as given: no change of
/// case, no line end (DPS documentation, symmetric key attestation; the service's own samples agree).
public enum DerivedKey {
    /// Derives the device key, 32 bytes.
    public static func derive(groupKey: SecretBytes, registrationID: String) -> SecretBytes {
        SecretBytes(groupKey.hmacSHA256(registrationID.utf8))
    }

    /// The key as devices are given it: 44 characters of base64.
    ///
    /// The result is key material in clear text: write it only where the caller asked for it.
    public static func clearText(groupKey: SecretBytes, registrationID: String) -> String {
        Base64Text.encode(groupKey.hmacSHA256(registrationID.utf8))
    }
}
