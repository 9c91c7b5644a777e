import ArgumentParser
import Audit
import EventStore
import Findings

/// Removes old events.
struct Prune: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Remove old events; findings' history and the records they cite are kept.",
        discussion: """
            Example:
              dpslens prune --keep 90d --db fleet.db

            The ledger of files stays: what was read once is not read again.
            """
    )

    @Option(name: .long, help: ArgumentHelp("Keep events of this long before now: 90d, 12w.", valueName: "span"))
    var keep: String

    @OptionGroup var database: DatabaseOption

    @Option(name: .long, help: ArgumentHelp("Wait this long for another writer.", valueName: "seconds"))
    var wait = 0

    func validate() throws {
        if Span.microseconds(keep) == nil { throw ValidationError("`\(keep)` is no span; use 90d, 12w or 48h.") }
    }

    func run() async throws {
        try await Failure.reporting {
            let before = TimeArgument.now() - (Span.microseconds(keep) ?? 0)
            _ = try LogDatabase.open(database.path, .readOnly)
            let lock = try DatabaseLock(
                for: database.path,
                owner: "dpslens prune",
                now: TimeArgument.now(),
                waiting: wait
            )
            defer { withExtendedLifetime(lock) {} }
            let outcome = try FindingHistory.prune(before: before, in: LogDatabase.open(database.path))
            Standard.output(
                "pruned \(outcome.events) events and \(outcome.attempts) attempts; kept \(outcome.evidence) records that findings cite\n"
            )
        }
    }
}
