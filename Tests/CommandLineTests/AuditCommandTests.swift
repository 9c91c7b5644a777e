import EventStore
import Foundation
import TestSupport
import Testing

/// The nightly audit's edges, by the real binary; the nights themselves are in `FortnightTests`.
@Suite struct AuditCommandTests {
    private struct Setting {
        let folder: TestFolder
        var config: String { folder.path + "/audit.yaml" }

        init(_ more: String = "", lines: [String]? = nil) throws {
            folder = try TestFolder()
            try folder.write((lines ?? Self.lines).joined(separator: "\n") + "\n", to: "logs/a.json")
            let text = "version: 1\ndatabase: fleet.db\ninputs: [logs]\noutputs: {folder: reports, formats: [csv]}\n"
            try folder.write(text + more, to: "audit.yaml")
        }

        /// One device that loops, and a hub's log through the day.
        static let lines =
            (0..<6).map { LogLines.registration($0 * 60, "loops") } + (0..<15).map { LogLines.connect($0 * 3600, "d") }

        func run(_ more: String...) throws -> Run {
            try Binary.run(["audit", "--config", config, "--cron", "--as-of", "2026-11-20"] + more)
        }

        func has(_ path: String) -> Bool { FileManager.default.fileExists(atPath: folder.path + "/" + path) }
    }

    @Test func oneLineIsPrintedAndTheOutputsAreThere() throws {
        let setting = try Setting()
        let run = try setting.run()
        #expect(run.code == 0, "\(run.error)")
        #expect(run.output.hasPrefix("dpslens audit 2026-11-20: "))
        #expect(run.output.split(separator: "\n").count == 1)
        #expect(run.error == "")
        #expect(setting.has("reports/2026-11-20/findings.csv"))
        #expect(setting.has("reports/latest/summary.json"))
        let json = try setting.run("--json").output
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        #expect(object["night"] as? String == "2026-11-20")
        #expect((object["ingest"] as? [String: Any])?["filesUnchanged"] as? Int == 1)
    }

    @Test func theWorstOfFindingsAndHolesDecidesTheExitCode() throws {
        #expect(try Setting().run("--fail-on", "new").code == 1)
        #expect(try Setting("fail_on: medium\n").run().code == 1)
        #expect(try Setting("fail_on: medium\n").run("--fail-on", "none").code == 0)
        #expect(try Setting("fail_on: critical\n").run().code == 0)
        let holes = try Setting("fail_on: medium\nwindow: 14h\noverlap: 1h\nlimits: {streams: [hub-a, hub-b]}\n").run()
        #expect(holes.code == 2)
        #expect(holes.output.contains("INCOMPLETE: logs of hub-b do not cover the window"))
        let rejects = try Setting("limits: {rejected: 1}\n", lines: Setting.lines + ["rubbish"]).run()
        #expect(rejects.code == 2)
        #expect(rejects.output.contains("1 of 22 records"))
    }

    @Test func whatIsInvalidStopsTheRunBeforeAnythingIsMade() throws {
        for more in [
            "fail_onn: high\n", "rules: {parameters: {registration-loop.cout: 3}}\n", "suppressions: none.yaml\n",
        ] {
            let setting = try Setting(more)
            let run = try setting.run()
            #expect(run.code == 4, "\(more)\(run.error)")
            #expect(!setting.has("reports"))
            #expect(!setting.has("fleet.db"))
        }
        #expect(try Setting().run("--fail-on", "hihg").code == 64)
        #expect(try Binary.run("audit", "--config", "/no/such.yaml").code == 4)
    }

    @Test func outputsThatCannotBeWrittenAreThreeAndKeepNoNight() throws {
        let setting = try Setting()
        try setting.folder.write("a file where the folder should be", to: "reports")
        let run = try setting.run()
        #expect(run.code == 3)
        #expect(run.error.contains("cannot write"))
        let nights = try Binary.tables("SELECT count(*) AS n FROM night", setting.folder.path + "/fleet.db")
        #expect(nights == "n\n0\n")
    }

    @Test func theHolderOfTheLockIsNamedWithItsAge() throws {
        let setting = try Setting()
        do {
            let lock = try DatabaseLock(
                for: setting.folder.path + "/fleet.db",
                owner: "dpslens audit",
                now: Int64(Date().timeIntervalSince1970 - 300) * 1_000_000
            )
            defer { withExtendedLifetime(lock) {} }
            let run = try setting.run()
            #expect(run.code == 5)
            #expect(run.error.contains("dpslens audit, since 20"))
            #expect(run.error.contains("5 min ago"))
        }
        // Left by a process that died: the kernel has let go of it, the text is still there.
        try setting.folder.write("process 1 on gone, dpslens audit, since 2020-01-01T00:00:00Z", to: "fleet.db.lock")
        #expect(try setting.run().code == 0)
    }

