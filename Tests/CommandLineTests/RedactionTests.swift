import Foundation
import TestSupport
import Testing

/// A fleet with ordinary and hostile names; every output of the real binary with `--redact` is searched for every one of them.
@Suite struct RedactionTests {
    private static let hostile = ["<img src=q onerror=boo()>-dev", "=cmd|'/C calc'!A0-dev", "javascript:alert(77)-dev"]
    private static let resource =
        "/SUBSCRIPTIONS/3F0E6C1A-5B5D-4E0C-9C56-0A1B2C3D4E5F/RESOURCEGROUPS/KITCHEN-RG/PROVIDERS/MICROSOFT.DEVICES"

    private static func record(_ second: Int, _ place: String, _ top: [String: String], _ properties: [String: String])
        throws -> String
    {
        var record: [String: Any] = top
        record["time"] = LogLines.time(second)
        record["resourceId"] = "\(resource)/\(place)"
        record["properties"] = String(
            decoding: try JSONSerialization.data(withJSONObject: properties, options: .sortedKeys),
            as: UTF8.self
        )
        return String(
            decoding: try JSONSerialization.data(withJSONObject: record, options: .sortedKeys),
            as: UTF8.self
        )
    }

    private static func registration(_ second: Int, _ id: String, ok: Bool) throws -> String {
        var properties = [
            "registrationId": id, "attestationType": "symmetricKey", "status": ok ? "assigned" : "failed",
            "enrollmentType": "group", "enrollmentGroupId": "Oven-Group",
        ]
        if ok {
            properties["assignedHub"] = "hub-bakery.azure-devices.net"
        } else {
            properties["errorCode"] = "401002"
            properties["errorMessage"] = "no entry for \(id) from 203.0.113.77"
        }
        return try record(
            second,
            "PROVISIONINGSERVICES/DPS-KITCHEN",
            [
                "category": "RegistrationsOperationalLogs", "operationName": "Register",
                "resultType": ok ? "Success" : "Failure", "callerIpAddress": "198.51.100.XXX",
            ],
            properties
        )
    }

    private static func connect(_ second: Int, _ id: String, hub: String, code: String? = nil) throws -> String {
        var top = [
            "category": "Connections", "operationName": "deviceConnect", "level": code == nil ? "Information" : "Error",
        ]
        if let code {
            top["resultType"] = code
            top["resultDescription"] = "DeviceNotFound"
        }
        return try record(
            second,
            "IOTHUBS/\(hub)",
            top,
            ["deviceId": id, "protocol": "Mqtt", "maskedIpAddress": "192.0.2.XXX"]
        )
    }

    /// A batch whose keys are wrong after a change of its group, devices that loop and go to an old hub, hostile ones among them.
    private static func lines() throws -> [String] {
        var lines: [String] = []
        lines.append(
            try record(
                600,
                "PROVISIONINGSERVICES/DPS-KITCHEN",
                ["category": "ServiceOperations", "operationName": "Upsert", "resultType": "Success"],
                ["id": "Oven-Group", "type": "EnrollmentGroup", "protocol": "HTTP"]
            )
        )
        for number in 0..<24 {
            for attempt in 0..<4 {
                lines.append(try registration(1200 + attempt * 300 + number, "oven-\(2040 + number)", ok: false))
            }
        }
        for (number, id) in (hostile + (0..<20).map { "toaster-\(500 + $0)" }).enumerated() {
            for round in 0..<6 { lines.append(try registration(2000 + round * 300 + number, id, ok: true)) }
            let isLost = number < 8
            for round in 0..<4 {
                let hub = isLost ? "HUB-OLDTOWN" : "HUB-BAKERY"
                lines.append(
                    try connect(4000 + round * 900 + number, id, hub: hub, code: isLost && round > 1 ? "404001" : nil)
                )
            }
        }
        for minute in 0..<200 { lines.append(try connect(minute * 120, "fridge-900", hub: "HUB-BAKERY")) }
        return lines + ["not a record of toaster-501 at hub-bakery"]
    }

