import ArgumentParser
import EventStore
import Findings
import Reports

/// Writes rules as another engine runs them.
struct RulesRenderCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render",
        abstract: "Write the SELECTs of rules for another engine.",
        discussion: """
            Comments and hints are taken out, parameters become numbers. The tables are those that `dpslens export` writes.
            With --format jsonl each rule is an object with `rule`, `needs`, `views` (what it may
            read) and `sql`.

            Examples:
              dpslens rules render registration-loop --set registration-loop.count=8
              dpslens rules render --dialect duckdb --format jsonl
            """
    )

    @Argument(help: "Names of rules; all if none is given.")
    var names: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "A value in the place of a default, as RULE.PARAMETER=NUMBER; repeatable.",
            valueName: "value"
        )
    )
    var set: [ParameterValue] = []

    @Option(name: .long, help: ArgumentHelp("The engine that runs the SELECTs.", valueName: "engine"))
    var dialect = RenderDialect.spark

    @OptionGroup var format: FormatOption<RenderFormat>

    @OptionGroup var ruleOptions: RuleOptions

    func run() async throws {
        try await Failure.reporting {
            let rules = try ruleOptions.load()
            for name in names where rules.entry(name) == nil { throw NotFound.rule(name, rules) }
            for value in set {
                let card = rules.entry(value.rule)?.card
                guard let card else { throw NotFound.rule(value.rule, rules) }
                guard card.parameters.contains(where: { $0.name == value.parameter }) else {
                    let known = card.parameters.map(\.name).joined(separator: ", ")
                    throw InvalidInput(
                        "\(value.rule) has no parameter \(value.parameter); it has \(known.isEmpty ? "none" : known)"
                    )
                }
            }
            let overrides = Dictionary(set.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
            var refused: [String] = []
            var out = ""
            for entry in rules.chosen(names).entries {
                do {
                    let sql = try RuleRendering.render(entry.card, overrides, for: dialect.rendering)
                    out += format.word.text(entry.card, sql)
                } catch let error as RuleError {
                    refused.append(error.description)
                }
            }
            Standard.output(out)
            for refusal in refused { Standard.say(refusal) }
            if !refused.isEmpty { throw Exit.invalid }
        }
    }
}

/// The engine that rules are written for.
enum RenderDialect: String, ExpressibleByArgument, CaseIterable {
    case spark
    case duckdb
    case clickhouse

    /// As the renderer knows it.
    var rendering: RuleRendering.Dialect {
        switch self {
        case .spark: .spark
        case .duckdb: .duckdb
        case .clickhouse: .clickhouse
        }
    }
}

/// A parameter of a rule with its value.
struct ParameterValue: ExpressibleByArgument, Hashable {
    var rule: String
    var parameter: String
    var value: Int

    /// `rule.parameter`.
    var name: String { "\(rule).\(parameter)" }

    init?(argument: String) {
        let sides = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard sides.count == 2, let value = Int(sides[1]), let point = sides[0].firstIndex(of: ".") else { return nil }
        rule = String(sides[0][..<point])
        parameter = String(sides[0][sides[0].index(after: point)...])
        self.value = value
        if rule.isEmpty || parameter.isEmpty { return nil }
    }
}

/// How rendered rules are written.
enum RenderFormat: String, FormatWord {
    case sql
    case jsonl

    static let standard = sql

    /// One rule.
    func text(_ card: RuleCard, _ sql: String) -> String {
        switch self {
        case .sql: return "-- \(card.name)\n\(sql);\n\n"
        case .jsonl:
            let views = RuleRendering.views(sql).joined(separator: ", ")
            let row: [Cell] = [.text(card.name), .text(card.needs.joined(separator: ", ")), .text(views), .text(sql)]
            return DataText.jsonLines(ResultTable(columns: ["rule", "needs", "views", "sql"], rows: [row]))
        }
    }
}
