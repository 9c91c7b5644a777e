/// What a key of a record means.
struct KeyMeaning: Hashable, Sendable {
    /// The slot it fills; nil for a key that is not known or is left out.
    var slot: FieldSlot?
    /// Whether it only fills the slot if no better key does.
    var isWeak = false
    /// Whether it says nothing of the event and stays out of the fingerprint.
    var isDropped = false
    /// Whether a shipper may have put a record there.
    var mayWrap = false
    /// Whether only rows that the Azure CLI prints have it.
    var marksCLI = false
}

/// How one kind of object spells its keys: a pure function from a key to its meaning.
enum Spellings: Sendable {
    /// The members of a record: the raw log, Log Analytics, and the flat record of the retired operations monitoring.
    case record
    /// The members of `properties` and of `AdditionalFields`.
    case properties
    /// The members of `authType`.
    case authentication

    /// The meaning of a key.
    func meaning(of key: String) -> KeyMeaning {
        switch self {
        case .record: Self.recordMeaning(key)
        case .properties: Self.propertyMeaning(key.lowercased())
        case .authentication: Self.authenticationMeaning(key.lowercased())
        }
    }

    private static func recordMeaning(_ key: String) -> KeyMeaning {
        let lower = key.lowercased()
        if let slot = ResourceLogDialect.keys[lower] { return KeyMeaning(slot: slot) }
        if let meaning = LogAnalyticsDialect.meaning(of: lower) { return meaning }
        if let slot = FlatHubDialect.keys[lower] { return KeyMeaning(slot: slot, isWeak: true) }
        return KeyMeaning(mayWrap: Wrapper.keys.contains(lower))
    }

    private static func propertyMeaning(_ lower: String) -> KeyMeaning {
        KeyMeaning(slot: PropertyKeys.keys[lower])
    }

    private static func authenticationMeaning(_ lower: String) -> KeyMeaning {
        switch lower {
        case "type": KeyMeaning(slot: .authType)
        case "scope": KeyMeaning(slot: .authScope)
        case "issuer": KeyMeaning(slot: .authIssuer)
        default: KeyMeaning()
        }
    }
}
