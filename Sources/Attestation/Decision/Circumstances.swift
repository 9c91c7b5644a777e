/// What the decision depends on beside the registry and the request, handed in because the room asks nobody.
public struct Circumstances: Sendable {
    /// Round-trip times from the device to hubs, in milliseconds by host name.
    public var latencies: [String: Double] = [:]
    /// What the webhook answered, if it was asked.
    public var webhookAnswer: WebhookAnswer?
    /// Whether the instance's rate limit is used up.
    public var isThrottled = false
    /// Whether the same id is being registered at this moment.
    public var isBeingRegistered = false
    /// Hubs that refuse the instance's credential, by host name.
    public var hubsRefusingDPS: Set<String> = []
    /// Linked hubs that no longer exist, by host name.
    public var missingHubs: Set<String> = []
    /// Random bytes for operation ids, tracking ids and TPM challenges; without them the ids follow from the request.
    public var randomness: [UInt8] = []
    /// Group keys that are not in the registry, such as those of before a regeneration; used for diagnosis alone.
    public var otherGroupKeys: [SecretBytes] = []
    /// The session of an earlier TPM challenge, which a token of a TPM is checked against.
    public var tpmSession: TPMSession?
    /// Whether refused requests are searched for known mistakes.
    public var diagnoses = true

    /// Nothing out of the ordinary.
    public init() {}
}
