import ArgumentParser
import EventStore

/// When reading gives up, and what is kept.
struct ReadingOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("Reject records longer than this.", valueName: "bytes"))
    var maxRecordBytes = 16 << 20

    @Option(name: .long, help: ArgumentHelp("Stop a file that inflates to more than this.", valueName: "bytes"))
    var maxInflatedBytes = 64 << 30

    @Option(
        name: .long,
        help: ArgumentHelp("Stop a file that inflates to more than this many times its size.", valueName: "n")
    )
    var maxRatio = 1000

    @Option(
        name: .long,
        help: ArgumentHelp(
            "How dates such as 05/11/2025 are read that their file leaves open.",
            valueName: "order"
        )
    )
    var dateOrder: DateOrderArgument?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The zone of times marked as local: +01:00, or a name such as Europe/Berlin.",
            valueName: "zone"
        )
    )
    var timeZone: TimeZoneArgument?

    @Flag(name: .long, help: "Read files that the ledger knows once more, as after a prune.")
    var again = false

    @Flag(name: .long, help: "Do not keep the raw text of errors in the database.")
    var dropRaw = false

    /// The importer's options.
    var ingest: IngestOptions {
        var options = IngestOptions()
        options.maxRecordBytes = max(1, maxRecordBytes)
        options.maxInflatedBytes = max(1, maxInflatedBytes)
        options.maxRatio = max(1, maxRatio)
        options.keepsRaw = !dropRaw
        options.dateOrder = dateOrder?.order
        options.timeZone = timeZone?.zone
        options.readsAgain = again
        return options
    }
}
