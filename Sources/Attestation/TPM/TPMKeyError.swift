/// Why an endorsement or storage root key is not taken; every message names the key and the field.
public enum TPMKeyError: Error, Equatable, Sendable, CustomStringConvertible {
    /// No text at all.
    case empty(key: String)
    /// The text is not base64.
    case notBase64(key: String, Base64Text.Fault)
    /// The bytes are not one TPM2B_PUBLIC with nothing after it.
    case malformed(key: String, problem: String)
    /// A field has a value that the scheme cannot work with.
    case unsupported(key: String, field: String)
    /// A challenge could be made, but whoever holds the key might not be a TPM: a rule of this library alone.
    ///
    /// Whether DPS insists on the same is not known.
    case untrusted(key: String, problem: String)
    /// Not the number of random bytes that a challenge takes.
    case randomness

    /// What is wrong, in words.
    public var description: String {
        switch self {
        case .empty(let key): "the \(key) is empty"
        case .notBase64(let key, let fault): "the \(key) is not base64: \(fault)"
        case .malformed(let key, let problem): "the \(key) is not a TPM2B_PUBLIC: \(problem)"
        case .unsupported(let key, let field): "the \(key) has an unsuitable \(field)"
        case .untrusted(let key, let problem): "the \(key) may not belong to a TPM: \(problem)"
        case .randomness: "a challenge needs \(TPMChallenge.randomByteCount) random bytes"
        }
    }
}
