/// Reads the base64 keys that enrollments hold.
public enum EnrollmentKey {
    /// Why a text is not an enrollment key; never repeats the text.
    public enum Fault: Error, Equatable, Sendable, CustomStringConvertible {
        /// Begins with a byte order mark, as some editors write it.
        case byteOrderMark
        /// Has a backslash and a letter where a line should end.
        case literalLineEnd
        /// Is a PEM text.
        case pem
        /// Not base64.
        case notBase64(Base64Text.Fault)
        /// Decodes, but to a length DPS does not take.
        case length(Int)

        /// What is wrong and what would be right.
        public var description: String {
            switch self {
            case .byteOrderMark: "the key begins with a byte order mark; take that away"
            case .literalLineEnd: "the key has a literal \\n where a line should end; take that away"
            case .pem: "the key is a PEM text; DPS shows an enrollment's key as base64 alone"
            case .notBase64(let fault): "the key is not base64: \(fault)"
            case .length(let count): "the key has \(count) bytes; DPS takes 16 to 64"
            }
        }
    }

    /// Decodes a key of 16 to 64 bytes (DPS documentation, symmetric key attestation).
    ///
    /// White space around and inside is forgiven, as the service's decoder does.
    public static func read(_ text: String) throws(Fault) -> SecretBytes {
        if text.unicodeScalars.first?.value == 0xFEFF { throw .byteOrderMark }
        if text.contains("\\n") || text.contains("\\r") { throw .literalLineEnd }
        if text.contains("-----BEGIN") { throw .pem }
        let bytes: [UInt8]
        do {
            bytes = try Base64Text.decode(text, forgiving: .dotnet, limit: 1_024)
        } catch {
            throw .notBase64(error)
        }
        guard (16...64).contains(bytes.count) else { throw .length(bytes.count) }
        return SecretBytes(bytes)
    }
}
