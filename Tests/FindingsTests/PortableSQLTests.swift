import Testing

@testable import Findings

@Suite struct PortableSQLTests {
    /// What other engines refuse or, worse, read otherwise.
    @Test(arguments: [
        ("SELECT time / 3600000000 AS hour FROM t", "`/` between integers"),
        ("SELECT (a - a % 60) / 60 AS m FROM t", "`/` between integers"),
        ("SELECT CAST((a - a % 60) / 61 AS BIGINT) AS m FROM t", "`/` between integers"),
        ("SELECT a / b * 1e0 AS share FROM t", "`/` between integers"),
        ("SELECT TRIM(x, ',') AS x FROM t", "`TRIM` with two arguments"),
        ("SELECT rtrim(x, '0123456789') AS x FROM t", "`RTRIM` with two arguments"),
        ("SELECT CAST(x AS TEXT) AS x FROM t", "CAST(… AS TEXT)"),
        ("SELECT CAST(x AS INTEGER) AS x FROM t", "CAST(… AS INTEGER)"),
        ("SELECT a.x AS x FROM a CROSS JOIN b ON b.y = a.y", "CROSS JOIN … ON"),
        ("SELECT x AS x FROM t WHERE x > 10.83", "`10.83` is a decimal"),
        ("WITH c AS (SELECT a.x, b.y AS y FROM a JOIN b ON b.y = a.y) SELECT x FROM c", "`a.x AS x`"),
        ("SELECT DISTINCT a.x FROM a", "`a.x AS x`"),
        ("SELECT \"x\" AS x FROM t", "without quotes"),
        ("SELECT strftime('%s', x) AS x FROM t", "`strftime` is no function"),
        ("SELECT MAX(a, b) AS x FROM t", "`MAX` of several values"),
        ("SELECT x AS end FROM t", "`end` is a reserved word"),
        ("WITH window AS (SELECT 1 AS x) SELECT x FROM window", "`window` is a reserved word"),
        ("SELECT r.offset AS place FROM rejects r", "`offset` is a reserved word"),
        ("SELECT x AS x FROM t INDEXED BY i", "SQLite's alone"),
        ("SELECT x AS x FROM t WHERE x GLOB 'a*'", "SQLite's alone"),
        ("SELECT x AS x FROM t WHERE x == 1", "`==`"),
    ])
    func whatIsReadOtherwiseElsewhereIsNamedWithItsLine(_ sql: String, _ reason: String) {
        let problems = PortableSQL.problems("\n" + sql)
        #expect(problems.contains { $0.contains(reason) && $0.hasPrefix("line 2 ") }, "\(problems)")
    }

    @Test(arguments: [
        "SELECT time - time % 3600000000 AS hour FROM t",
        "SELECT CAST((a - a % (b * 2)) / (b * 2) AS BIGINT) || '' AS m FROM t",
        "SELECT SUM(a) * 1e0 / COUNT(*) AS share, a * 100e0 / n - b * 100e0 / m AS d FROM t",
        "SELECT (a * 1e0 / n) * b / (c * (1 - c)) AS chi FROM t",
        "WITH c AS MATERIALIZED (SELECT a.x AS x FROM a) SELECT x FROM c, a CROSS JOIN b WHERE a.y = b.y",
        "SELECT 'a / b, CAST(x AS TEXT)' AS x, TRIM(y) AS y FROM t -- 1 / 2",
        "SELECT ROW_NUMBER() OVER (PARTITION BY a.x, a.y ORDER BY a.z) AS n FROM a WHERE a.x IN (1, 2)",
        "SELECT CASE WHEN a.x = 1 THEN a.y END AS y FROM a ORDER BY a.x",
    ])
    func whatIsReadAlikePasses(_ sql: String) {
        #expect(PortableSQL.problems(sql) == [])
    }

    @Test(arguments: try RuleSet.builtIn().entries.map(\.card.name))
    func everyRuleIsPortable(_ name: String) throws {
        let entry = try #require(try RuleSet.builtIn().entry(name))
        #expect(PortableSQL.problems(entry.card.sql) == [])
        let sql = try RuleRendering.render(entry.card)
        #expect(PortableSQL.problems(sql) == [])
        #expect(
            !SQLToken.tokens(sql).contains {
                $0.kind == .parameter || $0.kind == .comment || $0.upper == "MATERIALIZED"
            }
        )
    }

    @Test func piecesJoinedAreTheTextAgain() throws {
        for entry in try RuleSet.builtIn().entries {
            #expect(SQLToken.tokens(entry.card.sql).map(\.text).joined() == entry.card.sql)
        }
    }
}
