import EventStore
import Findings
import GRDB

/// Judges nights by one analysis over everything that is held: which of its findings reach into each night's window, and
/// where they stand.
struct NightJudge {
    let rules: RuleSet
    let suppressions: [Suppression]
    let registry: RegistryInputs?
    /// The run's own night; of others what a registry said stands as it was kept.
    let own: String
    /// Events before this were pruned; 0 for none.
    let pruned: Int64
    let analysis: AnalysisResult

    /// The nights with their findings, oldest first.
    ///
    /// - Parameters:
    ///   - chain: the nights to judge, oldest first (`AuditNight.chain`).
    ///   - nights: those that were kept.
    /// - Throws: `DatabaseError`.
    func judge(_ chain: [Night], among nights: [Night], _ database: Database) throws -> [(
        night: Night, findings: [TrackedFinding]
    )] {
        guard let first = chain.first else { return [] }
        var previous = try FindingHistory.before(first.date, database)
        let latest = Dictionary(analysis.findings.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let dates = Set(chain.map(\.date))
        var before = nights.filter { !dates.contains($0.date) && $0.date < first.date }
        var result: [(night: Night, findings: [TrackedFinding])] = []
        for night in chain {
            var night = night
            night.isSilent = try isSilent(night, database)
            let stored = try FindingHistory.findings(of: night.date, database)
            let check = try ObservationCheck(
                night.window,
                rules,
                database,
                members: members(latest, previous),
                registry: night.date == own ? registry : nil
            )
            let active = suppressions.filter { $0.holds(at: night.window.to) }
            var tracked = try Lifecycle.judge(
                previous: previous,
                current: current(night, stored, before),
                latest: latest,
                night: night.date,
                isSilent: night.isSilent,
                observation: check.observe,
                isSuppressed: { finding in active.contains { $0.matches(finding) } }
            )
            if night.date != own {
                let carried = stored.values.filter { RegistryChecks.names.contains($0.finding.rule) }
                let ids = Set(carried.map(\.finding.id))
                tracked = (tracked.filter { !ids.contains($0.finding.id) } + carried)
                    .sorted { Finding.precedes($0.finding, $1.finding) }
            }
            for item in tracked { previous[item.finding.id] = item }
            before.append(night)
            result.append((night, tracked))
        }
        return result
    }

    /// The findings whose evidence reaches into a night's window.
    private func current(_ night: Night, _ stored: [String: TrackedFinding], _ before: [Night]) -> [Finding] {
        var found = analysis.findings.filter { finding in
            night.window.holds(finding) && (night.date == own || !RegistryChecks.names.contains(finding.rule))
        }
        if let late = LateRecords.finding(night, before) { found.append(late) }
        // What was told by events that are gone stands, and in a night that is over what has ended since.
        let known = Set(found.map(\.id))
        let isPruned = night.window.from < pruned
        guard isPruned || night.date != own else { return found }
        let told = stored.values.filter { $0.state.isFound && !known.contains($0.finding.id) }.map(\.finding)
        let held = isPruned ? [] : Set(analysis.findings.map(\.id))
        found += told.filter { !held.contains($0.id) && $0.rule != LateRecords.rule }
        return found.sorted(by: Finding.precedes)
    }

    /// Whether nothing was logged in a night, and nothing came late that its overlap looks at.
    private func isSilent(_ night: Night, _ database: Database) throws -> Bool {
        if let changed = night.changedSince, night.window.from <= changed, changed < night.window.to { return false }
        let has = try Bool.checkedOne(
            database,
            sql: "SELECT EXISTS (SELECT 1 FROM event WHERE time >= ? AND time < ?)",
            arguments: [night.began, night.window.to]
        )
        return !(has ?? false)
    }

    /// The findings about devices by their incidents.
    private func members(_ latest: [String: Finding], _ previous: [String: TrackedFinding]) -> [String: [Finding]] {
        let known = latest.merging(previous.mapValues(\.finding)) { new, _ in new }
        let devices = known.values.filter { $0.subjectKind == "device" && $0.incident != nil }
        return Dictionary(grouping: devices) { $0.incident ?? "" }
    }
}
