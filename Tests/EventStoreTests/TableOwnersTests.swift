import GRDB
import Testing

@testable import EventStore

/// Which tables are made again from the events, and which hold what nothing gives back.
@Suite struct TableOwnersTests {
    /// Tables that survive every change of form: what was read, and what the nights and prunes keep.
    private static let kept: Set<String> = [
        "file", "reject", "ignored", "setting", "identity", "network", "agent", "context", "event", "raw_block",
        "registration_record", "enrollment", "linked_hub", "file_resource", "fleet_hour", "part_repetition", "night",
        "night_finding", "tracked", "kept_evidence", "seen_before", "pruned_hour", "incident_anchor",
    ]

    private static func tables(_ connection: Database) throws -> Set<String> {
        let sql = """
            SELECT name FROM sqlite_master
            WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'grdb_%'
            """
        return Set(try String.fetchAll(connection, sql: sql))
    }

    /// A new table is either of these, or nobody drops it where its form changes, or everybody does.
    @Test func everyTableIsDerivedOrKept() throws {
        let database = try LogDatabase.inMemory()
        let tables = try database.access.read(Self.tables)
        let derived = Set(DerivedTables.names)
        #expect(tables.subtracting(derived).subtracting(Self.kept) == [], "in neither list")
        #expect(derived.intersection(Self.kept) == [], "in both lists")
        #expect(Self.kept.subtracting(tables) == [], "not in the database")
        #expect(derived.subtracting(tables) == [], "not in the database")
    }

    /// The list of derived tables drops all that their statements create, in an order that no reference forbids.
    @Test func derivedTablesCanBeMadeAgain() throws {
        let database = try LogDatabase.inMemory()
        try database.access.write { connection in
            for name in DerivedTables.names { try connection.execute(sql: "DROP TABLE \(name)") }
            #expect(try Self.tables(connection) == Self.kept)
            for sql in SchemaDerived.all { try connection.execute(sql: sql) }
            #expect(try Self.tables(connection) == Self.kept.union(DerivedTables.names))
        }
    }
}
