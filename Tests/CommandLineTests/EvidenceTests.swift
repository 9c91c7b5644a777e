import Foundation
import TestSupport
import Testing

/// From a report to the raw line, through the real binary.
@Suite struct EvidenceTests {
    /// The samples in which something is found.
    static let samples = [
        "assigned-then-refused", "ca-rotation-expiry-wave", "derived-keys-wrong-batch", "hub-migration-old-hub",
        "never-connected-site", "provisions-every-boot", "rollout-429-backoff",
    ]

    /// A database of a sample and its findings.
    private static func database(_ sample: String) throws -> (folder: TestFolder, db: String, rows: [[String: Any]]) {
        let folder = try TestFolder()
        let db = folder.path + "/a.db"
        _ = try Binary.run("ingest", "samples/\(sample)", "--db", db, "-q")
        let json = try Binary.run("findings", "--db", db, "--format", "json").output
        let rows = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]]
        return (folder, db, try #require(rows))
    }

    /// A list of places has `;` between, so a path's own is written in another way and read back as it was.
    @Test(arguments: [("a;b", "a;b"), (#"c\x3Bd"#, #"c\x5Cx3Bd"#), (";", ";")])
    func aSemicolonInAPathIsPartOfThePath(_ name: String, _ text: String) throws {
        let folder = try TestFolder()
        try folder.write("", to: "logs/empty")
        try FileManager.default.copyItem(
            atPath: Binary.root + "/samples/hub-migration-old-hub",
            toPath: folder.path + "/logs/" + name
        )
        let db = folder.path + "/a.db"
        _ = try Binary.run("ingest", folder.path + "/logs", "--db", db, "-q")
        let json = try Binary.run("findings", "--db", db, "--format", "json").output
        let rows = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]])
        #expect(!rows.isEmpty)
        for row in rows {
            let id = try #require(row["finding_id"] as? String)
            let places = try #require(row["evidence"] as? String).split(separator: ";").map(String.init)
            #expect((1...3).contains(places.count))
            let run = try Binary.run("evidence", id, "--db", db, "--format", "json")
            let told = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
            let records = try #require(told?["records"] as? [[String: Any]])
            #expect(records.count == places.count)
            for (record, place) in zip(records, places) {
                let file = try #require(record["file"] as? String)
                #expect(file.contains("/logs/\(text)/"), "\(file)")
                // As it stands in the list, it can be asked for.
                let one = try Binary.run("evidence", place, "--db", db, "--format", "json")
                #expect(one.code == 0, "\(one.error)")
                let again = try JSONSerialization.jsonObject(with: Data(one.output.utf8)) as? [String: Any]
                #expect((again?["records"] as? [[String: Any]])?.first?["file"] as? String == file)
            }
        }
    }

    @Test(arguments: samples)
    func everyLineThatAFindingNamesCanBeReached(_ sample: String) throws {
        let (folder, db, rows) = try Self.database(sample)
        defer { withExtendedLifetime(folder) {} }
        #expect(!rows.isEmpty)
        for row in rows.prefix(3) {
            let id = try #require(row["finding_id"] as? String)
            let places = try #require(row["evidence"] as? String).split(separator: ";")
            let run = try Binary.run("evidence", String(id.prefix(8)), "--db", db, "--format", "json")
            #expect(run.code == 0)
            let told = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
            #expect(told?["finding"] as? String == id)
            let records = try #require(told?["records"] as? [[String: Any]])
            #expect(records.count == places.count)
            for (record, place) in zip(records, places) {
                let (file, line) = (try #require(record["file"] as? String), try #require(record["line"] as? Int))
                #expect("\(file):\(line)" == place)
                // Either the text is kept, or its columns are and a command prints the line; the command is tried.
                let kept = record["records"] as? [Any] ?? []
                let stored = record["stored"] as? [Any] ?? []
                #expect(kept.isEmpty != stored.isEmpty)
                let command = try #require(record["print"] as? String)
                let printed = try Self.shell(command)
                #expect(printed.hasPrefix("{") && printed.hasSuffix("}\n"), "\(command): \(printed.prefix(80))")
            }
        }
    }

    /// What a command prints, in the project's folder.
    private static func shell(_ command: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command]
        process.currentDirectoryURL = URL(fileURLWithPath: Binary.root)
        let out = Pipe()
        process.standardOutput = out
        try process.run()
        let bytes = out.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func theEndOfAPathIsEnoughWhereItIsTheOnlyOne() throws {
        let folder = try TestFolder()
        let db = folder.path + "/a.db"
        let line = LogLines.registration(0, "press-1", hub: nil, status: "failed", code: 401002)
        try folder.write(line + "\n" + line.replacingOccurrences(of: "press-1", with: "press-2"), to: "x/one.json")
        try folder.write(LogLines.connect(0, "press-3"), to: "y/two.json")
        try folder.write(LogLines.connect(1, "press-4"), to: "z/two.json")
        _ = try Binary.run("ingest", folder.path, "--db", db, "-q")
        let one = try Binary.run("evidence", "one.json:2", "--db", db)
        #expect(one.code == 0)
        #expect(one.output.contains("press-2"))
        #expect(!one.output.contains("press-1"))
        let two = try Binary.run("evidence", "two.json:1", "--db", db)
        #expect(two.code == 64)
        #expect(two.error.contains("several files end with two.json"))
        let success = try Binary.run("evidence", "y/two.json:1", "--db", db)
        #expect(success.output.contains("identity = press-3"))
        #expect(success.output.contains("Print the line: sed -n '1p' "))
        #expect(try Binary.run("evidence", "one.json:99", "--db", db).output.contains("Nothing is kept of this line"))
        #expect(try Binary.run("evidence", "no.json:1", "--db", db).code == 64)
        #expect(try Binary.run("evidence", "ffffffffffff", "--db", db).code == 64)
    }

    @Test func whatIsNotFoundHasOneExitCodeAndAHint() throws {
        let (folder, db, rows) = try Self.database("hub-migration-old-hub")
        defer { withExtendedLifetime(folder) {} }
        let id = try #require(rows[0]["finding_id"] as? String)
        let wrong = String(id.dropLast()) + (id.hasSuffix("0") ? "1" : "0")
        for (arguments, hint) in [
            (["device", "truk-01", "--db", db], "did you mean truck-01?"),
            (["evidence", wrong, "--db", db], "did you mean"),
            (["incidents", "show", "zzzz", "--db", db], "`dpslens incidents"),
            (["rules", "show", "conects-to-old-hub"], "did you mean connects-to-old-hub?"),
            (["findings", "--rule", "conects-to-old-hub", "--db", db], "did you mean connects-to-old-hub?"),
            (["findings", "--status", "nwe", "--db", db], "did you mean new?"),
            (["findings", "--columns", "subjct", "--db", db], "did you mean subject?"),
            (["findings", "--sort", "-last_sen", "--db", db], "did you mean last_seen?"),
            (["finding", "--db", db], "did you mean `dpslens findings`?"),
            (["incidents", "shw", "--db", db], "did you mean `dpslens incidents show`?"),
            (["nonsense"], "`dpslens --help` lists them"),
        ] {
            let run = try Binary.run(arguments)
            #expect(run.code == 64, "\(arguments)")
            #expect(run.error.contains(hint), "\(run.error)")
            #expect(run.output.isEmpty)
        }
    }

    @Test func findingsAreFilteredOrderedAndNarrowed() throws {
        let (folder, db, rows) = try Self.database("hub-migration-old-hub")
        defer { withExtendedLifetime(folder) {} }
        func list(_ arguments: String...) throws -> [[String: Any]] {
            let run = try Binary.run(["findings", "--db", db, "--format", "json"] + arguments)
            #expect(run.code == 0)
            return try #require(JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [[String: Any]])
        }
        let incident = try #require(rows[0]["incident"] as? String)
        #expect(try list("--device", "TRUCK-02").count == 1)
        #expect(try list("--device", "TRUCK-02", "--device", "truck-03").count == 2)
        #expect(try list("--group", "trucks", "--hub", "hub-east", "--status", "new").count == rows.count)
        #expect(try list("--hub", "nowhere").isEmpty)
        #expect(try list("--rule", "throttled").isEmpty)
        #expect(try list("--incident", String(incident.prefix(6))).count == rows.count)
        #expect(try list("--limit", "2").count == 2)
        let ascending = try list("--sort", "subject").compactMap { $0["subject"] as? String }
        let descending = try list("--sort", "-subject").compactMap { $0["subject"] as? String }
        #expect(ascending == ascending.sorted() && descending == ascending.reversed())
        let csv = try Binary.run(
            "findings",
            "--db",
            db,
            "--format",
            "csv",
            "--columns",
            "subject,reason",
            "--limit",
            "1"
        )
        #expect(csv.output == "subject,reason\ntruck-01,old-hub hub-west\n")
        #expect(csv.error.contains("1 of 6 findings shown"))
        for number in 0..<40 {
            // Every filter leaves out, and never adds or changes.
            let device = "truck-\(number < 10 ? "0" : "")\(number)"
            let found = try list("--device", device).compactMap { $0["finding_id"] as? String }
            #expect(
                found == rows.filter { $0["subject"] as? String == device }.compactMap { $0["finding_id"] as? String }
            )
        }
    }

    @Test func aDeviceIsToldInEveryFormatAndDepth() throws {
        let (folder, db, _) = try Self.database("assigned-then-refused")
        defer { withExtendedLifetime(folder) {} }
        let rows = try Binary.run(
            "query",
            "--sql",
            "SELECT device_id FROM contacts WHERE outcome = 'refused' ORDER BY 1 LIMIT 1",
            "--format",
            "csv",
            "--db",
            db
        ).output.split(separator: "\n")
        let device = String(rows[1])
        let json = try Binary.run("device", device, "--format", "json", "--raw", "--all", "--db", db)
        let story = try #require(JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        let entries = try #require(story["entries"] as? [[String: Any]])
        #expect(story["entries_before"] as? Int == 0)
        #expect(entries.count > 0 && entries.allSatisfy { $0["raw"] is [String: Any] })
        let raw = try Binary.run("device", device, "--raw", "--db", db)
        #expect(raw.output.contains("\"resourceId\": "))
        #expect(raw.output.contains("The text is not kept") || !raw.output.contains("Print the line"))
        let last = try #require(entries.last?["time"] as? String)
        let since = try Binary.run("device", device, "--since", last, "--db", db)
        #expect(since.output.contains("… \(entries.count - 1) earlier events"))
        let html = try Binary.run("device", device, "--format", "html", "--raw", "--db", db)
        #expect(html.output.hasPrefix("<!DOCTYPE html>"))
        #expect(html.output.contains("<pre>"))
        for format in ["text", "json", "html"] {
            #expect(
                try Binary.run("device", device, "--format", format, "--raw", "--db", db).output
                    == Binary.run("device", device, "--format", format, "--raw", "--db", db).output
            )
        }
    }
}
