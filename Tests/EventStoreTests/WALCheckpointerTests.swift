import Foundation
import GRDB
import TestSupport
import Testing

@testable import EventStore

@Suite struct JournalCarrierTests {
    private static let pageBytes = 16_384

    /// Writes rows of more than a page each, a commit for each, and gives by how many pages the journal grew at most.
    private func write(_ rows: Int, _ database: LogDatabase, _ carrier: WALCheckpointer) throws -> Int {
        var longest = 0
        // Making the schema has written to the journal as well, and the file does not shrink.
        let before = try pages(database)
        for row in 1...rows {
            try database.access.writeWithoutTransaction { connection in
                try connection.execute(sql: "PRAGMA wal_autocheckpoint = 0")
                try connection.execute(
                    sql: "INSERT INTO network(id, address) VALUES(?, ?)",
                    arguments: [row, "\(row) " + String(repeating: "x", count: 20_000)]
                )
                try carrier.committed(connection)
            }
            carrier.wait()
            longest = max(longest, try pages(database) - before)
        }
        return longest
    }

    private func pages(_ database: LogDatabase) throws -> Int {
        let size = try FileManager.default.attributesOfItem(atPath: database.path + "-wal")[.size] as? Int ?? 0
        return size / Self.pageBytes
    }

    private func rows(_ database: LogDatabase) throws -> [String] {
        try database.access.read { connection in
            try String.fetchAll(
                connection,
                sql: "SELECT substr(address, 1, instr(address, ' ') - 1) FROM network ORDER BY id"
            )
        }
    }

    @Test func theJournalBeginsAnewWhileMoreIsWritten() throws {
        let folder = try TestFolder()
        let database = try LogDatabase.open(folder.path + "/fleet.db")
        let carrier = WALCheckpointer(database.path, length: 20)
        let longest = try write(200, database, carrier)
        try carrier.close()
        #expect(longest < 100, "200 rows are 600 pages and more")
        #expect(try rows(database) == (1...200).map(String.init))
        let again = try LogDatabase.open(database.path, .readOnly)
        #expect(try rows(again) == (1...200).map(String.init))
    }

    /// What it must not do is wait for a reader, or take from it what it sees.
    @Test func somebodyWhoReadsAnOlderStateHoldsNothingUp() throws {
        let folder = try TestFolder()
        let database = try LogDatabase.open(folder.path + "/fleet.db")
        let carrier = WALCheckpointer(database.path, length: 20)
        _ = try write(10, database, carrier)
        let reader = try ReadConnection(database.path)
        let count = try reader.prepare("SELECT count(*) FROM network")
        #expect(try count.next() && count.integer(0) == 10)
        count.reset()
        try database.access.writeWithoutTransaction { try $0.execute(sql: "DELETE FROM network") }
        _ = try write(100, database, carrier)
        #expect(try count.next() && count.integer(0) == 10)
        try carrier.close()
        #expect(try rows(database) == (1...100).map(String.init))
    }
}
