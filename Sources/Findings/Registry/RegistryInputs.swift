public import Attestation
import Basics

/// What is handed in beside the logs: registries, keys that they do not show, and requests of devices.
public struct RegistryInputs: Sendable {
    /// A request and where it stands.
    public struct Request: Sendable {
        /// What the device presented.
        public var request: AttestationRequest
        /// `file:line`.
        public var evidence: String

        /// A request of a place.
        public init(_ request: AttestationRequest, evidence: String) {
            self.request = request
            self.evidence = evidence
        }
    }

    /// The instances, with the keys of the file of group keys filled in.
    public var registries: [Registry]
    /// `file:0` of the registry: JSON has no lines that last.
    public var evidence: String
    /// Group keys that found no place in the registry.
    public var otherGroupKeys: [SecretBytes]
    /// Whether a file of group keys was given.
    public var hasGroupKeys: Bool
    /// The requests in the order of their file.
    public var requests: [Request]
    /// Whether a file of requests was given.
    public var hasRequests: Bool
    /// Values in the place of the checks' defaults, by `check.parameter`; others are passed over.
    public var parameters: [String: Int]

    /// Inputs of a registry alone, to which the rest is added.
    public init(_ registries: [Registry], file: String) {
        self.registries = registries
        evidence = file + ":0"
        otherGroupKeys = []
        hasGroupKeys = false
        requests = []
        hasRequests = false
        parameters = [:]
    }

    /// Adds group keys: what has a place in the registry is filled in, the rest serves comparison and diagnosis.
    public mutating func add(_ file: GroupKeyFile) {
        (registries, otherGroupKeys) = Registry.filling(registries, file)
        hasGroupKeys = true
    }

    /// Whether a key of any group is known.
    var showsGroupKeys: Bool {
        !otherGroupKeys.isEmpty
            || registries.flatMap(\.groups).contains { group in
                if case .symmetricKey(let keys) = group.attestation { !keys.keys.candidates.isEmpty } else { false }
            }
    }
}

/// Ids of one instance are compared without case (DPS documentation, service concepts).
func folded(_ id: String) -> String { ASCII.lowercased(id) }

/// A hub's name as the logs' views have it: lower case, without the domain.
func shortHub(_ host: String) -> String {
    folded(String(host.split(separator: ".", maxSplits: 1).first ?? ""))
}

/// An id of an export, short enough to stand in a sentence.
func shortened(_ text: String) -> String { text.count <= 80 ? text : text.prefix(79) + "…" }
