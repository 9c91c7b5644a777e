import Foundation
import GRDB
import TestSupport
import Testing

/// What a night says of itself: what was read for it and by which run, which suppressions are stale, and that it was judged
/// again; by the real binary.
@Suite struct NightHeaderTests {
    /// A folder with a configuration, and logs of one device that fails each day.
    struct Setting {
        let folder: TestFolder
        var db: String { folder.path + "/fleet.db" }

        init(_ more: String = "") throws {
            folder = try TestFolder()
            try folder.write(
                """
                version: 1
                database: fleet.db
                inputs: [logs]
                outputs: {folder: nights, formats: [markdown, csv]}
                \(more)

                """,
                to: "audit.yaml"
            )
        }

        /// An hour's log of a day, counted from the first; registrations that fail, and lines that are none.
        func log(_ day: Int, hour: Int = 12, failures: Int = 4, broken: Int = 0, name: String = "dps") throws {
            let lines = (0..<failures).map { index in
                LogLines.registration(
                    (day * 24 + hour) * 3600 + index * 300,
                    "unit-7",
                    hub: nil,
                    status: "failed",
                    code: 401_002
                )
            }
            let damage = (0..<broken).map { "{\"time\": \($0)" }
            try folder.write((lines + damage).map { $0 + "\n" }.joined(), to: "logs/\(name)-\(day)-\(hour).json")
        }

        func night(_ day: Int, _ more: String...) throws -> Run {
            let end = LogLines.time((day + 1) * 86_400)
            return try Binary.run(["audit", "--config", folder.path + "/audit.yaml", "--cron", "--as-of", end] + more)
        }

        func report(_ day: Int) throws -> String {
            try text("nights/\(LogLines.time((day + 1) * 86_400).prefix(10))/report.md")
        }

        /// Changes the database as somebody else may.
        func sql(_ text: String) throws { try DatabaseQueue(path: db).write { try $0.execute(sql: text) } }

        func text(_ name: String) throws -> String {
            String(decoding: try TestFolder.read(folder.path + "/" + name), as: UTF8.self)
        }
    }

    @Test func aNightThatIsRunAgainTellsWhatWasReadForIt() throws {
        let setting = try Setting("limits: {rejected: 10}")
        try setting.log(0, failures: 4, broken: 4)
        let first = try setting.night(0)
        #expect(first.code == 2)
        #expect(first.output.contains("8 records read, 4 rejected"))
        #expect(try setting.report(0).contains("8 records in 1 new or grown files of 1: 4 stored"))
        for _ in 0..<2 {
            let again = try setting.night(0)
            // What could not be read is missing still.
            #expect(again.code == 2)
            #expect(again.output.contains("8 records read (0 by this run), 4 rejected, made again from what is held"))
            let report = try setting.report(0)
            #expect(report.contains("0 of them by this run in 0 new or grown files of 1"))
            #expect(report.contains("the night was made before"))
        }
        try setting.log(1)
        let second = try setting.night(1)
        #expect(second.code == 0)
        #expect(second.output.contains("; 4 records read, 0 rejected;"))
    }

    @Test func whatIngestHasReadSinceTheNightBeforeIsReadForTheNight() throws {
        let setting = try Setting("limits: {rejected: 10}")
        try setting.log(0)
        #expect(try setting.night(0).code == 0)
        try setting.log(1, failures: 4, broken: 2)
        #expect(try Binary.run("ingest", setting.folder.path + "/logs", "--db", setting.db).code == 0)
        let night = try setting.night(1)
        #expect(night.output.contains("6 records read (0 by this run), 2 rejected"))
        #expect(night.code == 2, "\(night.output)")
        #expect(try setting.report(1).contains("6 records: 4 stored, 0 known before, 0 not used, 2 rejected"))
    }

    @Test func theNightTellsOfSuppressionsThatMatchNothing() throws {
        let setting = try Setting("suppressions: accepted.yaml")
        try setting.folder.write(
            """
            version: 1
            suppressions:
              - {rule: key-derivation-failure, subject: unit-7, reason: known, owner: ops, expires: 2030-01-01}
              - {rule: key-derivation-failure, subject: "unit-8\\u001b[2J", reason: gone, owner: ops, expires: 2030-01-01}

            """,
            to: "accepted.yaml"
        )
        try setting.log(0)
        let night = try setting.night(0)
        #expect(night.code == 0)
        #expect(night.output.contains("1 suppressed"))
        #expect(night.output.contains("; 1 suppressions to tidy up"))
        #expect(night.error.contains("(line 4, owner ops): unused: no finding matches it"))
        #expect(!night.error.contains("unit-7"))
        let report = try setting.report(0)
        #expect(report.contains("unused: no finding matches it"))
        #expect(!(report + night.error + night.output).contains("\u{1B}"))
        let json = try setting.night(0, "--json").output
        #expect(json.contains("\"suppressions\":[\"suppression of key-derivation-failure unit-8"))
    }

    @Test func theIndexMarksNightsThatWereJudgedAgain() throws {
        let setting = try Setting()
        for day in 0..<4 {
            try setting.log(day)
            #expect(try setting.night(day).code == 0)
            let index = try setting.text("nights/index.html")
            #expect(!index.contains("judged again"))
        }
        try setting.log(0, hour: 9, failures: 2, name: "late")
        let night = try setting.night(4)
        #expect(night.output.contains("judged again: "))
        let index = try setting.text("nights/index.html")
        #expect(index.components(separatedBy: "judged again with what was read since").count == 5, "\(index)")
    }

    @Test func aReportThatCannotBePutInItsPlaceLeavesNoDraft() throws {
        let setting = try Setting()
        try setting.log(0)
        let text = try setting.text("audit.yaml")
        let broken = text.replacing("outputs: {", with: "outputs: {prometheus_file: /dev/full, ")
        try setting.folder.write(broken, to: "audit.yaml")
        #expect(try setting.night(0).code == 3)
        let left = try FileManager.default.contentsOfDirectory(atPath: setting.folder.path + "/nights")
        #expect(!left.contains { $0.hasPrefix(".dpslens-night-") })
        try setting.folder.write(text, to: "audit.yaml")
        #expect(try setting.night(0).code == 0)
        #expect(try setting.report(0).contains("unit-7"))
    }
}
