import Findings
import GRDB
import Reports

/// How many findings were open in the last nights, in all and of each incident.
enum NightTrend {
    /// How many nights are shown.
    static let nights = 14

    /// The numbers up to a night, oldest first.
    ///
    /// - Parameters:
    ///   - incidents: those of the night, of which each is told.
    ///   - judged: the nights that this run has judged, which take the place of what was kept of them.
    ///   - date: the last night.
    static func of(
        _ incidents: [Incident],
        _ judged: [(night: Night, findings: [TrackedFinding])],
        until date: String,
        _ database: Database
    ) throws -> ([NightReport.Count], [String: [NightReport.Count]]) {
        let fresh = Dictionary(uniqueKeysWithValues: judged.map { ($0.night.date, $0) })
        var all = try FindingHistory.nights(database).filter { fresh[$0.date] == nil } + judged.map(\.night)
        all = Array(all.filter { $0.date <= date }.sorted { $0.date < $1.date }.suffix(nights))
        var owners: [String: String] = [:]
        for incident in incidents { for finding in incident.findings { owners[finding] = incident.id } }
        var whole: [NightReport.Count] = []
        var each: [String: [NightReport.Count]] = [:]
        for night in all {
            let open =
                try fresh[night.date].map { $0.findings.filter(\.state.isFound).map(\.finding.id) }
                ?? FindingHistory.open(in: night.date, database)
            whole.append(NightReport.Count(date: night.date, open: night.isSilent ? nil : open.count))
            let counts = Dictionary(grouping: open.compactMap { owners[$0] }) { $0 }.mapValues(\.count)
            for incident in incidents {
                let count = night.isSilent ? nil : counts[incident.id] ?? 0
                each[incident.id, default: []].append(NightReport.Count(date: night.date, open: count))
            }
        }
        return (whole, each)
    }
}
