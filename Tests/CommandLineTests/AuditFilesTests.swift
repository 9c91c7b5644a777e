import Foundation
import Glibc
import TestSupport
import Testing

/// What the audit may replace and remove: its own, by its mark, and nothing else.
@Suite struct AuditFilesTests {
    private struct Setting {
        let folder: TestFolder
        var config: String { folder.path + "/audit.yaml" }

        init(_ more: String = "", outputs: String = "") throws {
            folder = try TestFolder()
            let lines = (0..<15).map { LogLines.connect($0 * 3600, "d") }
            try folder.write(lines.joined(separator: "\n") + "\n", to: "logs/a.json")
            let outputs = "{folder: nights, formats: [csv]\(outputs)}"
            try folder.write(
                "version: 1\ndatabase: fleet.db\ninputs: [logs]\noutputs: \(outputs)\n" + more,
                to: "audit.yaml"
            )
        }

        func run(_ date: String, _ more: String...) throws -> Run {
            try Binary.run(["audit", "--config", config, "--cron", "--as-of", date] + more)
        }

        func path(_ name: String) -> String { folder.path + "/" + name }

        /// Whether there is anything of this name, be it a link that leads nowhere.
        func has(_ name: String) -> Bool { (try? FileManager.default.attributesOfItem(atPath: path(name))) != nil }

        var latest: String? { try? FileManager.default.destinationOfSymbolicLink(atPath: path("nights/latest")) }

        func value(_ sql: String) throws -> String {
            try Binary.tables(sql, path("fleet.db")).split(separator: "\n").dropFirst().joined(separator: "\n")
        }
    }

