/// What DPS would decide, with every step and, after a refusal, the mistakes that explain it.
public struct Verdict: Sendable {
    /// The decision.
    public enum Decision: String, Sendable, CaseIterable {
        /// The device gets a hub.
        case assigned
        /// The device is turned away.
        case rejected
        /// The device is known and its enrollment is disabled.
        case disabled
        /// The device is let in, but no hub can be given.
        case failed
        /// A TPM is asked to prove itself.
        case challenge
        /// Something that decides is missing or cannot be read.
        case cannotVerify
    }

    /// An enrollment, named.
    public struct EnrollmentName: Sendable, Equatable {
        /// Of one device or of a group.
        public let kind: Enrollment.Kind
        /// Its id.
        public let id: String

        /// A name of its parts.
        public init(kind: Enrollment.Kind, id: String) {
            self.kind = kind
            self.id = id
        }
    }

    /// The decision.
    public var decision: Decision
    /// The HTTP status of the answer to the register call; nil where there is none.
    public var httpStatus: Int?
    /// DPS's number: in the answer, or for `failed` in the registration's state.
    public var errorCode: Int?
    /// DPS's text, or what is missing.
    public var message: String
    /// The enrollment that decided.
    public var enrollment: EnrollmentName?
    /// What was looked at, in order.
    public var steps: [CheckStep]
    /// The hub, if it is certain.
    public var assignedHub: String?
    /// The hubs it may be.
    public var candidateHubs: [Allocation.Candidate]
    /// The device id at the hub.
    public var deviceID: String?
    /// How the assignment comes about, as the service records it; nil if it depends on the hub.
    public var substatus: String?
    /// What becomes of the twin; nil if it depends on the hub.
    public var twin: String?
    /// The session to remember after a challenge; never part of the JSON.
    public var tpmSession: TPMSession?
    /// The mistakes that explain a refusal, best first.
    public var diagnosis: [Diagnosis]
    /// The answers a device would get: `register`, `poll` and `final`.
    public var response: JSONValue

    init(_ decision: Decision, status: Int?, code: Int? = nil, message: String) {
        self.decision = decision
        httpStatus = status
        errorCode = code
        self.message = message
        steps = []
        candidateHubs = []
        diagnosis = []
        response = [:]
    }

    /// The verdict as the JSON of the contract; members that have no value are left out.
    public var json: JSONValue {
        var members: [String: JSONValue] = [
            "decision": .string(decision.rawValue),
            "message": .string(message),
            "steps": .steps(steps),
            "diagnosis": .array(
                diagnosis.map {
                    [
                        "mistake": .string($0.mistake), "confidence": .string($0.confidence.rawValue),
                        "explanation": .string($0.explanation), "fix": .string($0.fix),
                        "compared": .string($0.compared),
                    ]
                }
            ),
            "candidateHubs": .array(
                candidateHubs.map { candidate in
                    var members: [String: JSONValue] = ["hub": .string(candidate.hub)]
                    if let probability = candidate.probability { members["probability"] = .number(probability) }
                    return .object(members)
                }
            ),
            "response": response,
        ]
        members["httpStatus"] = httpStatus.map { .integer(Int64($0)) }
        members["errorCode"] = errorCode.map { .integer(Int64($0)) }
        members["enrollment"] = enrollment.map { ["kind": .string($0.kind.rawValue), "id": .string($0.id)] }
        members["assignedHub"] = assignedHub.map { .string($0) }
        members["deviceId"] = deviceID.map { .string($0) }
        members["substatus"] = substatus.map { .string($0) }
        members["twin"] = twin.map { .string($0) }
        return .object(members)
    }
}

extension JSONValue {
    /// Steps as the contract writes them.
    public static func steps(_ steps: [CheckStep]) -> JSONValue {
        .array(
            steps.map {
                ["step": .string($0.step), "result": .string($0.result.rawValue), "detail": .string($0.detail)]
            }
        )
    }
}
