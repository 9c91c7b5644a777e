import AzureLogs
import Basics
import Correlation
public import EventStore
public import Findings
import GRDB
import Glibc
import LogIngest
public import Reports

/// The nightly job: read what is new, judge the window, keep the night, write its outputs, prune.
///
/// The caller holds the database's lock. What is kept is written in one transaction once the outputs stand beside their
/// final place: a run that fails before leaves neither a night nor a report. One that fails behind it, since a report cannot be
/// put in its place, leaves the night kept without it; the run ends in the error, and the same night run again writes it.
public struct AuditRun: Sendable {
    /// What to do.
    public var configuration: AuditConfiguration
    /// The rules.
    public var rules: RuleSet
    /// What is accepted for a time.
    public var suppressions: [Suppression]
    /// The end of the window, microseconds since 1970.
    public var now: Int64
    /// This build, for the outputs.
    public var version: String
    /// The key of the pseudonyms in the outputs; nil to leave the names.
    public var redactionKey: RedactionKey?
    /// The clock's time at which the run began, microseconds since 1970; `now` may be a night of the past.
    public var clock: Int64
    /// Whether a night of the future, and a prune of most of what is there, are meant.
    public var isForced = false
    /// What DPS knows, if it was given.
    public var registry: RegistryInputs?

    /// A run.
    public init(
        _ configuration: AuditConfiguration,
        rules: RuleSet,
        suppressions: [Suppression],
        now: Int64,
        clock: Int64? = nil,
        version: String,
        redactionKey: RedactionKey? = nil,
        registry: RegistryInputs? = nil
    ) {
        self.configuration = configuration
        self.rules = rules
        self.suppressions = suppressions
        self.now = now
        self.clock = clock ?? now
        self.version = version
        self.redactionKey = redactionKey
        self.registry = registry
    }

    /// Parameters that no rule and no check has or takes, each as one sentence.
    public var unknownParameters: [String] {
        let known =
            rules.entries.flatMap { entry in entry.card.parameters.map { "\(entry.card.name).\($0.name)" } }
            + RegistryChecks.parameters
        let problems = RegistryChecks.problems(configuration.parameters)
        return problems
            + configuration.parameters.keys.sorted().filter { !known.contains($0) }.map { name in
                let near = known.map { ($0, EditDistance.between($0, name)) }.filter { $0.1 <= 4 }
                    .min { ($0.1, $0.0) < ($1.1, $1.0) }
                let hint = near.map { "; did you mean `\($0.0)`?" } ?? "; see `dpslens rules show NAME`"
                return "no rule has the parameter `\(name)`\(hint)"
            }
    }

    /// Does the night's work.
    ///
    /// - Parameters:
    ///   - database: opened for writing.
    ///   - progress: called with bytes and files that were read.
    /// - Returns: what came of it; with a key, without names.
    /// - Throws: what the rooms below throw; then nothing of the night is kept, or all of it and a report is missing.
    public func perform(
        _ database: LogDatabase,
        progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
    ) async throws -> AuditResult {
        let files = try InputFiles.list(configuration.inputs)
        let read = try await Importer.run(files, into: database, options: configuration.ingest, progress: progress)
        let (nights, changed, pruned) = try await database.access.read {
            (try FindingHistory.nights($0), try Revision.arrivedSince($0), try Pruner.prunedBefore($0))
        }
        let own = AuditNight.night(at: now, configuration, after: nights, changedSince: changed)
        try await refuseFuture(database)
        let run = "\(Timestamp.format(microseconds: clock - clock % 1_000_000)) process \(getpid())"
        let outputs = AuditOutputs(configuration, rules: rules, version: version, run: run)
        try outputs.check(own.date)
        let isAgain = nights.contains { $0.date == own.date }
        let ingest = try NightBalance.of(
            read,
            before: isAgain ? outputs.summary(of: own.date)?.ingest : nil,
            isFirst: nights.isEmpty,
            database
        )
        // Commands that show the night's findings judge by the same parameters.
        let parameters = JudgingParameters(rules: configuration.parameters, correlation: configuration.correlation)
        try parameters.keep(in: database)
        var analysis = try Analysis.refresh(
            database,
            rules: rules,
            overrides: configuration.parameters,
            configuration: configuration.correlation
        )
        try Task.checkCancellation()
        if let registry {
            analysis = try await RegistryMeeting.of(analysis, registry, at: now, database, rules: rules)
        }
        let judge = NightJudge(
            rules: rules,
            suppressions: suppressions,
            registry: registry,
            own: own.date,
            pruned: pruned,
            analysis: analysis
        )
        let chain = AuditNight.chain(of: own, configuration, among: nights, prunedBefore: pruned)
        let judged = try await database.access.read { try judge.judge(chain, among: nights, $0) }
        guard var result = try await result(of: own.date, judged, analysis, ingest, database) else {
            throw OutputError("night \(own.date)", because: "it was not judged")
        }
        result.readNow = read.lines
        result.isMadeAgain = isAgain
        result.untidy = SuppressionCheck.problems(
            suppressions,
            findings: analysis.findings + result.findings.map(\.finding),
            at: now
        )
        result.judgedAgain = judged.map(\.night.date).filter { $0 != own.date }
        let redactor = try redactor(result, database)
        try outputs.begin()
        let draft = try outputs.write(result, database, redactor)
        let again = RejudgedNights(run: self, outputs: outputs, judged: judged, analysis: analysis)
        var others: [RejudgedNights.Draft] = []
        do {
            (others, result.stale) = try await again.drafts(of: result.judgedAgain, database)
            try Task.checkCancellation()
            try await database.access.write { connection in
                try FindingHistory.record(judged, connection)
                // In the same transaction: what arrived is told by this night, or by the next run.
                try Revision.keepNight(connection)
                try NightBalance.keep(connection)
            }
        } catch {
            outputs.discard(draft)
            for other in others { outputs.discard(other.draft) }
            throw error
        }
        let kept = nights.map(\.date) + [own.date]
        do {
            try outputs.publish(draft, result, nights: kept)
            for other in others { try outputs.replace(other.draft, other.night) }
        } catch {
            // Those that stand in their places by now are not where they were drafted.
            outputs.discard(draft)
            for other in others { outputs.discard(other.draft) }
            throw error
        }
        try prune(database, &result)
        let newest = try await newestEvent(database)
        let (removed, spared, refusal) = try outputs.removeOld(
            before: own.date,
            from: min(newest ?? now, now, clock),
            nights: kept,
            isForced: isForced
        )
        result.removed = removed
        result.spared = spared
        if let refusal { result.refused.append(refusal) }
        try outputs.publishIndex(database)
        return redactor.map(result.redacted) ?? result
    }

