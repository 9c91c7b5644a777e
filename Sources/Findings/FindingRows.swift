import EventStore
import GRDB

/// Findings in table `finding`.
///
/// They are read at each look at a database, so columns go by their place: a row object looks each name up, which was a third
/// of the time of `device`.
enum FindingRows {
    /// The columns, in their order.
    static let columns = """
        finding_id, rule, severity, confidence, status, subject_kind, subject, registration_id, device_id,
            enrollment_group, dps, hub, first_seen, last_seen, occurrences, incident, reason, summary, fix, evidence
        """
    /// How many columns there are.
    static let count: Int32 = 20
    /// As many question marks.
    static let marks = Array(repeating: "?", count: Int(count)).joined(separator: ", ")

    /// Binds a finding to the first places of a statement.
    static func bind(_ finding: Finding, incident: String?, to statement: PreparedStatement) {
        func bind(_ place: Int32, _ text: String?) {
            if let text { statement.bind(place, text) } else { statement.bindNull(place) }
        }
        func bind(_ place: Int32, _ time: Int64?) {
            if let time { statement.bind(place, time) } else { statement.bindNull(place) }
        }
        let fields = finding.fields
        bind(1, fields.id)
        bind(2, fields.rule)
        bind(3, fields.severity.rawValue)
        bind(4, fields.confidence)
        bind(5, fields.status)
        bind(6, fields.subjectKind)
        bind(7, fields.subject)
        bind(8, fields.registrationId)
        bind(9, fields.deviceId)
        bind(10, fields.enrollmentGroup)
        bind(11, fields.dps)
        bind(12, fields.hub)
        bind(13, fields.firstSeen)
        bind(14, fields.lastSeen)
        bind(15, Int64(fields.occurrences))
        bind(16, incident)
        bind(17, fields.reason)
        bind(18, fields.summary)
        bind(19, fields.fix)
        bind(20, EvidenceCell.text(fields.evidence))
    }

    /// Puts findings in the place of all that are there; in the order in which `body` hands them on, each with its incident.
    ///
    /// - Throws: `DatabaseError`, and what `body` throws.
    static func replace(_ database: Database, _ body: ((Finding, String?) throws -> Void) throws -> Void) throws {
        try database.execute(sql: "DELETE FROM finding")
        let insert = try PreparedStatement(
            database,
            "INSERT OR REPLACE INTO finding(\(columns)) VALUES(\(marks))"
        )
        try body { finding, incident in
            bind(finding, incident: incident, to: insert)
            try insert.run()
        }
    }

    /// All findings in total order.
    static func all(_ database: Database) throws -> [Finding] {
        var findings: [Finding] = []
        let reader = try Reader(database, from: "finding ORDER BY rowid")
        while let finding = try reader.next() { findings.append(finding) }
        return findings.sorted(by: Finding.precedes)
    }

    /// Hands on all findings in total order, one after the other.
    ///
    /// They were written in this order. If they do not stand in it, all of them are sorted in memory.
    static func forEach(_ database: Database, _ body: (Finding) throws -> Void) throws {
        guard try isInOrder(database) else { return try all(database).forEach(body) }
        let reader = try Reader(database, from: "finding ORDER BY rowid")
        while let finding = try reader.next() { try body(finding) }
    }

    /// Hands on the findings of some rules, rule by rule in the order given, those of each in total order.
    static func forEach(of rules: [String], _ database: Database, _ body: (Finding) throws -> Void) throws {
        guard try isInOrder(database) else {
            let byRule = Dictionary(grouping: try all(database), by: \.rule)
            for rule in rules { try byRule[rule]?.forEach(body) }
            return
        }
        let reader = try Reader(database, from: "finding WHERE rule = ? ORDER BY rowid")
        for rule in rules {
            reader.bind(rule)
            while let finding = try reader.next() { try body(finding) }
        }
    }

    private static func isInOrder(_ database: Database) throws -> Bool {
        let reader = try Reader(database, from: "finding ORDER BY rowid")
        var last: Finding?
        while let finding = try reader.next() {
            if let last, !Finding.precedes(last, finding) { return false }
            last = finding
        }
        return true
    }

    /// Reads rows one after the other.
    final class Reader {
        private let statement: PreparedStatement
        /// Most findings are of few rules, groups and hubs: each of these texts is there once.
        private var shared: [String: String] = [:]

        /// - Parameters:
        ///   - source: a table with the columns of findings, and what else says which rows are meant, in which order.
        ///   - isBrief: whether sentences and evidence are left empty.
        init(_ database: Database, from source: String, isBrief: Bool = false) throws {
            let wanted = isBrief ? columns.replacing("summary", with: "''").replacing("evidence", with: "''") : columns
            statement = try PreparedStatement(database, "SELECT \(wanted), rowid FROM \(source)")
        }

        private func one(_ column: Int32) -> String {
            let text = statement.text(column)
            if let known = shared[text] { return known }
            // Groups and hubs may be as many as findings: what is kept of them is bounded.
            if shared.count < 10_000 { shared[text] = text }
            return text
        }

        private func text(_ column: Int32, or same: String) -> String? {
            if statement.isNull(column) { return nil }
            let text = statement.text(column)
            return text == same ? same : text
        }

        private func name(_ column: Int32) -> String? { statement.isNull(column) ? nil : one(column) }

        private func time(_ column: Int32) -> Int64? { statement.isNull(column) ? nil : statement.integer(column) }

        /// The row's number.
        var row: Int64 { statement.integer(FindingRows.count) }

        /// The finding of the next row; nil if there is none.
        func next() throws -> Finding? {
            guard try statement.next() else { return nil }
            let subject = statement.text(6)
            return Finding(
                id: statement.text(0),
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
                occurrences: Int(statement.integer(14)),
                incident: name(15),
                reason: one(16),
                summary: statement.text(17),
                fix: one(18),
                evidence: EvidenceCell.places(statement.bytes(19))
            )
        }

        /// Binds a text to the only place.
        func bind(_ text: String) { statement.bind(1, text) }

        /// The finding of the first row, with a number bound to the only place.
        func first(bound number: Int64) throws -> Finding? {
            statement.bind(1, number)
            defer { statement.reset() }
            return try next()
        }
    }
}
