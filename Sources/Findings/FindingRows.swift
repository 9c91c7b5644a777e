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
    ///
    /// - Parameter incidents: the ids of their incidents by their own.
    static func replace(with findings: [Finding], incidents: [String: String], _ database: Database) throws {
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
                finding.dps, finding.hub, finding.firstSeen, finding.lastSeen, finding.occurrences,
                incidents[finding.id],
                finding.reason, finding.summary, finding.fix, finding.evidence.joined(separator: ";"),
            ])
        }
    }

    /// All findings in total order.
    static func all(_ database: Database) throws -> [Finding] {
        var findings: [Finding] = []
        let reader = try Reader(database, "ORDER BY rowid")
        while let finding = try reader.next() { findings.append(finding) }
        return findings.sorted(by: Finding.precedes)
    }

    /// Hands on all findings in total order, one after the other.
    ///
    /// They were written in this order. If they do not stand in it, all of them are sorted in memory.
    static func forEach(_ database: Database, _ body: (Finding) throws -> Void) throws {
        guard try isInOrder(database) else { return try all(database).forEach(body) }
        let reader = try Reader(database, "ORDER BY rowid")
        while let finding = try reader.next() { try body(finding) }
    }

    private static func isInOrder(_ database: Database) throws -> Bool {
        let reader = try Reader(database, "ORDER BY rowid")
        var last: Finding?
        while let finding = try reader.next() {
            if let last, !Finding.precedes(last, finding) { return false }
            last = finding
        }
        return true
    }

    /// Reads rows one after the other.
    private final class Reader {
        private let row: PreparedStatement
        /// Most findings are of few rules, groups and hubs: each of these texts is there once.
        private var shared: [String: String] = [:]

        init(_ database: Database, _ order: String) throws {
            row = try PreparedStatement(database, "SELECT \(columns) FROM finding \(order)")
        }

        private func one(_ column: Int32) -> String {
            let text = row.text(column)
            if let known = shared[text] { return known }
            // Groups and hubs may be as many as findings: what is kept of them is bounded.
            if shared.count < 10_000 { shared[text] = text }
            return text
        }

        private func text(_ column: Int32, or same: String) -> String? {
            if row.isNull(column) { return nil }
            let text = row.text(column)
            return text == same ? same : text
        }

        private func name(_ column: Int32) -> String? { row.isNull(column) ? nil : one(column) }

        private func time(_ column: Int32) -> Int64? { row.isNull(column) ? nil : row.integer(column) }

        func next() throws -> Finding? {
            guard try row.next() else { return nil }
            let subject = row.text(6)
            return Finding(
                id: row.text(0),
                rule: one(1),
                severity: Severity(rawValue: one(2)) ?? .informational,
                confidence: one(3),
                status: one(4),
                subjectKind: one(5),
                subject: subject,
                registrationId: text(7, or: subject),
                deviceId: text(8, or: subject),
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
                evidence: row.bytes(19).split(separator: UInt8(ascii: ";")).map { String(decoding: $0, as: UTF8.self) }
            )
        }
    }
}
