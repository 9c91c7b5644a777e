/// What came out of checking a token.
public struct SASVerdict: Equatable, Sendable {
    /// The outcome.
    public enum Outcome: Equatable, Sendable {
        /// Everything holds, and this key signed it.
        case accepted(key: String)
        /// The text is not a token.
        case malformed
        /// The token's time is over by more than the allowed skew.
        case expired
        /// The signature is of a known key, but for another audience.
        case wrongAudience
        /// No key made this signature.
        case badSignature
        /// The signature fits none of the keys that are known, and not all keys are known.
        case keysNotShown
    }

    /// The outcome.
    public let outcome: Outcome
    /// Which key made the signature, whatever else is wrong; nil if none.
    public let signingKey: String?
    /// What was looked at: all checks run, so that one answer names everything that is wrong.
    public let steps: [CheckStep]

    /// Whether the token was accepted.
    public var isAccepted: Bool {
        if case .accepted = outcome { true } else { false }
    }

    /// A verdict made of its parts.
    public init(outcome: Outcome, signingKey: String?, steps: [CheckStep]) {
        self.outcome = outcome
        self.signingKey = signingKey
        self.steps = steps
    }
}
