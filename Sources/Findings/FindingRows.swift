import EventStore
import GRDB

/// Findings in table `finding`.
///
/// They are read at each look at a database, so columns go by their place: a row object looks each name up, which was a third
/// of the time of `device`.
enum FindingRows {
    private static let columns = """
        finding_id, rule, severity, confidence, status, subject_kind, subject, registration_id, device_id,
            enrollment_group, dps, hub, first_seen, last_seen, occurrences, incident, reason, summary, fix, evidence
        """

    /// Replaces all findings.
    static func replace(with findings: [Finding], _ database: Database) throws {
        try database.execute(sql: "DELETE FROM finding")
        let statement = try database.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO finding(\(columns))
                VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        )
        for finding in findings {
            try statement.execute(arguments: [
                finding.id, finding.rule, finding.severity.rawValue, finding.confidence, finding.status,
                finding.subjectKind, finding.subject, finding.registrationId, finding.deviceId, finding.enrollmentGroup,
                finding.dps, finding.hub, finding.firstSeen, finding.lastSeen, finding.occurrences, finding.incident,
                finding.reason, finding.summary, finding.fix, finding.evidence.joined(separator: ";"),
            ])
        }
    }

    /// All findings in total order.
    static func all(_ database: Database) throws -> [Finding] {
        let row = try PreparedStatement(database, "SELECT \(columns) FROM finding")
        // Most findings are of few rules, groups and hubs: each of these texts is there once.
        var shared: [String: String] = [:]
        func one(_ column: Int32) -> String {
            let text = row.text(column)
            if let known = shared[text] { return known }
            shared[text] = text
            return text
        }
        func text(_ column: Int32) -> String? { row.isNull(column) ? nil : row.text(column) }
        func name(_ column: Int32) -> String? { row.isNull(column) ? nil : one(column) }
        func time(_ column: Int32) -> Int64? { row.isNull(column) ? nil : row.integer(column) }
        var findings: [Finding] = []
        while try row.next() {
            findings.append(
                Finding(
                    id: row.text(0),
                    rule: one(1),
                    severity: Severity(rawValue: row.text(2)) ?? .informational,
                    confidence: one(3),
                    status: one(4),
                    subjectKind: one(5),
                    subject: row.text(6),
                    registrationId: text(7),
                    deviceId: text(8),
                    enrollmentGroup: name(9),
                    dps: name(10),
                    hub: name(11),
                    firstSeen: time(12),
                    lastSeen: time(13),
                    occurrences: Int(row.integer(14)),
                    incident: name(15),
                    reason: one(16),
                    summary: row.text(17),
                    fix: one(18),
                    evidence: row.bytes(19).split(separator: UInt8(ascii: ";")).map {
                        String(decoding: $0, as: UTF8.self)
                    }
                )
            )
        }
        return findings.sorted(by: Finding.precedes)
    }
}
