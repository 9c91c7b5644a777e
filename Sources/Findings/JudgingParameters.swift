import Basics
public import Correlation
public import EventStore
public import GRDB

/// What rules and correlation judge by in the place of their defaults, as the last audit of a database was configured.
///
/// It is kept in the database: a command that cannot be given parameters judges by those of the nights, and does not undo what
/// they found. It does not keep which rules of an operator's own there were: these are files, and `--rules` names them.
public struct JudgingParameters: Sendable, Hashable {
    /// Values of rules' parameters, by `rule.parameter`.
    public var rules: [String: Int]
    /// The spans of the correlation.
    public var correlation: CorrelationConfiguration

    /// Parameters; without any, the defaults.
    public init(
        rules: [String: Int] = [:],
        correlation: CorrelationConfiguration = CorrelationConfiguration()
    ) {
        self.rules = rules
        self.correlation = correlation
    }

    private typealias Span = WritableKeyPath<CorrelationConfiguration, Int64> & Sendable

    /// The spans that a configuration may set, by their keys in it.
    private static let spans: [(name: String, span: any Span)] = [
        ("correlation.connect_window", \.connectWindow), ("correlation.attempt_gap", \.attemptGap),
        ("correlation.clock_skew", \.skew),
    ]

    /// A hundred years in microseconds: no span is longer, and nothing overflows that one is added to.
    private static let longest: Int64 = 36_525 * Microseconds.day

    /// What is not a default, as `name=value` in the order of the names; spans in microseconds.
    public var words: [String] {
        let usual = CorrelationConfiguration()
        let spans = Self.spans.filter { correlation[keyPath: $0.span] != usual[keyPath: $0.span] }
            .map { "\($0.name)=\(correlation[keyPath: $0.span])" }
        return (spans + rules.map { "\($0.key)=\($0.value)" }).sorted()
    }

    /// The parameters that a database keeps; the defaults where it keeps none.
    ///
    /// - Throws: `DatabaseError`, or `StoreError` for what no build of this program writes.
    public static func kept(_ connection: Database) throws -> JudgingParameters {
        let sql = "SELECT value FROM setting WHERE name = 'parameters'"
        let text = try String.checkedOne(connection, sql: sql) ?? ""
        var parameters = JudgingParameters()
        for word in text.split(separator: "\n") {
            guard let equals = word.lastIndex(of: "="), let value = Int64(word[word.index(after: equals)...]) else {
                throw StoreError.damaged("the parameters of its audits are none")
            }
            let name = String(word[..<equals])
            if let span = spans.first(where: { $0.name == name })?.span {
                guard (0...longest).contains(value) else { throw StoreError.damaged("\(name) is \(value)") }
                parameters.correlation[keyPath: span] = value
            } else {
                parameters.rules[name] = Int(value)
            }
        }
        return parameters
    }

    /// The same, by a look at a database.
    public static func kept(in database: LogDatabase) throws -> JudgingParameters {
        try database.access.read { try kept($0) }
    }

    /// Keeps these for the commands that come after; what is kept already is not written again.
    ///
    /// - Throws: `DatabaseError`.
    public func keep(in database: LogDatabase) throws {
        if try Self.kept(in: database) == self { return }
        try database.access.write { connection in
            try connection.execute(
                sql: "INSERT OR REPLACE INTO setting(name, value) VALUES('parameters', ?)",
                arguments: [words.joined(separator: "\n")]
            )
        }
    }
}
