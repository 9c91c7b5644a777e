import FleetSimulator
import Testing

@testable import LogIngest

@Suite struct CSVTextTests {
    @Test(arguments: [
        ("a,b\n\nc,d", [[1: ["a", "b"]], [3: ["c", "d"]]]),
        ("\u{FEFF}a,b\r\nc,\r\n", [[1: ["a", "b"]], [2: ["c", ""]]]),
        ("\"a\n\"\"x\"\", y\",b\nc", [[1: ["a\n\"x\", y", "b"]], [3: ["c"]]]), ("", []), ("\n\r\n", []),
        ("a,\"b\nc\n", [[1: nil]]), ("\"\",\n", [[1: ["", ""]]]),
    ])
    func rowsKnowTheirLines(text: String, rows: [[Int: [String]?]]) {
        let found = CSVText.rows(Array(text.utf8)).map { [$0.line: $0.values] }
        #expect(found == rows)
    }

    /// What is written by RFC 4180 is read as it was, whatever stands in it.
    @Test(arguments: 0..<50 as Range<UInt64>) func whatWasWrittenIsRead(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        func number(_ most: UInt64) -> Int { Int(random.next() % most) }
        let pieces = ["a", ",", "\"", "\n", "\r\n", "é", " ", ";", "\t"]
        let rows = (0..<1 + number(6)).map { _ in
            (0..<2 + number(3)).map { _ in (0..<number(5)).map { _ in pieces[number(9)] }.joined() }
        }
        let text = rows.map { row in
            row.map { cell in
                let isPlain = !cell.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) } && number(2) == 0
                return isPlain ? cell : "\"" + cell.replacing("\"", with: "\"\"") + "\""
            }.joined(separator: ",")
        }.joined(separator: number(2) == 0 ? "\n" : "\r\n")
        #expect(CSVText.rows(Array(text.utf8)).map(\.values) == rows)
    }
}
