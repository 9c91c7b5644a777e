import ArgumentParser
import EventStore
import Findings
import Reports

/// What was read, and how it went.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show what was read: files, records, what was ignored and rejected."
    )

    @OptionGroup var database: DatabaseOption

    @Flag(name: .long, help: "Print the accounting over all files as one JSON object.")
    var json = false

    func run() async throws {
        try await Failure.reporting {
            let opened = try LogDatabase.open(database.path, .readOnly)
            let status = try StoreStatus.load(opened)
            if json { return Standard.data(Accounting.json(status.totals)) }
            let parameters = try JudgingParameters.kept(in: opened).words
            let absence = try RecordAbsence.of(opened)
            Standard.output(StatusScreen.render(status, absence: absence, parameters: parameters))
        }
    }
}
