import EventStore
import GRDB
import Testing

/// The highest id of a table, out of a database that may be damaged.
@Suite struct RowNumbersTests {
    private static func highest(_ ids: [Int64]) throws -> Int {
        let queue = try DatabaseQueue()
        return try queue.write { database in
            try database.execute(sql: "CREATE TABLE thing(id INTEGER PRIMARY KEY)")
            for id in ids { try database.execute(sql: "INSERT INTO thing VALUES(?)", arguments: [id]) }
            return try RowNumbers.highest(of: "thing", database)
        }
    }

    @Test(arguments: [([], 0), ([1], 1), ([1, 2, 1000], 1000)] as [([Int64], Int)])
    func itIsThatOfTheRows(_ ids: [Int64], _ highest: Int) throws { #expect(try Self.highest(ids) == highest) }

    @Test(arguments: [.min, .min + 1, -1, 0, 5000, Int64(Int32.max) + 1, .max] as [Int64])
    func numbersThatNothingOfOursGivesAreAnError(_ id: Int64) throws {
        let error = #expect(throws: StoreError.self) { try Self.highest([1, id]) }
        #expect(error.map { "\($0)".contains("\(id)") } == true, "\(String(describing: error))")
    }
}
