/// The registration id that the device SDKs give a TPM when the user gives none.
public enum TPMRegistrationID {
    /// Lower-case base32 without padding of the SHA-256 over the endorsement key as it is sent, 52 characters.
    ///
    /// The size bytes are part of what is hashed. The id is a convention of the SDKs: DPS takes any id that is enrolled.
    public static func derived(from endorsementKey: TPMPublicKey) -> String {
        base32(StableHash.sha256(endorsementKey.wire))
    }

    /// Base32 (RFC 4648, section 6) in lower case, without padding.
    static func base32(_ bytes: [UInt8]) -> String {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)
        var text: [UInt8] = []
        var bits = 0
        var count = 0
        for byte in bytes {
            bits = (bits << 8 | Int(byte)) & 0xFFF
            count += 8
            while count >= 5 {
                count -= 5
                text.append(alphabet[bits >> count & 31])
            }
        }
        if count > 0 { text.append(alphabet[bits << (5 - count) & 31]) }
        return String(decoding: text, as: UTF8.self)
    }
}
