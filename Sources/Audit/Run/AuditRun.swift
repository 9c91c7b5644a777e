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
/// The caller holds the database's lock. The nights are recorded in one transaction once their reports are staged beside
/// their places: a run that fails before leaves neither a night nor a report. If a report then cannot be put in its place,
/// the night stays recorded without it; the run ends in the error, and the same night run again writes it.
public struct AuditRun: Sendable {
    /// What to do.
    public var configuration: AuditConfiguration
    /// The rules.
    public var rules: RuleSet
    /// What is accepted for a time.
    public var suppressions: [Suppression]
    /// The end of the window, microseconds since 1970; it may be that of a night of the past.
    public var nightEnd: Int64
    /// This build, for the outputs.
    public var version: String
    /// The key of the pseudonyms in the outputs; nil to leave the names.
    public var redactionKey: RedactionKey?
    /// The clock's time at which the run began, microseconds since 1970.
    public var now: Int64
    /// Whether a night of the future, and a prune of most of what is there, are meant.
    public var isForced = false
    /// What DPS knows, if it was given.
    public var registry: RegistryInputs?

    /// A run.
    public init(
        _ configuration: AuditConfiguration,
        rules: RuleSet,
        suppressions: [Suppression],
        nightEnd: Int64,
        now: Int64,
        version: String,
        redactionKey: RedactionKey? = nil,
        registry: RegistryInputs? = nil
    ) {
        self.configuration = configuration
        self.rules = rules
        self.suppressions = suppressions
        self.nightEnd = nightEnd
        self.now = now
        self.version = version
        self.redactionKey = redactionKey
        self.registry = registry
    }

    /// What is wrong with the parameters of rules and checks: names that there are not, and bad values; each as one sentence.
    public var parameterProblems: [String] {
        let known =
            rules.entries.flatMap { entry in entry.card.parameters.map { "\(entry.card.name).\($0.name)" } }
            + RegistryChecks.parameters
        let problems = RegistryChecks.problems(configuration.parameters)
        return problems
            + configuration.parameters.keys.sorted().filter { !known.contains($0) }.map { name in
                // Names have some thirty letters, of which a slip changes a few.
                let near = known.map { ($0, EditDistance.between($0, name)) }.filter { $0.1 <= 4 }
                    .min { ($0.1, $0.0) < ($1.1, $1.0) }
                let hint = near.map { "; did you mean `\($0.0)`?" } ?? "; see `dpslens rules show NAME`"
                return "no rule has the parameter `\(name)`\(hint)"
            }
    }

