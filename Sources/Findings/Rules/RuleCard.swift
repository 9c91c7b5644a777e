public import Basics

/// What a rule file says of itself, in the comments at its top.
public struct RuleCard: Sendable, Hashable {
    /// A number that a rule works with.
    public struct Parameter: Sendable, Hashable {
        /// The name, as `:name` in the SQL.
        public var name: String
        /// The default.
        public var value: Int
        /// What it means.
        public var meaning: String
        /// The values for which the rule sees everything that it should.
        public var range: ClosedRange<Int> = 0...Int.max
    }

    /// The rule's name, which is the file's.
    public var name: String
    /// What holds when it fires.
    public var title: String
    /// How bad that is.
    public var severity: Severity
    /// Whom it is about: `device`, `enrollment-group`, `hub`, `dps`, `fleet`.
    public var subjectKind: String
    /// How sure it is, unless the SQL says otherwise.
    public var confidence: String
    /// Its numbers.
    public var parameters: [Parameter]
    /// The logs it needs: `dps`, `hub`, `files`.
    public var needs: [String]
    /// The longer texts by their keys: `why`, `causes`, `fix`, `not this`, `references`, `summary`.
    public var texts: [String: String]
    /// The rules whose findings may share a cause carry the same word; the rule's own name unless the card says.
    public var family: String
    /// Whether what it says holds until something contradicts it, however long ago it was seen.
    ///
    /// A device that was assigned and never connected is still missing a week later; a burst of connects is over.
    public var holds: Bool
    /// The errors of which its findings speak; none for a rule about something else.
    public var errors: [ErrorScope] = []
    /// Whether its findings stand only where no other rule's names the same errors.
    public var isCatchAll = false
    /// What its findings say did not happen; none for a rule about what was seen alone.
    public var absence: [AbsenceClaim] = []
    /// What a registry can say about its findings; none for a rule of which a registry knows nothing.
    public var registry: Set<RegistryTopic> = []
    /// The end of attempts that its findings explain; nil for a rule about something else.
    public var end: AttemptEnd?
    /// Whether its devices loop or flap, so that reports draw them before others.
    public var isRestless = false
    /// What it counts in views that hold only what is worth a look.
    public var watches: [WatchClaim] = []
    /// The SELECT.
    public var sql: String

    /// The texts that every card has.
    public static let requiredTexts = ["why", "causes", "fix", "not this", "references", "summary"]

    /// All keys of a card, in the order in which they are told.
    public static let keys =
        [
            "rule", "title", "severity", "subject", "confidence", "family", "holds", "errors", "catch-all", "absence",
            "watches", "registry", "end", "restless", "parameter", "needs",
        ] + requiredTexts

    /// What to do.
    public var fix: String { texts["fix"] ?? "" }
}

/// A rule file that cannot be used: where, what, and what to do.
public struct RuleError: DocumentFault {
    /// One line for a person.
    public let description: String

    /// A fault in words.
    public init(description: String) { self.description = description }
}
