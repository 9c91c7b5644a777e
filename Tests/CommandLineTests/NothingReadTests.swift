import Foundation
import TestSupport
import Testing

/// Where nothing could be judged, no output says or looks as if all were well, and the exit code is 2.
@Suite struct NothingReadTests {
    private static let rubbish = "no log\nat all\n"
    private static let metric =
        #"{"count":4,"total":4,"minimum":1,"maximum":1,"average":1,"resourceId":"/SUBSCRIPTIONS/0/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.DEVICES/IOTHUBS/HUB-A","time":"2026-11-20T08:00:00Z","metricName":"connectedDeviceCount","timeGrain":"PT1M"}"#

    /// Inputs of which nothing can be used, and a word of the reason.
    static let inputs: [(name: String, files: [String: String], reason: String)] = [
        ("rubbish", ["x.json": rubbish], "rejected"),
        ("an empty file", ["x.json": ""], "no record"),
        ("an empty folder", [:], "no file"),
        ("metrics alone", ["x.json": metric + "\n"], "nothing could be read"),
    ]

    private static func first(_ text: String) -> String { String(text.prefix { $0 != "\n" }) }

    @Test(arguments: inputs.indices)
    func everyOutputSaysSo(_ index: Int) throws {
        let (name, files, reason) = Self.inputs[index]
        let folder = try TestFolder()
        try folder.write("", to: "logs/.keep")
        for (file, text) in files { try folder.write(text, to: "logs/" + file) }
        let db = folder.path + "/a.db"
        let analyze = try Binary.run("analyze", folder.path + "/logs", "--db", db)
        #expect(analyze.code == 2, "\(name)")
        #expect(Self.first(analyze.output).hasPrefix("dpslens: nothing could be read: "), "\(name): \(analyze.output)")
        #expect(analyze.output.contains(reason), "\(name)")
        #expect(analyze.error.contains("nothing could be read"))
        #expect(!analyze.output.contains("nothing to act on") && !analyze.output.contains("No findings"))
        for format in ["text", "markdown", "html", "json"] {
            let run = try Binary.run("report", "--db", db, "--format", format)
            #expect(run.code == 2, "\(name) \(format)")
            #expect(run.error.contains("nothing could be read"), "\(name) \(format)")
            #expect(run.output.contains("nothing could be read"), "\(name) \(format)")
            if format == "text" || format == "markdown" {
                #expect(Self.first(run.output).contains("nothing could be read"), "\(name) \(format)")
            }
        }
        for format in ["table", "csv", "json", "jsonl", "sarif", "junit", "prometheus", "timesketch"] {
            let run = try Binary.run("findings", "--db", db, "--format", format)
            #expect(run.code == 2, "\(name) \(format)")
            #expect(run.error.contains("nothing could be read"), "\(name) \(format)")
            switch format {
            case "table": #expect(Self.first(run.output).contains("nothing could be read"))
            case "json": #expect(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) is [Any])
            case "sarif":
                #expect(run.output.contains(#""executionSuccessful":false"#))
                #expect(run.output.contains("nothing could be read"))
            case "junit": #expect(run.output.contains(#"errors="1""#) && run.output.contains("nothing could be read"))
            case "prometheus": #expect(run.output.contains("dpslens_incomplete 1"))
            default: break
            }
        }
        for command in ["status", "incidents", "coverage"] {
            #expect(
                Self.first(try Binary.run(command, "--db", db).output).contains("nothing could be read"),
                "\(command)"
            )
        }
    }

    @Test func aFileBesideAnOlderContentOfTheDatabaseIsNotCoveredByIt() throws {
        let folder = try TestFolder()
        let db = folder.path + "/a.db"
        #expect(try Binary.run("analyze", CommandTests.sample, "--db", db).code == 0)
        let run = try Binary.run("analyze", try folder.write(Self.rubbish, to: "x.json"), "--db", db)
        #expect(run.code == 2)
        #expect(Self.first(run.output).contains("nothing could be read"))
        // What is known is not read again, and no failure.
        #expect(try Binary.run("analyze", CommandTests.sample, "--db", db).code == 0)
    }

    @Test func aTimeWithoutRecordsIsNamed() throws {
        let folder = try TestFolder()
        let db = folder.path + "/a.db"
        #expect(try Binary.run("analyze", CommandTests.sample, "--db", db).code == 0)
        for arguments in [
            ["--until", "2020-01-01"], ["--since", "2099-01-01"], ["--since", "2019-01-01", "--until", "2019-02-01"],
        ] {
            for command in ["report", "findings"] {
                let run = try Binary.run([command, "--db", db] + arguments)
                #expect(run.code == 2)
                #expect(Self.first(run.output).contains("no records in this time"), "\(run.output)")
                #expect(run.error.contains("no records in this time"))
            }
        }
        let whole = try Binary.run("report", "--db", db, "--format", "json").output
        #expect(!whole.contains("\"nothing\""))
        let none = try Binary.run("report", "--db", db, "--format", "json", "--until", "2020-01-01")
        let object = try #require(try JSONSerialization.jsonObject(with: Data(none.output.utf8)) as? [String: Any])
        #expect((object["nothing"] as? String)?.contains("no records in this time") == true)
    }

    @Test func exportsAloneAreNoLogs() throws {
        let folder = try TestFolder()
        let record =
            #"{"registrationId":"d-1","deviceId":"d-1","assignedHub":"hub-a.azure-devices.net","status":"assigned","createdDateTimeUtc":"2026-11-20T08:00:00Z","lastUpdatedDateTimeUtc":"2026-11-20T08:00:00Z"}"#
        let run = try Binary.run(
            "analyze",
            try folder.write("[\(record)]", to: "x.json"),
            "--db",
            folder.path + "/a.db"
        )
        #expect(run.code == 2)
        #expect(Self.first(run.output).contains("no logs were read"))
    }

    @Test func aNightWithoutRecordsIsIncomplete() throws {
        let folder = try TestFolder()
        try folder.write(LogLines.connect(0, "d") + "\n", to: "logs/a.json")
        try folder.write(
            "version: 1\ndatabase: a.db\ninputs: [logs]\noutputs: {folder: nights, formats: [text, html]}\n",
            to: "audit.yaml"
        )
        let night = ["audit", "--config", folder.path + "/audit.yaml", "--cron", "--as-of"]
        #expect(try Binary.run(night + ["2026-11-20"]).code == 0)
        let run = try Binary.run(night + ["2026-11-29"])
        #expect(run.code == 0 || run.code == 2)
        let empty = try Binary.run(night + ["2026-11-10"])
        #expect(empty.code == 2)
        #expect(empty.output.hasPrefix("dpslens audit 2026-11-10: no records in this time"))
        #expect(empty.error.contains("no records in this time"))
        let report = String(decoding: try TestFolder.read(folder.path + "/nights/2026-11-10/report.txt"), as: UTF8.self)
        #expect(Self.first(report).contains("no records in this time"))
    }

    @Test func rejectsBesideRecordsAreNotNothingToActOn() throws {
        let folder = try TestFolder()
        let text = (0..<30).map { LogLines.connect($0 * 60, "d-\($0)") }.joined(separator: "\n") + "\nrubbish\n"
        let run = try Binary.run("analyze", try folder.write(text, to: "x.json"), "--db", folder.path + "/a.db")
        #expect(!run.output.contains("nothing to act on"))
    }
}
