/// A known mistake that explains why a device was not accepted.
public struct Diagnosis: Codable, Equatable, Sendable {
    /// How sure an explanation is.
    public enum Confidence: String, Codable, Sendable, CaseIterable, Comparable {
        /// The mistake reproduces what the device presented, bit for bit.
        case certain
        /// The facts point to it and to little else.
        case likely
        /// The facts allow it.
        case possible

        /// Surest first.
        public static func < (left: Confidence, right: Confidence) -> Bool { left.rank < right.rank }

        private var rank: Int {
            switch self {
            case .certain: 0
            case .likely: 1
            case .possible: 2
            }
        }
    }

    /// The mistake's short name, such as `M4`; two mistakes made together are joined with `+`.
    public let mistake: String
    /// How sure.
    public let confidence: Confidence
    /// What went wrong, in a sentence or two.
    public let explanation: String
    /// What to do about it.
    public let fix: String
    /// What was compared with what; never key material.
    public let compared: String

    /// One mistake with what is known of it.
    public init(mistake: String, confidence: Confidence, explanation: String, fix: String, compared: String) {
        self.mistake = mistake
        self.confidence = confidence
        self.explanation = explanation
        self.fix = fix
        self.compared = compared
    }
}
