import Foundation
import TestSupport
import Testing

/// What was cut off is said, also where the cut lies between records; what was delivered again costs no room again.
@Suite struct CutInputTests {
    private static let lines = (0..<3).map { LogLines.connect($0, "dev-\($0)", code: "401003") }

    @Test(arguments: [
        ("[A,B", 2), ("[A,B,", 2), ("[A,", 1), (#"{"records":[A,B"#, 2), (#"{"records":[A,B]"#, 2), ("[A,B,C]", 3),
        (#"{"records":[A,B,C]}"#, 3), ("A\nB\nC", 3),
    ])
    func aCutBetweenRecordsIsSaid(_ form: String, _ count: Int) throws {
        let folder = try TestFolder()
        let text = zip(["A", "B", "C"], Self.lines).reduce(form) { $0.replacing($1.0, with: "§\($1.0)") }
        let whole = zip(["§A", "§B", "§C"], Self.lines).reduce(text) { $0.replacing($1.0, with: $1.1) }
        try folder.write(whole, to: "logs/cut.json")
        let db = folder.path + "/a.db"
        let run = try Binary.run("ingest", folder.path + "/logs", "--db", db, "--json")
        #expect(run.output.contains("\"stored\":\(count),"), "\(run.output)")
        let rejects = try Binary.run("rejects", "--db", db, "--format", "csv").output
        #expect(rejects.contains("truncated") == !["C]", "]}", "\nC"].contains { form.hasSuffix($0) }, "\(rejects)")
    }

    @Test func textsOfDuplicatesAreNotStoredAgain() throws {
        let folder = try TestFolder()
        let text = (0..<2000).map { LogLines.connect($0, "dev-\($0)", code: "401003") }.joined(separator: "\n")
        func size(_ deliveries: Int) throws -> Int {
            let db = "\(folder.path)/\(deliveries).db"
            for number in 0..<deliveries {
                // Other bytes of the file, so that it is no file that is known.
                try folder.write(text + String(repeating: "\n", count: number + 1), to: "\(deliveries)/\(number).json")
            }
            let run = try Binary.run("ingest", "\(folder.path)/\(deliveries)", "--db", db, "--json")
            #expect(run.output.contains("\"stored\":2000,\"duplicates\":\((deliveries - 1) * 2000),"), "\(run.output)")
            return try TestFolder.read(db).count
        }
        #expect(try size(3) < size(1) * 11 / 10)
    }
}
