import ArgumentParser
import Audit
import Basics
import EventStore
import Findings

/// Removes old events.
struct PruneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Remove old events; what open findings rest on, and findings' history, are kept.",
        discussion: """
            Example:
              dpslens prune --keep 90d --dry-run --db fleet.db

            The ledger of files stays: what was read once is not read again.
            """
    )

    @Option(name: .long, help: ArgumentHelp("Keep events of this long before the newest: 90d, 12w.", valueName: "span"))
    var keep: String

    @Flag(name: .long, help: "Say what would go and what would stay, and change nothing.")
    var dryRun = false

    @OptionGroup var database: DatabaseOption
    @OptionGroup var rules: RuleOptions

    @Flag(name: .long, help: "Also where more than half of the events go.")
    var force = false
    @OptionGroup var lock: LockOption

    func validate() throws {
        if TimeSpan.microseconds(keep) == nil { throw ValidationError("`\(keep)` is no span; use 90d, 12w or 48h.") }
    }

    func run() async throws {
        try await Failure.reporting {
            _ = try LogDatabase.open(database.path, .readOnly)
            let held = try DatabaseLock(
                for: database.path,
                owner: "dpslens prune",
                now: TimeArgument.now(),
                waiting: lock.seconds
            )
            defer { withExtendedLifetime(held) {} }
            let rules = try rules.load()
            let opened = try LogDatabase.open(database.path)
            let retention = try Retention.of(TimeSpan.microseconds(keep) ?? 0, now: TimeArgument.now(), in: opened)
            guard let retention else {
                Standard.output("pruned nothing: there are no events\n")
                return
            }
            if retention.isLarge, !force, !dryRun { throw RefusedRun(retention.refusal) }
            // What is open is to be known before anything goes.
            _ = try AnalysisRun(path: database.path, rules: rules, wait: lock.seconds).refresh(opened)
            let outcome = try FindingHistory.prune(
                before: retention.cutoff,
                rules: rules,
                isTrial: dryRun,
                in: opened
            )
            let (goes, stays) = dryRun ? ("would prune", "would keep") : ("pruned", "kept")
            Standard.output(
                "\(goes) \(outcome.events) events and \(outcome.attempts) attempts; \(stays) \(outcome.evidence) records that"
                    + " findings cite, and all \(outcome.sparedEvents) older records of \(outcome.spared) ids with open"
                    + " findings and of changes\n"
            )
        }
    }
}
