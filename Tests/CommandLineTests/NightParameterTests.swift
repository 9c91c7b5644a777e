import Foundation
import TestSupport
import Testing

/// Commands over a database judge by the parameters of its audits: they tell what the nights told, and undo nothing.
@Suite struct NightParameterTests {
    /// The findings of a database by rule and subject, with the ids.
    private static func findings(_ db: String) throws -> Set<String> {
        let run = try Binary.run("findings", "--db", db, "--format", "csv")
        #expect(run.code == 0, "\(run.error)")
        let rows = run.output.split(separator: "\n").dropFirst()
        return Set(rows.map { $0.split(separator: ",").prefix(7).joined(separator: ",") })
    }

    private static func states(_ db: String) throws -> String {
        try Binary.tables("SELECT name, value FROM setting WHERE name IN ('derived', 'findings') ORDER BY 1", db)
    }

    @Test func aPlainCommandDoesNotUndoAnAudit() throws {
        let setting = try NightHeaderTests.Setting(
            "rules: {parameters: {key-derivation-failure.count: 6}}\ncorrelation: {connect_window: 20m}"
        )
        try setting.log(0, failures: 4)
        try setting.log(0, hour: 15, failures: 4, name: "more")
        #expect(try setting.night(0).code == 0)
        let kept = try Self.states(setting.db)
        let told = try Self.findings(setting.db)
        #expect(told.contains { $0.contains("key-derivation-failure") })
        for command in [["findings"], ["report", "--format", "markdown"], ["device", "unit-7"], ["coverage"]] {
            #expect(try Binary.run(command + ["--db", setting.db]).code == 0)
            #expect(try Self.states(setting.db) == kept, "\(command)")
        }
        let status = try Binary.run("status", "--db", setting.db).output
        #expect(status.contains("correlation.connect_window=1200000000"))
        #expect(status.contains("key-derivation-failure.count=6"))
        // What came since is judged by them, too.
        let fresh = try NightHeaderTests.Setting("rules: {parameters: {key-derivation-failure.count: 6}}")
        try fresh.log(0, failures: 4)
        #expect(try fresh.night(0).code == 0)
        #expect(try !Self.findings(fresh.db).contains { $0.contains("key-derivation-failure") })
        try fresh.log(1, failures: 1)
        #expect(try Binary.run("analyze", fresh.folder.path + "/logs", "--db", fresh.db).code == 0)
        #expect(try !Self.findings(fresh.db).contains { $0.contains("key-derivation-failure") })
        try fresh.log(2, failures: 1)
        #expect(try Binary.run("analyze", fresh.folder.path + "/logs", "--db", fresh.db).code == 0)
        #expect(try Self.findings(fresh.db).contains { $0.contains("key-derivation-failure") })
    }

    @Test func anAuditWithoutParametersGoesBackToTheDefaults() throws {
        let setting = try NightHeaderTests.Setting("rules: {parameters: {key-derivation-failure.count: 6}}")
        try setting.log(0, failures: 4)
        #expect(try setting.night(0).code == 0)
        #expect(try !Self.findings(setting.db).contains { $0.contains("key-derivation-failure") })
        let own = "rules: {parameters: {key-derivation-failure.count: 6}}"
        let text = try setting.text("audit.yaml").replacing(own, with: "")
        try setting.folder.write(text, to: "audit.yaml")
        #expect(try setting.night(0).code == 0)
        #expect(try Self.findings(setting.db).contains { $0.contains("key-derivation-failure") })
        #expect(try !Binary.run("status", "--db", setting.db).output.contains("parameters of its last audit"))
    }

    @Test(arguments: ["correlation.connect_window=-1", "correlation.skew", "x=9223372036854775808"])
    func parametersThatNobodyWroteAreDamage(_ value: String) throws {
        let setting = try NightHeaderTests.Setting()
        try setting.log(0)
        #expect(try setting.night(0).code == 0)
        try setting.sql("INSERT OR REPLACE INTO setting(name, value) VALUES('parameters', '\(value)')")
        let run = try Binary.run("findings", "--db", setting.db)
        #expect(run.code == 3)
        #expect(run.error.contains("the database is damaged"))
    }
}
