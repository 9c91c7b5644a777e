import ArgumentParser
import EventStore
import Reports

/// How the accounting of what was read is told, and when it fails a run.
struct AccountingOptions: ParsableArguments {
    @Flag(name: .long, help: "Print the accounting as one JSON object, instead of anything else.")
    var json = false

    @Option(
        name: .long,
        help: ArgumentHelp("Exit 2 when more than this share of records is rejected.", valueName: "percent")
    )
    var maxRejectRate: Double?

    /// Whether what was read is not all that should have been.
    func isIncomplete(_ report: IngestReport) -> Bool { Accounting.isIncomplete(report, maxRejectRate: maxRejectRate) }
}
