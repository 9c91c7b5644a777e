import EventStore
import GRDB
import Testing

@testable import Findings

@Suite struct RuleRenderingTests {
    private func card(_ sql: String, _ values: [String: Int] = ["p": 3, "q": 60]) -> RuleCard {
        RuleCard(
            name: "mine",
            title: "T",
            severity: .low,
            subjectKind: "device",
            confidence: "certain",
            parameters: values.sorted { $0.key < $1.key }.map { .init(name: $0.key, value: $0.value, meaning: "m") },
            needs: [],
            texts: [:],
            family: "mine",
            holds: false,
            sql: sql
        )
    }

    @Test(arguments: [
        ("SELECT :p AS x", "SELECT 3 AS x"),
        ("SELECT t - :q * 60000000 AS x", "SELECT t - 3600000000 AS x"),
        ("SELECT (:p - 1) * 60000000 AS x", "SELECT 120000000 AS x"),
        ("x ROWS BETWEEN :p - 1 PRECEDING AND :q * 2 FOLLOWING", "x ROWS BETWEEN 2 PRECEDING AND 120 FOLLOWING"),
        ("SELECT LEAD(t, :p - 1) OVER (ORDER BY t) AS x", "SELECT LEAD(t, 2) OVER (ORDER BY t) AS x"),
        ("SELECT a - :p - 1 AS x", "SELECT a - 3 - 1 AS x"), ("SELECT a % :p * 2 AS x", "SELECT a % 3 * 2 AS x"),
        ("SELECT :p + 2 * a AS x", "SELECT 3 + 2 * a AS x"), ("SELECT a IN (:p) AS x", "SELECT a IN (3) AS x"),
        ("SELECT 2 * 3 AS x", "SELECT 2 * 3 AS x"), ("SELECT ':p --' AS x -- :q", "SELECT ':p --' AS x"),
        (
            "WITH a AS NOT MATERIALIZED (\n    SELECT 1 AS x -- one\n)\nSELECT x FROM a;\n",
            "WITH a AS (\n    SELECT 1 AS x\n)\nSELECT x FROM a"
        ),
    ])
    func parametersBecomeNumbersAndHintsGo(_ sql: String, _ rendered: String) throws {
        #expect(try RuleRendering.render(card(sql)) == rendered)
    }

    @Test(arguments: [
        ("SELECT a FROM attempts JOIN journeys j ON j.a = attempts.a", ["attempts", "journeys"]),
        ("SELECT a FROM attempts, Contacts c", ["attempts", "contacts"]),
        ("SELECT a FROM \"contacts\" -- not events\n", ["contacts"]), ("SELECT a FROM [events]", ["events"]),
        ("SELECT 'events' AS a FROM (SELECT 1 AS x) q", []),
        ("WITH mine AS (SELECT a FROM hub_minutes) SELECT a FROM mine", ["hub_minutes"]),
    ])
    func viewsThatAreReadAreNamed(_ sql: String, _ views: [String]) {
        #expect(RuleRendering.views(sql) == views)
    }

    /// What an export for the rules alone may leave out is most of it.
    @Test func hardlyAnyRuleReadsARowARecord() throws {
        let cards = try RuleSet.builtIn().entries.map(\.card)
        func readers(_ view: String) throws -> [String] {
            try cards.filter { RuleRendering.views(try RuleRendering.render($0)).contains(view) }.map(\.name)
        }
        #expect(try readers("events") == [])
        #expect(try readers("contacts") == ["hub-failover"])
    }

    @Test func valuesTakeThePlaceOfDefaults() throws {
        #expect(try RuleRendering.render(card("SELECT :p * 2 AS x"), ["mine.p": 8]) == "SELECT 16 AS x")
        let error = #expect(throws: RuleError.self) { try RuleRendering.render(card("SELECT :r AS x")) }
        #expect(error?.description.contains(":r, which the card does not declare") == true)
    }

    @Test func clickHouseGetsSettings() throws {
        let short = card("SELECT SUM(a) OVER (ORDER BY t RANGE :p PRECEDING) AS x FROM y")
        #expect(try RuleRendering.render(short, for: .clickhouse).hasSuffix("union_default_mode = 'DISTINCT'"))
    }

    @Test(arguments: [(2_147_483_646, true), (2_147_483_647, false), (3_600_000_000, false), (21_600_000_000, false)])
    func clickHouseTakesFramesOf31Bits(_ bound: Int, _ isTaken: Bool) throws {
        for end in ["PRECEDING", "FOLLOWING"] {
            let rule = card("SELECT SUM(a) OVER (ORDER BY t RANGE BETWEEN 0 \(end) AND \(bound) \(end)) AS x FROM y")
            if isTaken {
                #expect(try RuleRendering.render(rule, for: .clickhouse).contains(String(bound)))
            } else {
                let error = #expect(throws: RuleError.self) { try RuleRendering.render(rule, for: .clickhouse) }
                #expect(error?.description.contains("less than 2147483647, this rule has one of \(bound)") == true)
            }
            #expect(try RuleRendering.render(rule).contains(String(bound)))
        }
    }

    /// Over an empty database they compile and give the same columns; what they give of rows is for `scripts/check-engines`.
    @Test(arguments: try RuleSet.builtIn().entries.map(\.card.name))
    func renderedRulesCompile(_ name: String) throws {
        let entry = try #require(try RuleSet.builtIn().entry(name))
        let sql = try RuleRendering.render(entry.card)
        let columns = try LogDatabase.inMemory().access.read { connection in
            try (
                connection.makeStatement(sql: entry.card.sql).columnNames,
                connection.makeStatement(sql: sql).columnNames
            )
        }
        #expect(columns.0 == columns.1)
    }
}
