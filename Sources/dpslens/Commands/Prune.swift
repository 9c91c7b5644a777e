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

    @Option(name: .long, help: ArgumentHelp("Keep events of this long before the newest: 90d, 12w.", valueName: "span"))
    var keep: String

    @OptionGroup var database: DatabaseOption

    @Flag(name: .long, help: "Also where more than half of the events go.")
    var force = false

    @Option(name: .long, help: ArgumentHelp("Wait this long for another writer.", valueName: "seconds"))
    var wait = 0

    func validate() throws {
        if Span.microseconds(keep) == nil { throw ValidationError("`\(keep)` is no span; use 90d, 12w or 48h.") }
    }

    func run() async throws {
        try await Failure.reporting {
            _ = try LogDatabase.open(database.path, .readOnly)
            let lock = try DatabaseLock(
                for: database.path,
                owner: "dpslens prune",
                now: TimeArgument.now(),
                waiting: wait
            )
            defer { withExtendedLifetime(lock) {} }
            let opened = try LogDatabase.open(database.path)
            let retention = try Retention.of(Span.microseconds(keep) ?? 0, now: TimeArgument.now(), in: opened)
            guard let retention else {
                Standard.output("pruned nothing: there are no events\n")
                return
            }
            if retention.isLarge, !force { throw RefusedRun(retention.refusal) }
            let outcome = try FindingHistory.prune(before: retention.cutoff, in: opened)
            Standard.output(
                "pruned \(outcome.events) events and \(outcome.attempts) attempts; kept \(outcome.evidence) records that findings cite\n"
            )
        }
    }
}
