/// What a DPS registry can say about a rule's findings: a word of the card's key `registry` (docs/rules-format.md).
public enum RegistryTopic: String, Sendable, Hashable, CaseIterable {
    /// DPS refused a device's symmetric key.
    case refusedKey = "refused-key"
    /// DPS refused a device's certificate.
    case refusedCertificate = "refused-certificate"
    /// DPS refused a TPM's endorsement key.
    case refusedEndorsementKey = "refused-endorsement-key"
    /// DPS knew no enrollment for the device.
    case notEnrolled = "not-enrolled"
    /// DPS answered that the device's enrollment is disabled.
    case disabled
    /// DPS refused the devices of a group or a batch.
    case refusedGroup = "refused-group"
    /// Something is wrong between a device and its hub.
    case hub
    /// The device is at another hub than it should be.
    case otherHub = "other-hub"
    /// The hub may no longer be linked.
    case unlinkedHub = "unlinked-hub"
    /// The hub may take no part in allocation.
    case allocation
    /// The hub refused what may be the device's certificate.
    case hubCertificate = "hub-certificate"
    /// Nobody may know the device.
    case unknownIdentity = "unknown-identity"
    /// DPS does not reach its hub.
    case linkedHub = "linked-hub"

    /// The topics of devices that DPS turned away.
    static let refusals: Set<RegistryTopic> = [
        .refusedKey, .refusedCertificate, .refusedEndorsementKey, .notEnrolled, .disabled,
    ]

    /// The topics of a card's value, with commas between; nil for a word that is none.
    static func parse(_ text: String) -> Set<RegistryTopic>? {
        let words = text.split(separator: ",").map { $0.drop(while: \.isWhitespace) }.map { word in
            String(word.reversed().drop(while: \.isWhitespace).reversed())
        }
        let topics = words.compactMap { RegistryTopic(rawValue: $0) }
        return topics.count == words.count && !words.isEmpty ? Set(topics) : nil
    }
}

/// How an attempt may end short of its hub, as reports count it: a word of the card's key `end`.
public enum AttemptEnd: String, Sendable, Hashable, CaseIterable {
    /// DPS refused it.
    case failed
    /// Its enrollment is disabled.
    case disabled
    /// DPS throttled it.
    case throttled
    /// The hub refused the device.
    case refused
    /// The device went to another hub.
    case elsewhere
    /// No hub saw the device.
    case silent
}
