import GRDB

/// Findings in table `finding`.
enum FindingRows {
    /// Replaces all findings.
    static func replace(with findings: [Finding], _ database: Database) throws {
        try database.execute(sql: "DELETE FROM finding")
        let statement = try database.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO finding(finding_id, rule, severity, confidence, status, subject_kind, subject,
                    registration_id, device_id, enrollment_group, dps, hub, first_seen, last_seen, occurrences, incident,
                    reason, summary, fix, evidence)
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
        try Row.fetchAll(database, sql: "SELECT * FROM finding").map { row in
            Finding(
                id: row["finding_id"],
                rule: row["rule"],
                severity: Severity(rawValue: row["severity"]) ?? .informational,
                confidence: row["confidence"],
                status: row["status"],
                subjectKind: row["subject_kind"],
                subject: row["subject"],
                registrationId: row["registration_id"],
                deviceId: row["device_id"],
                enrollmentGroup: row["enrollment_group"],
                dps: row["dps"],
                hub: row["hub"],
                firstSeen: row["first_seen"],
                lastSeen: row["last_seen"],
                occurrences: row["occurrences"],
                incident: row["incident"],
                reason: row["reason"],
                summary: row["summary"],
                fix: row["fix"],
                evidence: (row["evidence"] as String).split(separator: ";").map(String.init)
            )
        }.sorted(by: Finding.precedes)
    }
}
