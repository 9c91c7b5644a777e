public import Correlation
public import EventStore
public import Findings

/// What is read from the database for an incident that a page lets open: devices' stories and raw records.
public struct IncidentDetail: Sendable, Hashable {
    /// Stories of the first devices, in the order of the findings.
    public var stories: [DeviceStory] = []
    /// The records that the first findings cite.
    public var records: [EvidenceRecord] = []

    /// The most incidents that are read for one page, and devices and lines of each.
    public static let incidents = 40
    private static let devices = 3
    private static let places = 3

    /// Reads the details of the first incidents.
    ///
    /// - Returns: details by incident id.
    /// - Throws: `DatabaseError`.
    public static func load(
        _ incidents: [Incident],
        _ findings: [Finding],
        from database: LogDatabase
    ) throws -> [String: IncidentDetail] {
        let byIncident = Dictionary(grouping: findings) { $0.incident ?? "" }
        var details: [String: IncidentDetail] = [:]
        for incident in incidents.prefix(Self.incidents) {
            var detail = IncidentDetail()
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
                detail.records.append(try record(of: finding, at: place, database))
            }
            details[incident.id] = detail
        }
        return details
    }

    /// The records of a place, looked for within a day of the finding's time so that no table is read as a whole.
    private static func record(of finding: Finding, at place: String, _ database: LogDatabase) throws -> EvidenceRecord
    {
        let day: Int64 = 86_400_000_000
        let from = (finding.firstSeen ?? 0) - day
        return try EvidenceRecord.load(
            place,
            about: [finding.subject, finding.registrationId ?? "", finding.deviceId ?? ""],
            between: from...max(from, (finding.lastSeen ?? finding.firstSeen ?? 0) + day),
            in: database
        )
    }
}
