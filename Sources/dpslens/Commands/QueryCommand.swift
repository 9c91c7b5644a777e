import ArgumentParser
import Basics
import EventStore
import Glibc
import Reports

/// Asks the database a question in SQL.
struct QueryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query",
        abstract: "Ask the database a question in SQL; nothing can be changed.",
        discussion: """
            Examples:
              dpslens query queries/failures-by-code.sql --db fleet.db
              dpslens query --sql 'SELECT outcome, count(*) FROM attempts GROUP BY outcome' --format csv

            The views are described in docs/schema.md.
            """
    )

    @Argument(help: ArgumentHelp("A file with one SELECT.", valueName: "file.sql"))
    var file: String?

    @Option(name: .long, help: ArgumentHelp("The SELECT itself.", valueName: "text"))
    var sql: String?

    @OptionGroup var format: FormatOption<DataFormat>

    @OptionGroup var cells: CellOption

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
            let text = try sql ?? InputFile.text(file ?? "")
            let opened = try LogDatabase.open(database.path, .readOnly)
            format.word.put(try QueryRunner.ask(text, in: opened, within: limits), raw: cells.raw)
        }
    }
}
