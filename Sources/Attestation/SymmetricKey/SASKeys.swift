/// The keys that may have signed a token, in the order they are tried.
public struct SASKeys: Sendable {
    /// One key and where it stands in its enrollment.
    public struct Candidate: Sendable {
        /// `primary`, `secondary`, or another name when there is only one.
        public let name: String
        /// The key.
        public let key: SecretBytes
    }

    /// The keys that are known, first tried first.
    public let candidates: [Candidate]
    /// Whether these are all the keys there are; if not, a signature that fits none proves nothing.
    public let isComplete: Bool

    /// The two keys of an enrollment; a key that an export does not show is nil.
    public init(primary: SecretBytes?, secondary: SecretBytes?) {
        candidates =
            [("primary", primary), ("secondary", secondary)]
            .compactMap { name, key in key.map { Candidate(name: name, key: $0) } }
        isComplete = primary != nil && secondary != nil
    }

    /// The one key there is, as in a TPM session.
    public init(only key: SecretBytes, name: String) {
        candidates = [Candidate(name: name, key: key)]
        isComplete = true
    }

    init(candidates: [Candidate], isComplete: Bool) {
        self.candidates = candidates
        self.isComplete = isComplete
    }

    /// The keys of one device of a group that holds these keys.
    public func derived(for registrationID: String) -> SASKeys {
        SASKeys(
            candidates: candidates.map {
                Candidate(
                    name: $0.name,
                    key: DerivedKey.derive(groupKey: $0.key, registrationID: registrationID)
                )
            },
            isComplete: isComplete
        )
    }
}
