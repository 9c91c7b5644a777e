import GRDB
import Testing

@testable import EventStore

/// Values that nothing of ours writes are refused by an error, and never end the process.
@Suite struct CheckedRowTests {
    private static func row<Result>(_ sql: String, _ body: (CheckedRow) throws -> Result) throws -> Result? {
        try DatabaseQueue().read { try CheckedRow.one($0, sql: "SELECT \(sql)").map(body) }
    }

    private static func isRefused<Value: CheckedValue>(_ sql: String, as type: Value.Type) throws -> Bool {
        do {
            _ = try row(sql) { try $0[0] as Value }
            return false
        } catch let error as StoreError {
            #expect(error.description.contains("damaged"))
            return true
        }
    }

    @Test func valuesOfTheirTypeAreRead() throws {
        #expect(try Self.row("-7") { try $0[0] as Int } == -7)
        #expect(try Self.row("1152921504606846976") { try $0[0] as Int64 } == 1 << 60)
        #expect(try Self.row("5.0") { try $0[0] as Int } == 5)
        #expect(try Self.row("0, 3") { (try $0[0] as Bool, try $0[1] as Bool) } ?? (true, false) == (false, true))
        #expect(try Self.row("'x'") { try $0[0] as String } == "x")
        #expect(try Self.row("x'00ff'") { try ($0[0] as CheckedBytes).bytes } == [0, 255])
        #expect(try Self.row("NULL, 2") { [try $0[0] as Int?, try $0[1] as Int?] } == [nil, 2])
        #expect(
            try Self.row("9223372036854775807, 4") { row in
                [try (row[0] as EndlessInteger).value, try (row[1] as EndlessInteger).value]
            } == [nil, 4]
        )
    }

    @Test(arguments: [
        "NULL", "'x'", "x'00'", "1e300", "0.5", "9223372036854775807", "-9223372036854775808", "1152921504606846977",
    ])
    func whatIsNoNumberOfOursIsRefused(_ sql: String) throws {
        #expect(try Self.isRefused(sql, as: Int64.self))
        #expect(try Self.isRefused(sql, as: Int.self))
        #expect(try Self.isRefused(sql, as: Bool.self))
        if sql != "NULL" { #expect(try Self.isRefused(sql, as: Int?.self)) }
    }

    @Test(arguments: ["NULL", "7", "x'41'", "0.5"])
    func whatIsNoTextIsRefused(_ sql: String) throws {
        #expect(try Self.isRefused(sql, as: String.self))
        if sql != "NULL" { #expect(try Self.isRefused(sql, as: String?.self)) }
        if sql != "x'41'" { #expect(try Self.isRefused(sql, as: CheckedBytes.self)) }
    }

    @Test func aColumnThatIsNotThereIsRefused() throws {
        #expect(throws: StoreError.self) { try Self.row("1") { try $0[1] as Int } }
        #expect(throws: StoreError.self) { try Self.row("1") { try $0[-1] as Int } }
    }

    @Test func singleValuesAreCheckedAsWell() throws {
        try DatabaseQueue().read { (database) throws -> Void in
            #expect(try Int.checkedOne(database, sql: "SELECT 1 WHERE 0") == nil)
            #expect(try Int.checkedOne(database, sql: "SELECT NULL") == nil)
            #expect(throws: StoreError.self) { try Int.checkedOne(database, sql: "SELECT 'x'") }
            #expect(try String.checkedAll(database, sql: "SELECT 'a' UNION SELECT 'b' ORDER BY 1") == ["a", "b"])
            #expect(throws: StoreError.self) {
                try String.checkedAll(database, sql: "SELECT 'a' UNION ALL SELECT NULL")
            }
        }
    }
}
