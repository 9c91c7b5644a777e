import Foundation
import TestSupport
import Testing

/// The numbers of a night's report against a count of its window's records by another way: SQL over the view of events.
@Suite struct NightNumbersTests {
    @Test func aNightsNumbersAreThoseOfItsWindow() throws {
        let setting = try NightOracleTests.Setting(NightWeek(seed: 11, devices: 1500, nights: 4))
        for night in 1...4 {
            try setting.week.deliver(night, to: setting.folder)
            #expect(try setting.run(night).code == 0)
            try Self.check(setting, night)
        }
        // What is pruned afterwards changes no number of a night whose window is left.
        let prune = ["prune", "--force", "--keep", "34h", "--db", setting.db]
        let trial = try Binary.run(prune + ["--dry-run"])
        #expect(trial.output.hasPrefix("would prune "))
        let before = try setting.events()
        let pruned = try Binary.run(prune)
        let count = pruned.output.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        #expect(count > 0)
        #expect(
            trial.output.replacingOccurrences(of: "would prune", with: "pruned").replacingOccurrences(
                of: "would keep",
                with: "kept"
            ) == pruned.output
        )
        #expect(try setting.events() == before - count)
        #expect(try setting.run(4).code == 0)
        try Self.check(setting, 4)
    }

    /// The rows of the report's table, by their names.
    private static func told(_ setting: NightOracleTests.Setting, _ night: Int) throws -> [String: String] {
        let path = setting.folder.path + "/reports/\(setting.week.date(night))/report.md"
        var rows: [String: String] = [:]
        for line in String(decoding: try TestFolder.read(path), as: UTF8.self).split(separator: "\n") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            if cells.count == 2 { rows[cells[0]] = cells[1] }
        }
        return rows
    }

    private static func check(_ setting: NightOracleTests.Setting, _ night: Int) throws {
        let told = try told(setting, night)
        let window = """
            time >= (SELECT window_from FROM night WHERE night = '\(setting.week.date(night))')
            AND time < (SELECT window_to FROM night WHERE night = '\(setting.week.date(night))')
            """
        func count(_ what: String, _ condition: String, from: String = "events") throws -> Int {
            let sql = "SELECT coalesce(\(what), 0) AS n FROM \(from) WHERE \(window) AND \(condition)"
            let rows = try Binary.tables(sql, setting.db)
            return try #require(Int(rows.split(separator: "\n").last ?? ""))
        }
        let registrations = try count("count(DISTINCT lower(identity))", "kind = 'registration'")
        #expect(registrations > 0)
        #expect(told["registration ids"] == String(registrations), "night \(night)")
        let devices = try count("count(DISTINCT identity)", "service = 'hub' AND kind <> 'identity-operation'")
        #expect(told["devices at hubs"] == String(devices), "night \(night)")
        for outcome in ["connected", "refused"] {
            let contacts = try count("sum(copies)", "kind = 'connect' AND outcome = '\(outcome)'")
            #expect(
                told["connect attempts"]?.contains("\(contacts) \(outcome)") ?? false,
                "night \(night): \(contacts)"
            )
        }
        let errors = try count(
            "sum(copies)",
            """
            (kind = 'hub-error' OR kind = 'identity-operation' AND outcome = 'failed' OR identity IS NOT NULL
                AND (kind = 'connect' AND outcome = 'refused' OR kind = 'disconnect' AND outcome = 'dropped'))
            """
        )
        let unexplained = try count("sum(copies)", "1", from: "unexplained_errors")
        // Every error has its place: those that nothing explains are in findings, over, or too few to say.
        let refusals = try count("count(*)", "outcome IN ('failed', 'disabled', 'throttled')", from: "attempts")
        let account = told["errors"] ?? ""
        let numbers = account.split(whereSeparator: { !$0.isNumber }).compactMap { Int($0) }
        #expect(numbers.count == 5, "night \(night): \(account)")
        #expect(numbers.dropFirst(2).reduce(0, +) == unexplained + refusals, "night \(night): \(account)")
        #expect(numbers.first == numbers.dropFirst().reduce(0, +), "night \(night): \(account)")
        let explained = "\(errors - unexplained) errors of hubs that what followed explains"
        #expect(told["normal errors"]?.contains(explained) ?? false, "night \(night): \(explained)")
        let letIn = try count("count(*)", "outcome IN ('assigned', 'accepted')", from: "attempts")
        #expect(told["let in by DPS"] == String(letIn), "night \(night)")
    }
}
