import AzureLogs
import GRDB

/// The texts that a database has given numbers, in the order of these.
struct KnownTexts: Sendable {
    var identities = Interner()
    var networks = Interner()
    var agents = Interner()
    var contexts = ContextTable()

    /// Reads them row by row: of a large fleet they are not in memory twice.
    static func load(_ database: LogDatabase) async throws -> KnownTexts {
        try await database.access.read { connection in
            var known = KnownTexts()
            for (sql, list) in [
                ("SELECT name FROM identity ORDER BY id", \KnownTexts.identities),
                ("SELECT address FROM network ORDER BY id", \KnownTexts.networks),
                ("SELECT sdk FROM agent ORDER BY id", \KnownTexts.agents),
            ] {
                let rows = try PreparedStatement(connection, sql)
                while try rows.next() { known[keyPath: list].restore(rows.text(0)) }
            }
            try ContextRows.forEach(connection) { known.contexts.restore($1, id: $0) }
            return known
        }
    }
}
