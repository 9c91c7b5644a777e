import Basics
import EventStore
import Findings

/// Which findings have their raw records on a page.
enum FindingRecords {
    /// The most findings.
    ///
    /// Each is a place where the Tab key stops, of which a page has at most 300, and some two kilobytes.
    static let most = 160

    /// The findings that cite a line, some of every rule.
    static func chosen(_ findings: [Finding]) -> [Finding] {
        FairShare.of(HTMLReport.shown(findings).filter { !$0.evidence.isEmpty }, most: most)
    }

    /// Reads the records of those that are chosen.
    ///
    /// - Returns: the records by the ids of their findings.
    /// - Throws: `DatabaseError`.
    static func load(_ findings: [Finding], from database: LogDatabase) throws -> [String: [EvidenceRecord]] {
        var records: [String: [EvidenceRecord]] = [:]
        for finding in chosen(findings) {
            records[finding.id] = try finding.evidence.map { try record(of: finding, at: $0, database) }
        }
        return records
    }

    /// The record of a place, looked for within a day of the finding's time and that of its file.
    static func record(of finding: Finding, at place: String, _ database: LogDatabase) throws -> EvidenceRecord {
        let from = (finding.firstSeen ?? 0) - Microseconds.day
        return try EvidenceRecord.load(
            place,
            about: [finding.subject, finding.registrationId ?? "", finding.deviceId ?? ""],
            between: from...max(from, (finding.lastSeen ?? finding.firstSeen ?? 0) + Microseconds.day),
            in: database
        )
    }
}
