import Testing

@testable import EventStore

@Suite struct StatementGuardTests {
    @Test(arguments: [
        "SELECT subject FROM nowhere", "SELECT count(*) FROM events",
        "SELECT max(time), sum(copies) FROM events GROUP BY kind",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT i FROM n, journeys",
        "WITH RECURSIVE t(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM t WHERE i < 5) SELECT count(*) FROM t, t AS u",
        "SELECT count(*) FROM EVENTS, Attempts", "SELECT value FROM json_each('[1]')",
        "SELECT count(*) FROM json_each('[1]')",
        "WITH event(i) AS (SELECT 1) SELECT count(*) FROM event, events", "SELECT 1 AS event, count(*) FROM events",
        "WITH a AS (SELECT * FROM files) SELECT * FROM a JOIN rejects",
    ])
    func viewsMayBeRead(_ sql: String) throws {
        #expect(try StatementGuard().complaint(sql, .views) == nil)
    }

    @Test(arguments: [
        ("SELECT time FROM event", "`event`"), ("SELECT * FROM sqlite_master", "`sqlite_master`"),
        ("SELECT (SELECT value FROM setting) FROM events", "`setting`"), ("ATTACH 'x' AS y", "attaches"),
        ("WITH events AS (SELECT * FROM tracked) SELECT * FROM events", "`tracked`"), ("PRAGMA page_count", "PRAGMA"),
        ("SELECT count(*) FROM tracked", "`tracked`"), ("SELECT count(*) FROM sqlite_schema", "sqlite_"),
        ("SELECT count(*) FROM event", "`event`"), ("SELECT count(*) FROM \"EVENT\", events", "`EVENT`"),
        ("SELECT 1 FROM main.[identity] LIMIT 1", "`identity`"), ("SELECT EXISTS (SELECT 1 FROM event)", "`event`"),
        ("WITH events AS MATERIALIZED (SELECT time FROM event) SELECT * FROM events, events AS e", "`event`"),
        ("WITH x AS MATERIALIZED (SELECT time FROM event) SELECT * FROM x, x AS y", "`event`"),
        ("SELECT count(*) FROM pragma_table_list", "more than read"),
        ("INSERT INTO setting VALUES('a', 'b')", "more than read"),
        ("SELECT * FROM pragma_table_list", "more than read"), ("VACUUM INTO 'x'", "no SELECT"),
    ])
    func otherThingsMayNot(_ sql: String, _ word: String) throws {
        let complaint = try StatementGuard().complaint(sql, .views)
        #expect(complaint?.contains(word) == true, "\(complaint ?? "none")")
    }

    @Test func questionsMayReadTheViewsAndAskOfTheFile() throws {
        let statements = try StatementGuard()
        for sql in [
            "SELECT count(*) FROM events", "PRAGMA integrity_check", "PRAGMA table_info(event)", "PRAGMA page_count",
        ] {
            #expect(try statements.complaint(sql, .questions) == nil, "\(sql)")
        }
        for sql in [
            "SELECT time FROM event", "SELECT * FROM night", "SELECT data FROM raw_block",
            "SELECT sql FROM sqlite_schema", "SELECT count(*) FROM event", "SELECT count(*) FROM night",
            "ATTACH 'x' AS y", "DETACH y", "PRAGMA journal_mode", "DROP TABLE event",
            "BEGIN",
        ] {
            #expect(try statements.complaint(sql, .questions) != nil, "\(sql)")
        }
    }
}
