import Foundation
import TestSupport
import Testing

@Suite struct CommandTests {
    static let sample = "samples/hub-migration-old-hub"

    @Test(arguments: [""] + CommandPlacesTests.first.map { $0.path[0] })
    func theHelpOfEveryCommandIsAsRecorded(_ command: String) throws {
        let run = try command.isEmpty ? Binary.run("--help") : Binary.run(command, "--help")
        #expect(run.code == 0)
        #expect(Snapshot.difference(run.output, "help-\(command.isEmpty ? "dpslens" : command).txt") == nil)
    }

    @Test func theReportOfASampleIsAsRecordedAndTheSameTwice() throws {
        let folder = try TestFolder()
        let first = try Binary.run("analyze", Self.sample, "--db", folder.path + "/a.db", "-q")
        #expect(first.code == 0)
        let text = first.output.replacingOccurrences(of: folder.path, with: "DB").replacingOccurrences(
            of: Binary.root + "/",
            with: ""
        )
        #expect(Snapshot.difference(text, "report-hub-migration.txt") == nil)
        let second = try Binary.run("analyze", Self.sample, "--db", folder.path + "/a.db", "-q")
        #expect(
            second.output.split(separator: "\n").filter { !$0.hasPrefix("balance") }
                == first.output.split(separator: "\n").filter { !$0.hasPrefix("balance") }
        )
        for format in ["csv", "json", "jsonl", "table"] {
            let a = try Binary.run("findings", "--db", folder.path + "/a.db", "--format", format)
            let b = try Binary.run("findings", "--db", folder.path + "/a.db", "--format", format)
            #expect(a.output == b.output)
            #expect(!a.output.isEmpty)
        }
    }

    @Test func findingsAreTheContractsColumns() throws {
        let folder = try TestFolder()
        _ = try Binary.run("ingest", Self.sample, "--db", folder.path + "/a.db")
        let csv = try Binary.run("findings", "--db", folder.path + "/a.db", "--format", "csv")
        let lines = csv.output.split(separator: "\n")
        #expect(
            lines[0]
                == "finding_id,rule,severity,confidence,status,subject_kind,subject,registration_id,device_id,enrollment_group,dps,hub,first_seen,last_seen,occurrences,incident,reason,summary,fix,evidence"
        )
        #expect(lines.count == 7)
        #expect(lines[1].contains(",connects-to-old-hub,high,"))
    }

    @Test func theDeviceScreenIsAsRecorded() throws {
        let folder = try TestFolder()
        _ = try Binary.run("ingest", Self.sample, "--db", folder.path + "/a.db")
        let run = try Binary.run("device", "TRUCK-01", "--db", folder.path + "/a.db")
        #expect(run.code == 0)
        #expect(
            Snapshot.difference(run.output.replacingOccurrences(of: folder.path, with: "DB"), "device-truck-01.txt")
                == nil
        )
    }

    @Test func standardInputAndTheBalanceForPrograms() throws {
        let folder = try TestFolder()
        let text = [LogLines.connect(0, "d"), LogLines.connect(0, "d"), "rubbish", ""].joined(separator: "\n")
        let path = try folder.write(gzip(text.utf8), to: "x")
        let run = try Binary.run("ingest", "-", "--db", folder.path + "/a.db", "--json", input: path)
        #expect(run.code == 0)
        #expect(run.output.contains(#""lines":3,"stored":2,"duplicates":0,"ignored":0,"rejected":1"#))
        let rejects = try Binary.run("rejects", "--db", folder.path + "/a.db", "--format", "csv")
        #expect(rejects.output.contains("-,3,"))
    }

    @Test func hostileIdsAreHarmlessEverywhere() throws {
        let folder = try TestFolder()
        let id = #"=cmd|' /C calc'!A0\u001b[31m\u202e<script>"#
        var lines = (0..<20).map { LogLines.connect($0 * 600, "other-\($0)") }
        lines.append(LogLines.registration(60, id.replacingOccurrences(of: "\\", with: "\\\\")))
        let path = try folder.write(lines.joined(separator: "\n"), to: "x")
        let report = try Binary.run("analyze", path, "--db", folder.path + "/a.db")
        #expect(report.output.contains("=cmd|"))
        #expect(!report.output.contains("\u{1B}"))
        #expect(!report.output.contains("\u{202E}"))
        let csv = try Binary.run("findings", "--db", folder.path + "/a.db", "--format", "csv")
        #expect(csv.output.contains("'=cmd|"))
        let markdown = try Binary.run("report", "--db", folder.path + "/a.db", "--format", "markdown")
        #expect(!markdown.output.contains("<script>"))
        let json = try Binary.run("findings", "--db", folder.path + "/a.db", "--format", "json")
        #expect(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) is [[String: Any]])
        let whole = try Binary.run("report", "--db", folder.path + "/a.db", "--format", "json")
        #expect(try JSONSerialization.jsonObject(with: Data(whole.output.utf8)) is [String: Any])
    }

    @Test func everyReadyQuestionRuns() throws {
        let folder = try TestFolder()
        _ = try Binary.run("analyze", Self.sample, "--db", folder.path + "/a.db")
        let questions = try FileManager.default.contentsOfDirectory(atPath: Binary.root + "/queries").filter {
            $0.hasSuffix(".sql")
        }
        #expect(questions.count >= 10)
        for question in questions {
            let run = try Binary.run("query", Binary.root + "/queries/" + question, "--db", folder.path + "/a.db")
            #expect(run.code == 0, "\(question): \(run.error)")
        }
    }

    @Test func aUsersOwnRulesAreEquals() throws {
        let folder = try TestFolder()
        let own = String(decoding: try TestFolder.read(Binary.root + "/queries/rules/throttled.sql"), as: UTF8.self)
        try folder.write(own.replacingOccurrences(of: "rule: throttled", with: "rule: mine"), to: "rules/mine.sql")
        let list = try Binary.run("rules", "list", "--rules", folder.path + "/rules")
        #expect(list.output.contains("mine"))
        #expect(try Binary.run("rules", "lint", "--rules", folder.path + "/rules").code == 4)
    }

    @Test func outputFilesAppearWholeOrNotAtAll() throws {
        let folder = try TestFolder()
        _ = try Binary.run("ingest", Self.sample, "--db", folder.path + "/a.db")
        let good = try Binary.run(
            "findings",
            "--db",
            folder.path + "/a.db",
            "--format",
            "csv",
            "-o",
            folder.path + "/f.csv"
        )
        #expect(good.code == 0)
        #expect(try TestFolder.read(folder.path + "/f.csv").count > 100)
        let bad = try Binary.run("findings", "--db", folder.path + "/a.db", "-o", folder.path + "/no/folder/f.csv")
        #expect(bad.code == 3)
    }
}
