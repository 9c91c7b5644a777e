import GRDB
import TestSupport
import Testing

@testable import EventStore

@Suite struct StopSignTests {
    private static let endless = "WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t)"

    @Test func aRaisedSignEndsAStatementAndTakesBackWhatItChanged() throws {
        let folder = try TestFolder()
        let sign = StopSign()
        let database = try LogDatabase.open(folder.path + "/a.db", stop: sign)
        let error = #expect(throws: DatabaseError.self) {
            try database.access.write { connection in
                try connection.execute(sql: "INSERT INTO setting(name, value) VALUES('half', '1')")
                sign.raise()
                try connection.execute(sql: "CREATE TABLE x AS \(Self.endless) SELECT x FROM t")
            }
        }
        #expect(error?.resultCode == .SQLITE_INTERRUPT)
        // A connection of its own: those of the first stay ended.
        let again = try LogDatabase.open(folder.path + "/a.db", .readOnly, stop: StopSign())
        let left = try again.access.read { connection in
            try Int.fetchOne(connection, sql: "SELECT count(*) FROM setting WHERE name = 'half'")
        }
        #expect(left == 0)
    }

    @Test func aLimitOfTimeOrRowsIsNamedAndTheConnectionGoesOn() throws {
        let database = try LogDatabase.inMemory(stop: StopSign())
        try database.access.write { connection in
            for (limits, reached) in [
                (StatementLimits(seconds: 0.05), "0.05 s"), (StatementLimits(rows: 3), "3 rows"),
            ] {
                let select = limits.rows == nil ? "count(*)" : "x"
                let statement = try PreparedStatement(connection, "\(Self.endless) SELECT \(select) FROM t")
                var rows = 0
                let error = #expect(throws: StatementLimits.Reached.self) {
                    try statement.forEachRow(within: limits, database.stop) { rows += 1 }
                }
                #expect(error?.description == reached)
                #expect(rows == limits.rows ?? 0)
            }
            #expect(try Int.fetchOne(connection, sql: "SELECT 1") == 1)
        }
    }

    @Test func whatWaitsForALockEndsWhenItsTaskIsCancelled() async throws {
        let folder = try TestFolder()
        let held = try DatabaseLock(for: folder.path + "/a.db", owner: "the test")
        let waiting = Task { try DatabaseLock(for: folder.path + "/a.db", owner: "another", waiting: 600) }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { _ = try await waiting.value }
        withExtendedLifetime(held) {}
    }
}
