import Foundation
import TestSupport
import Testing

@Suite struct RulesRenderTests {
    /// A rule over a frame of hours: ClickHouse counts what is in a frame in 32 bits, and microseconds do not fit.
    private static func rule(_ name: String) -> String {
        """
        -- rule: \(name)
        -- title: Something
        -- severity: low
        -- subject: device
        -- confidence: likely
        -- needs: dps
        -- why: It is a test.
        -- causes: A test.
        -- fix: None.
        -- not this: Anything else.
        -- references: docs/rules-format.md
        -- summary: {subject} did something
        SELECT registration_id AS subject, time AS first_seen, count(*) OVER (
            PARTITION BY registration_id ORDER BY time RANGE BETWEEN 21600000000 PRECEDING AND CURRENT ROW
        ) AS occurrences
        FROM attempts

        """
    }

    @Test func eachRefusedRuleHasALineOfItsOwn() throws {
        let folder = try TestFolder()
        for name in ["one", "two"] { try folder.write(Self.rule(name), to: "rules/\(name).sql") }
        let rules = ["rules", "render", "one", "two", "--rules", folder.path + "/rules", "--dialect"]
        let run = try Binary.run(rules + ["clickhouse"])
        let lines = run.error.split(separator: "\n")
        #expect(run.code == 4 && lines.count == 2, "\(run.error)")
        for (line, name) in zip(lines, ["one", "two"]) {
            #expect(line.hasPrefix("dpslens: \(name): ClickHouse takes frames of less than"), "\(line)")
        }
        #expect(run.output.isEmpty)
        #expect(try Binary.run(rules + ["duckdb"]).code == 0)
    }
}
