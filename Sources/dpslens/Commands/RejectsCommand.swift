import ArgumentParser
import EventStore
import Reports

/// What could not be read.
struct RejectsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rejects",
        abstract: "List what could not be read, with file, line, reason and a sample.",
        discussion: "Line 0 is the file itself: truncated, damaged, over a limit, or unreadable."
    )

    @OptionGroup var database: DatabaseOption
    @OptionGroup var redaction: RedactionOption

    @OptionGroup var format: FormatOption<DataFormat>

    @Option(name: .long, help: ArgumentHelp("At most this many; 0 for all.", valueName: "n"))
    var limit = 100

    func run() async throws {
        try await Failure.reporting {
            let key = try redaction.key()
            let opened = try LogDatabase.open(database.path, .readOnly)
            let bound = limit > 0 ? " LIMIT \(limit)" : ""
            let sql =
                "SELECT file, line, offset, reason, detail, sample FROM rejects ORDER BY file, line, offset" + bound
            var table = try QueryRunner.run(sql, in: opened)
            if let redactor = try Redactor(key, opened, []) {
                table = redactor.table(table, ["file": .file, "detail": .text, "sample": .sample])
            }
            if format.word == .table {
                Standard.output(
                    table.rows.isEmpty
                        ? "No rejects.\n"
                        : TableText.render(table, width: ScreenOptions.tableWidth, keeping: ["file", "line", "reason"])
                )
            } else {
                format.word.put(table, raw: false)
            }
            let all = try QueryRunner.run("SELECT COUNT(*) FROM rejects", in: opened)
            if case .integer(let count) = all.rows[0][0], count > table.rows.count {
                Standard.error("\(table.rows.count) of \(count) shown; --limit 0 shows all\n")
            }
        }
    }
}