    /// What came of a night that was judged.
    ///
    /// - Parameter ingest: what was read for it.
    /// - Returns: nil if it is none of them.
    func result(
        of date: String,
        _ judged: [(night: Night, findings: [TrackedFinding])],
        _ analysis: AnalysisResult,
        _ ingest: IngestReport,
        _ database: LogDatabase
    ) async throws -> AuditResult? {
        guard let (night, tracked) = judged.first(where: { $0.night.date == date }) else { return nil }
        let open = Set(tracked.filter { $0.state.isFound }.map(\.finding.id))
        let incidents = analysis.incidents.filter { $0.findings.contains(where: open.contains) }
        let absence = try await database.access.read {
            try RecordAbsence.of($0, from: night.isSilent ? night.began : night.window.from, to: night.window.to - 1)
        }
        var result = AuditResult(
            night: night,
            ingest: ingest,
            findings: tracked,
            incidents: incidents,
            skipped: analysis.skipped,
            absence: absence,
            incomplete: (absence.map { [$0.text] } ?? []) + (try await incomplete(ingest, night, database)),
            folder: configuration.folder + "/" + night.date
        )
        (result.trend, result.incidentTrends) = try await database.access.read {
            try NightTrend.of(incidents, judged, until: night.date, $0)
        }
        return result
    }

    /// What takes the names out of a night's outputs; nil to leave them.
    func redactor(_ result: AuditResult, _ database: LogDatabase) throws -> Redactor? {
        guard let redactionKey else { return nil }
        let shown = Redactor.identifiers(result.findings.map(\.finding), result.incidents)
        // A stream that is required and missing is named by the configuration alone.
        let required = configuration.requiredStreams.map { KnownIdentifier(.hub, $0) }
        return Redactor(redactionKey, try KnownIdentifier.load(database) + shown + required)
    }

    private func incomplete(_ ingest: IngestReport, _ night: Night, _ database: LogDatabase) async throws -> [String] {
        var reasons: [String] = []
        if Accounting.isIncomplete(ingest, maxRejectRate: configuration.rejectedLimit) {
            reasons.append("\(ingest.rejected) of \(ingest.lines) records and \(ingest.filesRejected) files rejected")
        }
        let required = configuration.requiredStreams
        if required.isEmpty { return reasons }
        let covered = try await database.access.read {
            try ObservationCheck(night.window, rules, $0).coveredInstances
        }
        reasons += required.filter { !covered.contains($0) }.map { "logs of \($0) do not cover the window" }
        return reasons
    }

    private func newestEvent(_ database: LogDatabase) async throws -> Int64? {
        try await database.access.read { try Int64.checkedOne($0, sql: "SELECT max(time) FROM event") }
    }

    /// A night ends in the future if it ends more than a day after both the clock and the newest event.
    ///
    /// A day, so that the date of today, which means its end, is none.
    ///
    /// - Throws: `RefusedRun`.
    private func refuseFuture(_ database: LogDatabase) async throws {
        if isForced { return }
        let newest = try await newestEvent(database)
        let latest = max(newest ?? clock, clock)
        guard now - latest > Microseconds.day else { return }
        let last = newest.map { ", and the newest event is of \(Timestamp.format(microseconds: $0))" } ?? ""
        throw RefusedRun(
            "the night would end at \(Timestamp.format(microseconds: now)), which is in the future: it is"
                + " \(Timestamp.format(microseconds: clock - clock % 1_000_000))\(last). Mend --as-of or the clock, or give --force"
        )
    }

    private func prune(_ database: LogDatabase, _ result: inout AuditResult) throws {
        guard let keep = configuration.keepEvents,
            let retention = try Retention.of(keep, now: min(now, clock), in: database)
        else { return }
        if retention.isLarge, !isForced {
            result.refused.append(retention.refusal)
            return
        }
        result.pruned = try FindingHistory.prune(before: retention.cutoff, rules: rules, in: database)
    }
}
