import FoundationEssentials
import GRDB

/// Incidents in table `incident`.
enum IncidentRows {
    /// Replaces all incidents.
    static func replace(with incidents: [Incident], _ database: Database) throws {
        try database.execute(sql: "DELETE FROM incident")
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        for incident in incidents {
            try database.execute(
                sql: "INSERT OR REPLACE INTO incident(incident, data) VALUES(?, ?)",
                arguments: [incident.id, String(decoding: try encoder.encode(incident), as: UTF8.self)]
            )
        }
    }

    /// All incidents in total order.
    static func all(_ database: Database) throws -> [Incident] {
        try String.fetchAll(database, sql: "SELECT data FROM incident")
            .map { try JSONDecoder().decode(Incident.self, from: Data($0.utf8)) }
            .sorted(by: Incident.precedes)
    }
}
