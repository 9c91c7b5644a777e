public import GRDB

/// Another database beside the open one, under the schema name `source`, with its numbers turned into those of the open one.
public enum AttachedDatabase {
    /// Does something in one transaction while another database is attached.
    ///
    /// - Throws: `DatabaseError`, or what `body` throws; then nothing is changed.
    public static func with(_ path: String, _ connection: Database, _ body: () throws -> Void) throws {
        // The rows come from a database in which each of these ids stands: none need be looked for again.
        try connection.execute(sql: "PRAGMA foreign_keys = OFF")
        defer {
            // Only a closed connection refuses this, and nothing can be written by one.
            try? connection.execute(sql: "PRAGMA foreign_keys = ON")
        }
        try connection.execute(sql: "ATTACH DATABASE ? AS source", arguments: [path])
        defer {
            // A statement that still reads refuses it; then the next ATTACH says so.
            try? connection.execute(sql: "DETACH DATABASE source")
        }
        try connection.inTransaction {
            try body()
            return .commit
        }
    }

    /// Takes over the texts of the attached database, and makes tables `map_…` from its numbers to those of the open one.
    ///
    /// - Parameter identities: a condition on `s`, a row of the attached `identity`; only these are taken.
    public static func mapTexts(where identities: String, _ connection: Database) throws {
        for table in ["map_identity", "map_network", "map_agent", "map_context"] {
            try connection.execute(
                sql: """
                    CREATE TEMP TABLE IF NOT EXISTS \(table)(source INTEGER PRIMARY KEY, id INTEGER NOT NULL);
                    DELETE FROM temp.\(table);
                    """
            )
        }
        try map("identity", ["name", "folded"], key: "s.folded = m.folded AND s.name = m.name", identities, connection)
        try map("network", ["address"], key: "s.address = m.address", "1", connection)
        try map("agent", ["sdk"], key: "s.sdk = m.sdk", "1", connection)
        let columns = try connection.columns(in: "context").map(\.name).filter { $0 != "id" }
        // Some of them may be NULL.
        let key = columns.map { "s.\($0) IS m.\($0)" }.joined(separator: " AND ")
        try map("context", columns, key: key, "1", connection)
    }

    private static func map(
        _ table: String,
        _ columns: [String],
        key: String,
        _ condition: String,
        _ connection: Database
    ) throws {
        let names = columns.joined(separator: ", ")
        let values = columns.map { "s.\($0)" }.joined(separator: ", ")
        try connection.execute(
            sql: """
                INSERT INTO main.\(table)(\(names))
                SELECT \(values) FROM source.\(table) s
                WHERE (\(condition)) AND NOT EXISTS (SELECT 1 FROM main.\(table) m WHERE \(key)) ORDER BY s.id;
                INSERT OR REPLACE INTO temp.map_\(table)(source, id)
                SELECT s.id, m.id FROM source.\(table) s JOIN main.\(table) m ON \(key) WHERE \(condition);
                """
        )
    }
}