    @Test(arguments: ["folder", "file", "link", "link to a night", "night of another date"])
    func aForeignThingInTheNightsPlaceIsAnErrorAndUntouched(_ kind: String) throws {
        let setting = try Setting()
        try setting.folder.write("years of work", to: "elsewhere/thesis.doc")
        try setting.folder.write("x", to: "nights/x")
        let place = setting.path("nights/2026-11-20")
        switch kind {
        case "folder": try setting.folder.write("years of work", to: "nights/2026-11-20/thesis.doc")
        case "file": try setting.folder.write("years of work", to: "nights/2026-11-20")
        case "link": #expect(symlink(setting.path("elsewhere"), place) == 0)
        case "link to a night":
            #expect(try setting.run("2026-11-21").code == 2)
            #expect(symlink("2026-11-21", place) == 0)
        default:
            #expect(try setting.run("2026-11-21").code == 2)
            #expect(rename(setting.path("nights/2026-11-21"), place) == 0)
        }
        let run = try setting.run("2026-11-20")
        #expect(run.code == 3, "\(run.output)\(run.error)")
        #expect(run.error.contains("nights/2026-11-20"))
        #expect(setting.has("elsewhere/thesis.doc"))
        if kind == "folder" { #expect(setting.has("nights/2026-11-20/thesis.doc")) }
        #expect(try setting.value("SELECT count(*) AS n FROM night WHERE night = '2026-11-20'") == "0")
    }

    @Test func whatSomebodyPutIntoANightKeepsIt() throws {
        let setting = try Setting("retention: {reports: 1d}\n")
        #expect(try setting.run("2026-11-10", "--force").code == 2)
        #expect(try setting.run("2026-11-11", "--force").code == 2)
        try setting.folder.write("my notes", to: "nights/2026-11-10/notes.txt")
        #expect(try setting.run("2026-11-10").code == 3)
        let run = try setting.run("2026-11-20", "--force")
        #expect(run.code == 0, "\(run.error)")
        #expect(setting.has("nights/2026-11-10/notes.txt"))
        #expect(!setting.has("nights/2026-11-11"))
        #expect(run.output.contains("removed ") && run.output.contains("nights/2026-11-11"))
        #expect(run.error.contains("nights/2026-11-10"))
    }

    @Test func retentionRemovesOnlyWhatCarriesTheMarkAndStandsInTheTable() throws {
        let setting = try Setting("retention: {reports: 1d}\n")
        try setting.folder.write("years of work", to: "nights/2026-03-02/thesis.doc")
        try setting.folder.write("x", to: "nights/.foo.part-of-mine/file")
        try setting.folder.write("x", to: "nights/.dpslens-night-of-mine/file")
        try setting.folder.write("years of work", to: "elsewhere/thesis.doc")
        #expect(symlink(setting.path("elsewhere"), setting.path("nights/2026-03-03")) == 0)
        // A mark that somebody copied, of a night that this database does not know.
        try setting.folder.write(
            "dpslens night 2026-03-04\nfile findings.csv\n",
            to: "nights/2026-03-04/.dpslens-night"
        )
        let run = try setting.run("2026-11-20")
        #expect(run.code == 0, "\(run.error)")
        for name in [
            "nights/2026-03-02/thesis.doc", "nights/.foo.part-of-mine/file", "nights/.dpslens-night-of-mine/file",
            "nights/2026-03-03", "elsewhere/thesis.doc", "nights/2026-03-04/.dpslens-night",
        ] { #expect(setting.has(name), "\(name)") }
        #expect(run.error.contains("2026-03-02"))
    }

    @Test func aForeignLatestIsAnErrorAndANightOfThePastDoesNotMoveIt() throws {
        let setting = try Setting()
        #expect(try setting.run("2026-11-20").code == 0)
        #expect(setting.latest == "2026-11-20")
        #expect(try setting.run("2026-11-15").code == 2)
        #expect(setting.latest == "2026-11-20")
        #expect(try setting.run("2026-11-21").code == 2)
        #expect(setting.latest == "2026-11-21")
        unlink(setting.path("nights/latest"))
        try setting.folder.write("mine", to: "nights/latest")
        let run = try setting.run("2026-11-21")
        #expect(run.code == 3)
        #expect(run.error.contains("nights/latest"))
        #expect(try TestFolder.read(setting.path("nights/latest")) == Array("mine".utf8))
    }

    @Test func aNightOfTheFutureIsRefusedAndTakesNothingAway() throws {
        let setting = try Setting("retention: {events: 30d, reports: 30d}\n")
        #expect(try setting.run("2026-11-20").code == 0)
        let events = try setting.value("SELECT count(*) AS n FROM event")
        let run = try setting.run("2930-01-01")
        #expect(run.code == 64)
        #expect(run.error.contains("future") && run.error.contains("--force"))
        #expect(try setting.value("SELECT count(*) AS n FROM event") == events)
        #expect(try setting.value("SELECT count(*) AS n FROM night") == "1")
        // Forced, the time is still counted from the newest event.
        let forced = try setting.run("2930-01-01", "--force")
        #expect(forced.code == 2, "\(forced.error)")
        #expect(try setting.value("SELECT count(*) AS n FROM event") == events)
        #expect(setting.has("nights/2026-11-20"))
    }

    @Test func aPruneOfMostEventsIsRefusedWithItsNumbers() throws {
        let setting = try Setting("retention: {events: 1h}\n")
        let run = try setting.run("2026-11-20")
        #expect(run.code == 2)
        #expect(run.error.contains("would remove 13 of 15 events") && run.error.contains("--force"), "\(run.error)")
        #expect(setting.has("nights/2026-11-20/findings.csv"))
        #expect(try setting.value("SELECT count(*) AS n FROM event") == "15")
        let db = setting.path("fleet.db")
        let prune = try Binary.run("prune", "--keep", "1h", "--db", db)
        #expect(prune.code == 64)
        #expect(prune.error.contains("would remove 13 of 15 events"))
        // Counted from the newest event: the clock is far behind or ahead of these logs.
        #expect(try Binary.run("prune", "--keep", "10h", "--db", db).output.hasPrefix("pruned 4 events"))
        #expect(try Binary.run("prune", "--keep", "1h", "--db", db, "--force").output.hasPrefix("pruned 9 events"))
        // What is gone comes back on request alone.
        #expect(try Binary.run("ingest", setting.path("logs"), "--db", db).output.contains("0 stored"))
        let again = try Binary.run("ingest", setting.path("logs"), "--db", db, "--again", "--json").output
        #expect(again.contains(#""lines":15,"stored":13,"duplicates":2"#), "\(again)")
    }

    @Test func outputsHaveTheModeOfTheConfiguration() throws {
        let setting = try Setting(outputs: ", mode: \"0640\"")
        #expect(try setting.run("2026-11-20").code == 0)
        func mode(_ name: String) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: setting.path(name))[.posixPermissions] as? Int
        }
        #expect(try mode("nights/2026-11-20") == 0o750)
        for name in ["findings.csv", "summary.json", ".dpslens-night"] {
            #expect(try mode("nights/2026-11-20/" + name) == 0o640, "\(name)")
        }
        for wrong in ["0755", "rw", "0444", "07777"] {
            #expect(try Setting(outputs: ", mode: \"\(wrong)\"").run("2026-11-20").code == 4, "\(wrong)")
        }
    }
}