    @Test func recordsThatComeTooLateAreToldAlsoWhenAnotherCommandSawThemFirst() throws {
        let setting = try Setting("window: 24h\noverlap: 1h\n")
        #expect(try setting.run().code == 0)
        let later = (0..<30).map { LogLines.connect(5 * 86_400 + $0 * 3600, "d") }
        try setting.folder.write(later.joined(separator: "\n"), to: "logs/b.json")
        let nights = ["audit", "--config", setting.config, "--cron", "--as-of"]
        #expect(try Binary.run(nights + ["2026-11-25"]).code == 0)
        try setting.folder.write(LogLines.connect(7200, "late"), to: "logs/c.json")
        let db = setting.folder.path + "/fleet.db"
        #expect(try Binary.run("ingest", setting.folder.path + "/logs", "--db", db).code == 0)
        #expect(try Binary.run("findings", "--db", db).code == 0)
        #expect(try Binary.run(nights + ["2026-11-26"]).code == 0)
        let csv = String(
            decoding: try TestFolder.read(setting.folder.path + "/reports/latest/findings.csv"),
            as: UTF8.self
        )
        #expect(csv.contains("late-records,low,certain,new,fleet,logs"))
    }

    @Test func oldNightsAndEventsGoAndTheirFindingsStay() throws {
        let setting = try Setting("retention: {events: 5d, reports: 5d}\n")
        #expect(try setting.run().code == 0)
        let later = (0..<30).map { LogLines.connect(8 * 86_400 + $0 * 3600, "d") }
        try setting.folder.write(later.joined(separator: "\n"), to: "logs/b.json")
        let night = ["audit", "--config", setting.config, "--cron", "--as-of", "2026-11-29"]
        let run = try Binary.run(night)
        #expect(run.code == 0, "\(run.output)\(run.error)")
        #expect(!setting.has("reports/2026-11-20"))
        #expect(setting.has("reports/2026-11-29/findings.csv"))
        let db = setting.folder.path + "/fleet.db"
        // What the device did that loops is kept while nobody knows that it does well; of the other one everything goes.
        let sql = "SELECT identity, count(*) AS events FROM events WHERE time < 1795219200000000 GROUP BY 1"
        let left = try Binary.run("query", "--sql", sql, "--format", "csv", "--db", db).output
        #expect(left == "identity,events\nloops,6\n")
    }

    @Test func theConfigurationIsShownWithTheOriginOfEachValue() throws {
        let setting = try Setting("window: 48h\n")
        let run = try Binary.run(
            "config",
            "show",
            "--config",
            setting.config,
            "--format",
            "csv",
            environment: ["DPSLENS_AUDIT_FAIL_ON": "high"]
        )
        #expect(run.output.contains("window,48h,\(setting.config):5\n"))
        #expect(run.output.contains("overlap,6h,default\n"))
        #expect(run.output.contains("fail_on,high,$DPSLENS_AUDIT_FAIL_ON\n"))
        let wrong = try Binary.run(
            "config",
            "show",
            "--config",
            setting.config,
            environment: ["DPSLENS_AUDIT_WINDOW": "soon"]
        )
        #expect(wrong.code == 4)
        #expect(wrong.error.contains("$DPSLENS_AUDIT_WINDOW"))
    }

    @Test func thePublishedSchemaIsTheBinarysOwn() throws {
        let text = try Binary.run("config", "schema").output
        let file = String(decoding: try TestFolder.read(Binary.root + "/docs/schemas/audit.schema.json"), as: UTF8.self)
        #expect(text == file, "run `dpslens config schema > docs/schemas/audit.schema.json`")
        _ = try JSONSerialization.jsonObject(with: Data(text.utf8))
    }

    @Test func everyKeyIsDocumentedAndTheExampleIsValid() throws {
        let page = String(decoding: try TestFolder.read(Binary.root + "/docs/audit.md"), as: UTF8.self)
        let shown = try Binary.run("config", "show", "--config", "docs/examples/audit.yaml", "--format", "csv")
        #expect(shown.code == 0, "\(shown.error)")
        for line in shown.output.split(separator: "\n").dropFirst() {
            let key = String(line.prefix { $0 != "," })
            #expect(page.contains("`\(key)`"), "\(key)")
        }
    }
}