    /// Every name that the database knows, in lower case, in each form in which an output may write it.
    private static func names(_ db: String, _ folder: TestFolder) throws -> Set<String> {
        let sql = """
            SELECT identity AS name FROM events UNION SELECT instance FROM events UNION SELECT assigned_hub FROM events
            UNION SELECT enrollment_group FROM events UNION SELECT network FROM events UNION SELECT path FROM files
            """
        let rows = try JSONSerialization.jsonObject(
            with: Data(try Binary.run("query", "--sql", sql, "--format", "json", "--db", db).output.utf8)
        )
        var names = Set(try #require(rows as? [[String: Any]]).compactMap { $0["name"] as? String })
        names.formUnion([
            "kitchen-rg", "3f0e6c1a-5b5d", "203.0.113", "198.51.100", "192.0.2.", folder.path, "2040..2063",
        ])
        for name in names {
            names.insert(name.replacingOccurrences(of: "<", with: "&lt;").replacingOccurrences(of: ">", with: "&gt;"))
            names.insert(name.replacingOccurrences(of: "'", with: "&#39;"))
        }
        return Set(names.map { $0.lowercased() }.filter { $0.utf8.count > 4 })
    }

    private static func fleet() throws -> (folder: TestFolder, db: String, key: String) {
        let folder = try TestFolder()
        try folder.write(try lines().joined(separator: "\n") + "\n", to: "secret-kitchen/day.json")
        let db = folder.path + "/kitchen.db"
        #expect(try Binary.run("ingest", folder.path + "/secret-kitchen", "--db", db).code == 0)
        let key = try folder.write((0..<32).map { UInt8($0 * 7 % 251) }, to: "redact.key")
        return (folder, db, key)
    }

    @Test func noOutputHoldsAnyName() throws {
        let (folder, db, key) = try Self.fleet()
        defer { withExtendedLifetime(folder) {} }
        let names = try Self.names(db, folder)
        #expect(names.count > 40)
        let plain = try Binary.run("report", "--format", "json", "--db", db)
        // The fleet must show its names where nothing is redacted, else the search below proves nothing.
        for name in [
            "oven-2040", "2040..2063", "toaster-50", "<img src=q", "hub-oldtown", "secret-kitchen", "oven-group",
        ] {
            #expect(plain.output.lowercased().contains(name), "\(name)")
        }
        var outputs: [(String, Run)] = []
        func run(_ arguments: String...) throws {
            outputs.append(
                (arguments.joined(separator: " "), try Binary.run(arguments + ["--db", db, "--redact", key]))
            )
        }
        for format in ["table", "csv", "json", "jsonl", "sarif", "junit", "prometheus", "timesketch"] {
            try run("findings", "--format", format)
        }
        for format in ["text", "markdown", "html", "json"] { try run("report", "--format", format) }
        for format in ["table", "csv", "json", "jsonl"] {
            try run("incidents", "--format", format)
            try run("coverage", "--format", format)
            try run("rejects", "--format", format)
        }
        try run("analyze", folder.path + "/secret-kitchen", "-q")
        try run("coverage", "--hours")
        try run("device", "oven-2041")
        try run("device", Self.hostile[0])
        let incidents = try Binary.run("incidents", "--format", "csv", "--db", db, "--redact", key)
        let ids = incidents.output.split(separator: "\n").dropFirst().compactMap { $0.split(separator: ",").first }
        #expect(!ids.isEmpty)
        for id in ids { try run("incidents", "show", String(id)) }
        for (command, run) in outputs {
            #expect(run.code == 0, "\(command): \(run.error)")
            #expect(!run.output.isEmpty)
            let text = run.output.lowercased()
            for name in names { #expect(!text.contains(name), "\(command) shows \(name)") }
        }
        let original = try Binary.run("findings", "--format", "csv", "--db", db).output
        for line in original.split(separator: "\n").dropFirst() {
            let id = line.prefix(16)
            for (command, run) in outputs { #expect(!run.output.contains(id), "\(command) shows the id \(id)") }
        }
    }

    @Test func reportsOfOneKeyAgreeAndAnotherKeyDiffers() throws {
        let (folder, db, key) = try Self.fleet()
        defer { withExtendedLifetime(folder) {} }
        let other = try folder.write((0..<32).map { UInt8($0 * 11 % 251) }, to: "other.key")
        let a = try Binary.run("findings", "--format", "csv", "--db", db, "--redact", key)
        let b = try Binary.run("findings", "--format", "csv", "--db", db, "--redact", key)
        let c = try Binary.run("findings", "--format", "csv", "--db", db, "--redact", other)
        #expect(a.output == b.output)
        func pseudonyms(_ text: String) -> Set<Substring> { Set(text.matches(of: /[a-z]+-[0-9a-f]{12}/).map(\.output)) }
        #expect(pseudonyms(a.output).count > 20)
        #expect(pseudonyms(a.output).isDisjoint(with: pseudonyms(c.output)))
        let html = try Binary.run("report", "--format", "html", "--db", db, "--redact", key)
        #expect(pseudonyms(a.output).isSubset(of: pseudonyms(html.output)))
    }

    @Test func aPseudonymOfTheReportLeadsToItsDevice() throws {
        let (folder, db, key) = try Self.fleet()
        defer { withExtendedLifetime(folder) {} }
        let report = try Binary.run("report", "--db", db, "--redact", key)
        let line = try #require(report.output.split(separator: "\n").first { $0.hasPrefix("Next: dpslens device ") })
        #expect(line.hasSuffix(" --db FILE"))
        let pseudonym = String(line.split(separator: " ")[3])
        let screen = try Binary.run("device", pseudonym, "--db", db, "--redact", key)
        #expect(screen.code == 0)
        #expect(screen.output.hasPrefix(pseudonym + "\n"))
        #expect(try Binary.run("device", pseudonym, "--db", db).code == 64)
    }

    @Test func aKeyThatIsOfNoUseStopsTheRun() throws {
        let (folder, db, _) = try Self.fleet()
        let short = try folder.write("tooshort-secret".utf8, to: "short.key")
        for path in [short, folder.path + "/missing.key", folder.path] {
            for command in [
                ["findings"], ["report"], ["incidents"], ["coverage"], ["rejects"], ["device", "oven-2041"],
            ] {
                let run = try Binary.run(command + ["--db", db, "--redact", path])
                #expect(run.code == 4, "\(command)")
                #expect(run.output.isEmpty)
                #expect(run.error.contains("key"))
                #expect(!run.error.contains("tooshort-secret"))
            }
        }
    }

    @Test func theAuditsFilesHoldNoNameEither() throws {
        let (folder, db, _) = try Self.fleet()
        let names = try Self.names(db, folder).union(["hub-elsewhere"])
        let formats = "csv, json, jsonl, html, markdown, text, sarif, junit, prometheus, timesketch"
        try folder.write(
            """
            version: 1
            database: nightly.db
            inputs: [secret-kitchen]
            redact_key_file: redact.key
            outputs:
              folder: reports
              formats: [\(formats)]
              prometheus_file: metrics.prom
            limits:
              streams: [hub-elsewhere, hub-bakery]

            """,
            to: "audit.yaml"
        )
        let run = try Binary.run("audit", "--config", folder.path + "/audit.yaml", "--as-of", "2026-11-20", "--json")
        #expect(run.code == 2, "\(run.error)")
        let night = folder.path + "/reports/2026-11-20"
        let files = try FileManager.default.contentsOfDirectory(atPath: night).sorted()
        #expect(
            files == [
                ".dpslens-night", "findings.csv", "findings.json", "findings.jsonl", "findings.junit.xml",
                "findings.prom", "findings.sarif", "report.html", "report.md", "report.txt", "summary.json",
                "timesketch.csv",
            ]
        )
        var texts = [run.output, String(decoding: try TestFolder.read(folder.path + "/metrics.prom"), as: UTF8.self)]
        #expect(texts[1].contains("dpslens_incomplete 1\n"))
        #expect(texts[1].contains("dpslens_last_run_timestamp_seconds"))
        for file in files { texts.append(String(decoding: try TestFolder.read(night + "/" + file), as: UTF8.self)) }
        for (file, text) in zip(["stdout", "metrics"] + files, texts) {
            #expect(!text.isEmpty)
            let lower = text.lowercased()
            for name in names { #expect(!lower.contains(name), "\(file) shows \(name)") }
        }
        // What the database keeps are the names: the next night is judged by them.
        let kept = try Binary.tables("SELECT count(*) AS n FROM night_finding", folder.path + "/nightly.db")
        #expect(kept != "n\n0\n")
        try folder.write("short".utf8, to: "redact.key")
        #expect(try Binary.run("audit", "--config", folder.path + "/audit.yaml", "--as-of", "2026-11-21").code == 4)
    }

    @Test func aRegistryNamesWhatTheSearchDoesNotKnowSoBothAreRefused() throws {
        let folder = try TestFolder()
        let key = try folder.write((0..<32).map { UInt8($0) }, to: "redact.key")
        let registry = try folder.write("{}", to: "registry.json")
        for command in ["findings", "report", "incidents"] {
            let run = try Binary.run(command, "--redact", key, "--registry", registry, "--db", folder.path + "/none.db")
            #expect(run.code == 64)
            #expect(run.error.contains("do not go together"))
        }
    }
}
