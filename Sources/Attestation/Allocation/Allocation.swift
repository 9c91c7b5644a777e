/// Which hubs a registration may be given to, and how likely each is.
public struct Allocation: Sendable, Equatable {
    /// One hub that may be chosen.
    public struct Candidate: Sendable, Equatable {
        /// The host name.
        public let hub: String
        /// How likely, 0 to 1; nil where nothing outside DPS can tell.
        public let probability: Double?

        /// A candidate of its parts.
        public init(hub: String, probability: Double?) {
            self.hub = hub
            self.probability = probability
        }
    }

    /// A failure that a device learns of when it polls.
    public struct Failure: Sendable, Equatable {
        /// DPS's number.
        public let code: Int?
        /// DPS's text.
        public let message: String
    }

    /// The hubs that may be chosen; one if it is certain.
    public let candidates: [Candidate]
    /// The hub that this library's own stable hash picks, for those who must answer a device with one.
    public let pick: String?
    /// The failure, if no hub can be given.
    public let failure: Failure?
    /// Why nothing can be said, such as a webhook that was not asked.
    public let undecided: String?
    /// What the webhook sent along for the device.
    public let payload: JSONValue?
    /// The twin that the webhook wants.
    public let initialTwin: JSONValue?
    /// What was looked at.
    public let steps: [CheckStep]

    /// The hub, if it is certain.
    public var hub: String? { candidates.count == 1 ? candidates.first?.hub : nil }

    static func failed(_ code: Int?, _ message: String, _ steps: [CheckStep]) -> Allocation {
        Allocation(
            candidates: [],
            pick: nil,
            failure: Failure(code: code, message: message),
            undecided: nil,
            payload: nil,
            initialTwin: nil,
            steps: steps
        )
    }

    static func undecided(_ candidates: [Candidate], _ reason: String, _ steps: [CheckStep]) -> Allocation {
        Allocation(
            candidates: candidates,
            pick: nil,
            failure: nil,
            undecided: reason,
            payload: nil,
            initialTwin: nil,
            steps: steps
        )
    }
}

/// What a custom allocation webhook answered.
public enum WebhookAnswer: Sendable, Equatable {
    /// It answered with this status and, if it was JSON, this body.
    case answered(status: Int, body: JSONValue?)
    /// It could not be reached.
    case unreachable
}
