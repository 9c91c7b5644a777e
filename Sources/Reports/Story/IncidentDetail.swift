public import Correlation
public import EventStore
public import Findings

/// What is read from the database for an incident that a page lets open: devices' stories and raw records.
public struct IncidentDetail: Sendable, Hashable {
    /// Stories of the first devices, in the order of the findings.
    public var stories: [DeviceStory] = []
    /// The records that the first findings cite.
    public var records: [EvidenceRecord] = []
    /// Devices to hold the incident against.
    public var examples = IncidentExamples()

    /// The most incidents that are read for one page, and devices and lines of each.
    public static let incidents = 60
    private static let devices = 3
    private static let places = 3

    /// Reads the details of the first incidents.
    ///
    /// - Parameters:
    ///   - findings: those that are shown, which the incidents' lines are taken from.
    ///   - all: all of the database, which says whom no finding tells of.
    /// - Returns: details by incident id.
    /// - Throws: `DatabaseError`.
    public static func load(
        _ incidents: [Incident],
        _ findings: [Finding],
        of all: [Finding],
        from database: LogDatabase
    ) throws -> [String: IncidentDetail] {
        let byIncident = Dictionary(grouping: findings) { $0.incident ?? "" }
        var details: [String: IncidentDetail] = [:]
        let shown = incidents.prefix(Self.incidents)
        let examples = shown.isEmpty ? [:] : try IncidentExamples.load(shown, all, from: database)
        for incident in shown {
            var detail = IncidentDetail()
            detail.examples = examples[incident.id] ?? IncidentExamples()
            var seen = Set<String>()
            for finding in byIncident[incident.id] ?? [] {
                if finding.subjectKind == "device", detail.stories.count < devices,
                    seen.insert(finding.subject).inserted,
                    let story = try DeviceStory.load(finding.subject, from: database)
                {
                    detail.stories.append(story)
                }
                guard detail.records.count < places, let place = finding.evidence.first,
                    !detail.records.contains(where: { $0.place == place })
                else { continue }
                detail.records.append(try FindingRecords.record(of: finding, at: place, database))
            }
            details[incident.id] = detail
        }
        return details
    }
}
