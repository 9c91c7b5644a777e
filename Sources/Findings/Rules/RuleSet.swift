import Basics
public import EventStore

/// The rules of a run: the built-in ones and a user's own, which are their equals.
public struct RuleSet: Sendable {
    /// A rule's files as text.
    public struct Source: Sendable, Hashable {
        /// The name of the `.sql` file, for messages.
        public var file: String
        /// The rule.
        public var sql: String
        /// The text of the cases beside it, nil if there are none.
        public var cases: String?

        /// A rule's files.
        public init(file: String, sql: String, cases: String?) {
            self.file = file
            self.sql = sql
            self.cases = cases
        }
    }

    /// A rule with its cases.
    public struct Entry: Sendable {
        /// The rule.
        public var card: RuleCard
        /// The file's text.
        var text: String
        /// The cases' text.
        public var cases: String?
        /// The file's name, for messages.
        public var file: String
    }

    /// The rules in the order of their names.
    public let entries: [Entry]
    /// How long each of them may take, and how many rows it may give.
    public var limits = RuleSet.standardLimits

    /// Five minutes and two million rows: far beyond what a rule takes over a large fleet, and still an end.
    public static let standardLimits = StatementLimits(seconds: 300, rows: 2_000_000)

    /// Reads rules; one of a user's takes the place of a built-in one of its name.
    ///
    /// - Throws: `RuleError` for the first file that cannot be used.
    public init(_ sources: [Source]) throws(RuleError) {
        var byName: [String: Entry] = [:]
        for source in sources {
            let card = try RuleCardParser.parse(source.sql, file: source.file)
            byName[card.name] = Entry(card: card, text: source.sql, cases: source.cases, file: source.file)
        }
        entries = byName.values.sorted { $0.card.name < $1.card.name }
    }

    /// The built-in rules and others.
    ///
    /// - Throws: `RuleError`, also for a rule that takes the name of a registry check.
    public static func builtIn(and others: [Source] = []) throws(RuleError) -> RuleSet {
        let rules = try RuleSet(BuiltInRules.sources + others)
        for entry in rules.entries where RegistryChecks.names.contains(entry.card.name) {
            throw RuleError(
                entry.file,
                "`\(entry.card.name)` is the name of a registry check; give the rule another name"
            )
        }
        return rules
    }

    /// Some of the rules, by their names; all for none.
    public func chosen(_ names: [String]) -> RuleSet {
        RuleSet(entries: entries.filter { names.isEmpty || names.contains($0.card.name) }, limits: limits)
    }

    private init(entries: [Entry], limits: StatementLimits) {
        self.entries = entries
        self.limits = limits
    }

    /// The rule of a name.
    public func entry(_ name: String) -> Entry? { entries.first { $0.card.name == name } }

    /// The titles of rules and registry checks by their names, for reports.
    public var titles: [String: String] {
        let cards = entries.map(\.card) + RegistryChecks.cards
        return Dictionary(cards.map { ($0.name, $0.title) }, uniquingKeysWith: { rule, _ in rule })
    }

    /// The known name that is most like a mistyped one; nil if none is near.
    public func suggestion(for name: String) -> String? {
        EditDistance.nearest(name, in: entries.map(\.card.name) + RegistryChecks.names)
    }

    /// A text that changes when any rule does, be it in a number or a severity of its card.
    var digest: String { entries.map(\.text).joined(separator: "\0") }
}
