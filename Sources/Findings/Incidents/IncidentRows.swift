import EventStore
import FoundationEssentials
import GRDB

/// Incidents in table `incident`.
enum IncidentRows {
    /// Puts incidents in the place of all that are there, as `body` hands them on.
    ///
    /// - Throws: `DatabaseError`, and what `body` throws.
    static func replace(_ database: Database, _ body: ((Incident) throws -> Void) throws -> Void) throws {
        try database.execute(sql: "DELETE FROM incident")
        let insert = try PreparedStatement(database, "INSERT OR REPLACE INTO incident(incident, data) VALUES(?, ?)")
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try body { incident in
            insert.bind(1, incident.id)
            insert.bind(2, String(decoding: try encoder.encode(incident), as: UTF8.self))
            try insert.run()
        }
    }

    /// Keeps whom the incidents struck first that began before a time: the records that show it may go.
    static func keep(before cutoff: Int64, _ database: Database) throws {
        let insert = try database.cachedStatement(
            sql: "INSERT OR REPLACE INTO incident_anchor(finding_id, side, whom, time, seen) VALUES(?, ?, ?, ?, ?)"
        )
        for incident in try all(database) {
            guard let anchor = incident.anchor, anchor.time < cutoff else { continue }
            for finding in incident.findings {
                try insert.execute(arguments: [
                    finding, anchor.side, anchor.whom, anchor.time, incident.end ?? anchor.time,
                ])
            }
        }
    }

    /// What was kept of incidents whose records were pruned, by the ids of their findings.
    static func kept(_ database: Database) throws -> [String: KeptAnchor] {
        let rows = try CheckedRow.all(database, sql: "SELECT finding_id, side, whom, time, seen FROM incident_anchor")
        return try Dictionary(
            uniqueKeysWithValues: rows.map { row in
                let anchor = try IncidentAnchor(side: row[1], whom: row[2], time: row[3])
                return (try row[0], KeptAnchor(anchor: anchor, end: try row[4]))
            }
        )
    }

    /// How bad each incident is, by their ids.
    static func severities(_ database: Database) throws -> [String: Severity] {
        var severities: [String: Severity] = [:]
        let sql = "SELECT incident, coalesce(json_extract(data, '$.severity'), '') FROM incident"
        try CheckedRow.forEach(database, sql: sql) { row in severities[try row[0]] = Severity(rawValue: try row[1]) }
        return severities
    }

    /// All incidents in total order.
    static func all(_ database: Database) throws -> [Incident] {
        try String.checkedAll(database, sql: "SELECT data FROM incident")
            .map { try JSONDecoder().decode(Incident.self, from: Data($0.utf8)) }
            .sorted(by: Incident.precedes)
    }
}
