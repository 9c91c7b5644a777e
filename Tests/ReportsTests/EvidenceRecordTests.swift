import Correlation
import EventStore
import FleetSimulator
import Foundation
import GRDB
import GRDBSQLite
import TestSupport
import Testing

@testable import Reports

@Suite struct EvidenceRecordTests {
    /// A place and what the table of events says of it.
    private struct Place {
        var place: String
        var name: String
        var time: Int64
        var times: [Int64]
    }

    /// A fleet's logs of a few hours, correlated.
    private static func fleet(_ seed: UInt64, hours: Int, _ folder: TestFolder) async throws -> LogDatabase {
        var files: [String] = []
        try LoadGenerator(events: 400 * hours, devices: 60, seed: seed, perHour: 400).run { hour, text in
            files.append(try folder.write(text, to: "hour-\(10 + hour)"))
        }
        let database = try LogDatabase.open(folder.path + "/fleet.db")
        let report = try await Importer.run(files, into: database)
        #expect(report.isBalanced)
        _ = try Correlator.rebuild(database)
        return database
    }

    /// Every seventh event, by a look at the whole table.
    private static func places(_ database: LogDatabase) throws -> [Place] {
        let rows = try database.access.read { connection in
            try Row.fetchAll(
                connection,
                sql: """
                    SELECT f.path || ':' || e.line AS place, i.name AS name, e.time AS time
                    FROM event e JOIN file f ON f.id = e.file JOIN identity i ON i.id = e.identity
                    ORDER BY e.time, e.hash
                    """
            )
        }
        let times = Dictionary(grouping: rows) { $0["place"] as String }
        return rows.enumerated().filter { $0.offset % 7 == 0 }.map { _, row in
            let place: String = row["place"]
            let all = times[place, default: []].map { $0["time"] as Int64 }
            return Place(place: place, name: row["name"], time: row["time"], times: all)
        }
    }

    /// Whom the line is about, another device and nobody lead to the same event, whatever the time that is given.
    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func namesAndTimesChangeNothingOfWhatIsFound(_ seed: UInt64) async throws {
        let folder = try TestFolder()
        let database = try await Self.fleet(seed, hours: 3, folder)
        var seen = 0
        let places = try Self.places(database)
        for place in places {
            let plain = try EvidenceRecord.load(place.place, about: [], between: nil, in: database)
            if plain.stored.isEmpty { continue }
            seen += 1
            #expect(plain.stored.map(\.time) == place.times)
            let near = (place.time - 3_600_000_000)...(place.time + 3_600_000_000)
            for (names, range) in [([place.name.uppercased()], near), ([place.name], nil), (["unit-nobody"], near)] {
                let found = try EvidenceRecord.load(place.place, about: names, between: range, in: database)
                #expect(found == plain, "\(place.place) of \(names)")
            }
        }
        #expect(seen > 50)
        let (first, last) = (Int64.min, Int64.min + 1)
        let place = try #require(places.first).place
        let outside = try EvidenceRecord.load(place, about: [], between: first...last, in: database)
        #expect(outside.stored.isEmpty)
    }

    /// How many pages of the database reading the records of some places takes.
    private static func pages(_ hours: Int) async throws -> Int {
        let folder = try TestFolder()
        let database = try await fleet(9, hours: hours, folder)
        let places = try places(database).prefix(40)
        func read() throws -> Int {
            try database.access.read { connection in
                var (count, highest): (Int32, Int32) = (0, 0)
                sqlite3_db_status(connection.sqliteConnection, SQLITE_DBSTATUS_CACHE_HIT, &count, &highest, 0)
                return Int(count)
            }
        }
        let before = try read()
        for place in places {
            _ = try EvidenceRecord.load(place.place, about: [place.name], between: nil, in: database)
        }
        return try read() - before
    }

    /// What was logged in the months before and after costs next to nothing.
    @Test func aRecordCostsTheSameInALongLog() async throws {
        let (short, long) = (try await Self.pages(4), try await Self.pages(40))
        #expect(short > 100)
        #expect(long < short * 2, "\(long) pages of forty hours, \(short) of four")
    }
}
