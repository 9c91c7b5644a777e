import ArgumentParser
import EventStore
import Glibc
import Reports

/// Asks the database a question in SQL.
struct Query: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query",
        abstract: "Ask the database a question in SQL; nothing can be changed.",
        discussion: """
            Examples:
              dpslens query queries/failures-by-code.sql --db fleet.db
              dpslens query --sql 'SELECT outcome, count(*) FROM attempts GROUP BY outcome' --format csv

            The tables and views are described in docs/schema.md.
            """
    )

    @Argument(help: ArgumentHelp("A file with one SELECT.", valueName: "file.sql"))
    var file: String?

    @Option(name: .long, help: ArgumentHelp("The SELECT itself.", valueName: "text"))
    var sql: String?

    @Option(name: .long, help: ArgumentHelp("table, csv, json or jsonl.", valueName: "format"))
    var format = DataFormat.table

    @Flag(name: .long, help: "Leave CSV cells that a spreadsheet would run as they are.")
    var raw = false

    @Option(
        name: [.long, .customLong("rule-timeout")],
        help: ArgumentHelp(
            "End a question that takes longer; exit 3. 0 for no limit. Default: 300, none on a terminal.",
            valueName: "seconds"
        )
    )
    var timeout: Double?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "End a question that gives more rows; exit 3. 0 for no limit. Default: 1000000, none on a terminal.",
            valueName: "n"
        )
    )
    var maxRows: Int?

    @OptionGroup var database: DatabaseOption

    func validate() throws {
        guard (file == nil) != (sql == nil) else { throw ValidationError("Give either a file or --sql TEXT.") }
        if let timeout { try RuleLimitOptions.check(timeout, "--timeout") }
        if let maxRows { try RuleLimitOptions.check(Double(maxRows), "--max-rows") }
    }

    /// A person at a terminal sees that it takes long, and ends it; a script would wait for ever.
    private var limits: StatementLimits {
        let isSeen = isatty(STDOUT_FILENO) == 1
        return StatementLimits(
            seconds: timeout.map { $0 > 0 ? $0 : nil } ?? (isSeen ? nil : 300),
            rows: maxRows.map { $0 > 0 ? $0 : nil } ?? (isSeen ? nil : 1_000_000)
        )
    }

    func run() async throws {
        try await Failure.reporting {
            let text = try sql ?? TextFile.read(file ?? "")
            let opened = try LogDatabase.open(database.path, .readOnly)
            format.put(try QueryRunner.ask(text, in: opened, within: limits), raw: raw)
        }
    }
}

/// The formats of rows.
enum DataFormat: String, ExpressibleByArgument, CaseIterable {
    case table
    case csv
    case json
    case jsonl

    /// Writes the rows to standard output: a table for a person, the others as they are for a program.
    func put(_ table: ResultTable, raw: Bool) {
        let text = render(table, raw: raw)
        self == .table ? Standard.output(text) : Standard.data(text)
    }

    /// The rows as text.
    func render(_ table: ResultTable, raw: Bool) -> String {
        switch self {
        case .table: TableText.render(table)
        case .csv: DataText.csv(table, raw: raw)
        case .json: DataText.json(table)
        case .jsonl: DataText.jsonLines(table)
        }
    }
}
