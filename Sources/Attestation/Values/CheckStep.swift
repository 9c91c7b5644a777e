/// One thing that was looked at on the way to a decision.
public struct CheckStep: Codable, Equatable, Sendable {
    /// How a step came out.
    public enum Result: String, Codable, Sendable {
        /// It holds.
        case pass
        /// It does not hold.
        case fail
        /// It was not looked at, and the detail says why.
        case notChecked
    }

    /// What was looked at, a few words that stay the same from run to run.
    public let step: String
    /// How it came out.
    public let result: Result
    /// What was compared or what is missing; never key material.
    public let detail: String

    /// One step with its result.
    public init(_ step: String, _ result: Result, _ detail: String) {
        self.step = step
        self.result = result
        self.detail = detail
    }
}
