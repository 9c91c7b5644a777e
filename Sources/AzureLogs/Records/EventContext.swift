/// What happened, in one word.
public enum EventKind: String, BitwiseCopyable, Sendable, CaseIterable {
    /// A device asked DPS to be provisioned.
    case registration
    /// A device asked a hub for a connection.
    case connect
    /// A connection to a hub ended.
    case disconnect
    /// An enrollment or registration record was read or changed through the DPS service API.
    case serviceOperation = "service-operation"
    /// A device identity of a hub was read or changed; hubs log failures only.
    case identityOperation = "identity-operation"
    /// Any other error that a hub logged.
    case hubError = "hub-error"
    /// An operation that is not known, in a category that is.
    case other
}

/// The service that wrote a record.
public enum LogService: String, Sendable {
    case dps
    case hub
    case unknown = ""
}

/// The texts that many records share, in their canonical form and with what they mean.
public struct EventContext: Sendable, Hashable {
    /// What happened.
    public var kind = EventKind.other
    /// How it ended.
    public var outcome = EventOutcome.unknown
    /// The six-digit code; else the HTTP status; nil if neither was logged.
    public var code: Int?
    /// What stands behind it if it failed; nil if it did not.
    public var failure: FailureClass?
    /// Who wrote it.
    public var service = LogService.unknown
    /// The name of the DPS instance or hub, in lower case.
    public var instance = ""
    /// The canonical texts in the order of `columns`.
    public var texts: [String]
    /// Whether the record is of a category that dpslens does not use.
    public var isIgnored = false

    /// The columns of table `context` that hold `texts`.
    public static let columns = [
        "resource_id", "category", "operation", "operation_version", "result_type", "result_signature",
        "result_description", "level", "location", "protocol", "record_type", "assigned_hub", "enrollment_group",
        "enrollment_type", "attestation", "status", "substatus", "error_code", "error_message", "status_code",
        "auth_type", "auth_scope", "auth_issuer", "allocation_policy", "id_scope", "module",
    ]

    /// Makes the context of a record from its texts as they stood there.
    ///
    /// - Parameter verbatim: one text a column, empty where nothing was logged.
    public init(verbatim: [String]) {
        texts = verbatim
        texts.append(contentsOf: repeatElement("", count: max(0, Self.columns.count - texts.count)))
        redact()
        canonicalise()
        Classification.classify(&self)
    }

    /// The category, in its documented spelling if it is a known one.
    public var category: String { self[.category] }

    /// The category, nil for one that is not known.
    public var knownCategory: LogCategory? { LogCategory(folding: category) }

    /// The name under which a record that is not used is counted.
    public var ignoredName: String {
        category.isEmpty ? "without a category" : String(SecretRedaction.redact(category).prefix(100))
    }

    /// Whether the record tells of nothing but a success, so that its text need not be kept.
    public var isPlainSuccess: Bool {
        switch outcome {
        case .connected, .closed, .assigned, .accepted, .assigning: kind != .serviceOperation
        default: false
        }
    }

    /// A hash of the content, the same for every spelling of it.
    public var fingerprint: UInt64 {
        var hash: UInt64 = 0x6470_736C_656E_73
        for (index, text) in texts.enumerated() where !text.isEmpty {
            hash = Fingerprint.mix(hash ^ UInt64(index &+ 1), Fingerprint.hash(text, seed: UInt64(index)) | 1)
        }
        return hash
    }

    /// Leaves out the two texts that may be different in every record.
    public mutating func dropMessages() {
        self[.resultDescription] = ""
        self[.errorMessage] = ""
    }

    subscript(slot: FieldSlot) -> String {
        get { texts[slot.rawValue] }
        set { texts[slot.rawValue] = newValue }
    }

    /// Takes secrets out: whoever writes a message may put anything into it.
    private mutating func redact() {
        for (index, text) in texts.enumerated() where SecretRedaction.mayHoldSecret(text) {
            texts[index] =
                Self.names.contains(index) ? SecretRedaction.redactName(text) : SecretRedaction.redact(text)
        }
    }

    /// Texts that name something; two names are not one because their secrets are gone.
    private static let names: Set<Int> = Set(
        [FieldSlot.assignedHub, .enrollmentGroup, .idScope, .module].map(\.rawValue)
    )

    /// Brings what compares without case into one case, and names into the form in which they join.
    private mutating func canonicalise() {
        self[.resourceId] = self[.resourceId].lowercased()
        self[.category] = LogCategory.canonical(self[.category])
        self[.assignedHub] = Self.hubName(self[.assignedHub])
        let attestation = self[.attestation].lowercased()
        self[.attestation] =
            ["symmetrickey": "symmetricKey", "symmetric": "symmetricKey", "x509": "x509", "tpm": "tpm"][attestation]
            ?? self[.attestation]
        for slot in [FieldSlot.status, .substatus, .enrollmentType] where self[slot].allSatisfy(\.isASCII) {
            self[slot] = Self.lowerFirst(self[slot])
        }
    }

    /// The hub's name without its domain: `Hub1.azure-devices.net` is `hub1`, as in the hub's resource id.
    ///
    /// A scheme before it, a port or a path behind it say nothing of the hub.
    public static func hubName(_ hostName: String) -> String {
        var name = hostName.lowercased()[...]
        for scheme in ["https://", "amqps://", "mqtts://", "sb://"] where name.hasPrefix(scheme) {
            name = name.dropFirst(scheme.count)
        }
        return String(name.prefix { $0 != "." && $0 != ":" && $0 != "/" })
    }

    private static func lowerFirst(_ text: String) -> String {
        guard let first = text.first else { return text }
        return first.lowercased() + text.dropFirst()
    }
}
