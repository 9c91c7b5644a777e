import Foundation
import Glibc
import TestSupport
import Testing

/// SQL that others wrote reads the documented views, and no other file.
@Suite struct GuardedSQLTests {
    /// A built-in rule under another name, with its SELECT replaced.
    static func rule(_ name: String, _ sql: String, to folder: TestFolder, in rules: String = "rules") throws {
        let own = String(decoding: try TestFolder.read(Binary.root + "/queries/rules/throttled.sql"), as: UTF8.self)
        let card = own.split(separator: "\n", omittingEmptySubsequences: false).prefix {
            $0.hasPrefix("--") || $0.isEmpty
        }
        let text = card.joined(separator: "\n").replacingOccurrences(of: "rule: throttled", with: "rule: \(name)")
        try folder.write(text + "\n" + sql + "\n", to: "\(rules)/\(name).sql")
    }

    @Test(arguments: [
        "ATTACH 'OTHER' AS other", "ATTACH DATABASE 'file:OTHER?mode=rwc' AS other", "SELECT * FROM tracked",
        "SELECT name AS subject FROM sqlite_master", "WITH x AS (SELECT * FROM setting) SELECT * FROM x",
        "WITH events AS (SELECT * FROM night) SELECT * FROM events", "SELECT load_extension('OTHER')",
        "PRAGMA journal_mode = DELETE", "SELECT * FROM pragma_database_list", "DELETE FROM events",
        "VACUUM INTO 'OTHER'",
    ])
    func aRuleThatDoesMoreIsRefusedBeforeItRuns(_ sql: String) throws {
        let folder = try TestFolder()
        let other = folder.path + "/other.db"
        try Self.rule("mine", sql.replacingOccurrences(of: "OTHER", with: other), to: folder)
        let db = folder.path + "/a.db"
        for arguments in [
            ["analyze", CommandTests.sample, "--db", db], ["rules", "test", "mine"], ["rules", "lint"],
        ] {
            let run = try Binary.run(arguments + ["--rules", folder.path + "/rules"])
            #expect(run.code == 4, "\(arguments) \(run.output)\(run.error)")
            #expect((run.output + run.error).contains("mine"))
        }
        #expect(access(other, F_OK) != 0)
    }

    @Test func aRuleOverTheViewsRuns() throws {
        let folder = try TestFolder()
        let own = String(decoding: try TestFolder.read(Binary.root + "/queries/rules/throttled.sql"), as: UTF8.self)
        try folder.write(own.replacingOccurrences(of: "rule: throttled", with: "rule: mine"), to: "rules/mine.sql")
        let run = try Binary.run(
            "analyze",
            CommandTests.sample,
            "--db",
            folder.path + "/a.db",
            "--rules",
            folder.path + "/rules"
        )
        #expect(run.code == 0, "\(run.error)")
    }

    @Test(arguments: [
        "ATTACH 'OTHER' AS other", "ATTACH DATABASE 'file:OTHER?mode=rwc' AS other; SELECT 1", "DETACH main",
        "PRAGMA journal_mode = DELETE", "PRAGMA writable_schema = 1", "VACUUM INTO 'OTHER'",
        "SELECT load_extension('OTHER')",
        "DELETE FROM event", "CREATE TABLE x(a)", "SELECT * FROM event", "SELECT count(*) FROM event",
        "SELECT sql FROM sqlite_master",
        "SELECT name, value FROM setting", "WITH x AS (SELECT data FROM raw_block) SELECT * FROM x",
    ])
    func aQuestionThatDoesMoreIsRefused(_ sql: String) throws {
        let folder = try TestFolder()
        let other = folder.path + "/other.db"
        let db = folder.path + "/a.db"
        _ = try Binary.run("ingest", CommandTests.sample, "--db", db)
        let before = try TestFolder.read(db)
        let run = try Binary.run("query", "--sql", sql.replacingOccurrences(of: "OTHER", with: other), "--db", db)
        #expect(run.code == 3, "\(run.output)\(run.error)")
        #expect(access(other, F_OK) != 0)
        #expect(try TestFolder.read(db) == before)
    }
}
