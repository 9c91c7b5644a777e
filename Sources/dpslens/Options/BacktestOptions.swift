import ArgumentParser
import Basics
import EventStore
import Findings
import Reports

/// Which nights a back-test of rules looks at, and how it is printed.
struct BacktestOptions: ParsableArguments {
    @Option(
        name: .long,
        parsing: .unconditional,
        help: ArgumentHelp("With --against-db: the first night. Default: 30d.", valueName: "time"),
        transform: TimeArgument.parse
    )
    var since: TimeArgument?

    @Option(
        name: .long,
        parsing: .unconditional,
        help: ArgumentHelp("With --against-db: the last night. Default: the newest.", valueName: "time"),
        transform: TimeArgument.parse
    )
    var until: TimeArgument?

    @OptionGroup var format: FormatOption<DataFormat>
    @OptionGroup var lock: LockOption

    /// Prints what the rules would have said.
    ///
    /// - Throws: `InvalidInput` (exit 4) for a rule that fails, `StoreError` (exit 3).
    func run(_ rules: RuleSet, _ names: [String], _ database: DatabaseOption) throws {
        let now = TimeArgument.now()
        let chosen = rules.chosen(names)
        let opened = try AnalysisRun(path: database.path, rules: rules, wait: lock.seconds).openCurrent()
        let nights = try RuleBacktest.nights(
            of: chosen,
            since: since?.microseconds(now: now) ?? now - 30 * Microseconds.day,
            until: until?.microseconds(now: now) ?? now,
            in: opened
        )
        // For a person the nights on which a rule of many says nothing would hide those on which it does.
        let shown = format.word == .table && chosen.entries.count > 1 ? nights.filter { $0.findings > 0 } : nights
        let rows: [[Cell]] = shown.map { night in
            [
                .text(night.date), .text(night.rule), .integer(Int64(night.findings)), .integer(Int64(night.subjects)),
                .integer(Int64(night.new)),
            ]
        }
        let columns = ["night", "rule", "findings", "subjects", "new"]
        let dates = Set(nights.map(\.date)).count
        if format.word != .table || !rows.isEmpty {
            format.word.put(ResultTable(columns: columns, rows: rows), raw: false)
        }
        if format.word == .table {
            Standard.output(
                dates == 0
                    ? "No events in this time; see `dpslens coverage` for what the database holds.\n"
                    : "\(dates) nights, \(nights.reduce(0) { $0 + $1.new }) different findings\n"
            )
        }
    }
}