    /// Does the night's work, in an order that decides what a failure leaves.
    ///
    /// 1. Ingest. What was read stays, also where the night is refused then.
    /// 2. Look over the night's date and the places of its outputs, before any more work is done.
    /// 3. Analyse everything that the database holds.
    /// 4. Judge the night, all nights after it, and those before it to which late records belong.
    /// 5. Stage the reports beside their places.
    /// 6. Record the nights in one transaction. What fails up to here leaves neither a night nor a report.
    /// 7. Publish the reports, then prune and remove old reports. What fails here leaves the nights recorded.
    ///
    /// - Parameters:
    ///   - database: opened for writing.
    ///   - progress: called with bytes and files that were read.
    /// - Returns: what came of it; with a key, without names.
    /// - Throws: what the rooms below throw.
    public func perform(
        _ database: LogDatabase,
        progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
    ) async throws -> AuditResult {
        let files = try InputFiles.list(configuration.inputs)
        let read = try await Importer.run(files, into: database, options: configuration.ingest, progress: progress)
        let (nights, changed, pruned) = try await database.access.read {
            (try FindingHistory.nights($0), try Revision.arrivedSince($0), try Pruner.prunedBefore($0))
        }

        let tonight = AuditNight.night(at: nightEnd, configuration, after: nights, changedSince: changed)
        // No event is older, and a folder of such a date would not be known for a night by the next run.
        if nightEnd < 0 { throw RefusedRun("the clock says a time before 1970; mend it, or give --as-of") }
        try await refuseFuture(database)
        let label = "\(Timestamp.format(microseconds: now - now % Microseconds.second)) process \(getpid())"
        let outputs = AuditOutputs(configuration, rules: rules, version: version, run: label)
        try outputs.check(tonight.date)
        let isAgain = nights.contains { $0.date == tonight.date }
        let ingest = try NightBalance.of(
            read,
            before: isAgain ? outputs.summary(of: tonight.date)?.ingest : nil,
            isFirst: nights.isEmpty,
            database
        )

        let analysis = try await analyse(database)
        try Task.checkCancellation()

        let judge = NightJudge(
            rules: rules,
            suppressions: suppressions,
            registry: registry,
            own: tonight.date,
            pruned: pruned,
            analysis: analysis
        )
        let nightsToJudge = AuditNight.chain(of: tonight, configuration, among: nights, prunedBefore: pruned)
        let judged = try await database.access.read { try judge.judge(nightsToJudge, among: nights, $0) }
        guard var result = try await result(of: tonight.date, judged, analysis, ingest, database) else {
            throw OutputError("night \(tonight.date)", because: "it was not judged")
        }
        result.readNow = read.lines
        result.isMadeAgain = isAgain
        result.untidy = SuppressionCheck.problems(
            suppressions,
            findings: analysis.findings + result.findings.map(\.finding),
            at: nightEnd
        )
        result.judgedAgain = judged.map(\.night.date).filter { $0 != tonight.date }

        let redactor = try redactor(result, database)
        try outputs.begin()
        var staged = [try outputs.stage(result, database, redactor)]
        let kept = nights.map(\.date) + [tonight.date]
        do {
            let others = RejudgedNights(run: self, outputs: outputs, judged: judged, analysis: analysis)
            let (reports, stale) = try await others.staged(result.judgedAgain, database)
            staged += reports
            result.stale = stale
            try Task.checkCancellation()
            try await database.access.write { connection in
                try FindingHistory.record(judged, connection)
                // In the same transaction: what arrived is told by this night, or by the next run.
                try Revision.keepNight(connection)
                try NightBalance.keep(connection)
            }
            try outputs.publish(staged, tonight: tonight.date, nights: kept)
        } catch {
            // A report that stands in its place by now is no longer where it was staged.
            for report in staged { outputs.discard(report) }
            throw error
        }

        try prune(database, &result)
        let newest = try await newestEvent(database)
        let (removed, spared, refusal) = try outputs.removeOld(
            before: tonight.date,
            from: min(newest ?? nightEnd, nightEnd, now),
            nights: kept,
            isForced: isForced
        )
        result.removed = removed
        result.spared = spared
        if let refusal { result.refused.append(refusal) }
        try outputs.publishIndex(database)
        return redactor.map(result.redacted) ?? result
    }

    /// The findings of the whole database by the configuration's parameters, with what the registry says of them.
    private func analyse(_ database: LogDatabase) async throws -> AnalysisResult {
        // Commands that show the night's findings judge by the same parameters.
        let parameters = JudgingParameters(rules: configuration.parameters, correlation: configuration.correlation)
        try parameters.keep(in: database)
        let analysis = try Analysis.refresh(
            database,
            rules: rules,
            overrides: configuration.parameters,
            configuration: configuration.correlation
        )
        guard let registry else { return analysis }
        try Task.checkCancellation()
        return try await RegistryMeeting.of(analysis, registry, at: nightEnd, database, rules: rules)
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
            // A silent night has no records of its own; those of the overlap do not count. `to` is no part of a window, but
            // the last microsecond that is asked for is one of this span.
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

    /// Refuses a night of the future, which ends more than a day after both the clock and the newest event.
    ///
    /// A day of grace: `--as-of` with the date of today means the end of today.
    ///
    /// - Throws: `RefusedRun`.
    private func refuseFuture(_ database: LogDatabase) async throws {
        if isForced { return }
        let newest = try await newestEvent(database)
        let latest = max(newest ?? now, now)
        guard nightEnd - latest > Microseconds.day else { return }
        let last = newest.map { ", and the newest event is of \(Timestamp.format(microseconds: $0))" } ?? ""
        throw RefusedRun(
            "the night would end at \(Timestamp.format(microseconds: nightEnd)), which is in the future: it is"
                + " \(Timestamp.format(microseconds: now - now % Microseconds.second))\(last). Mend --as-of or the clock, or give --force"
        )
    }

    private func prune(_ database: LogDatabase, _ result: inout AuditResult) throws {
        guard let keep = configuration.keepEvents,
            let retention = try Retention.of(keep, now: min(nightEnd, now), in: database)
        else { return }
        if retention.isLarge, !isForced {
            result.refused.append(retention.refusal)
            return
        }
        result.pruned = try FindingHistory.prune(before: retention.cutoff, rules: rules, in: database)
    }
}
