import Attestation
import Foundation
import TestSupport
import Testing

/// A fleet with planted mistakes and the registry that knows better, by the real binary.
@Suite struct RegistryTests {
    private static let now = "2026-11-20T12:00:00Z"

    /// The files of a fleet in a folder of their own.
    private struct Fleet {
        let folder: TestFolder
        let log: String
        let registry: String
        let keys: String
        let requests: String
        /// What may stand nowhere: keys, the signatures of tokens.
        let secrets: [String]

        var db: String { folder.path + "/fleet.db" }
        var given: [String] { ["--registry", registry, "--as-of", RegistryTests.now] }
        var all: [String] { given + ["--group-keys", keys, "--requests", requests] }
    }

    private static func refused(_ id: String, _ code: Int = 401_002, _ attestation: String = "symmetricKey") -> [String]
    {
        (0..<3).map {
            LogLines.registration($0 * 600, id, hub: nil, status: "failed", code: code, attestation: attestation)
        }
    }

    private static func works(_ id: String, _ second: Int = 0, group: String? = nil) -> [String] {
        [LogLines.registration(second, id, group: group), LogLines.connect(second + 5, id)]
    }

    /// A fleet in which one thing each is wrong.
    private static func planted() throws -> Fleet {
        let folder = try TestFolder()
        let (group, spare, link, own, second) = (Make.key(), Make.key(), Make.key(32), Make.key(), Make.key())
        var secrets = [group, spare, link, own, second]
        let groupKey = try EnrollmentKey.read(group)
        var registry = Make()
        registry.hubs = [
            #"{"connectionString":"HostName=hub-a.azure-devices.net;SharedAccessKeyName=dps-link;SharedAccessKey=\#(link)"}"#
        ]
        let off = #""provisioningStatus":"disabled","lastUpdatedDateTimeUtc":"2026-11-20T08:30:00Z""#
        let weak = HandMadeCertificate("weak", modulus: HandMadeCertificate.modulus(bits: 1024), serial: 3)
        registry.individuals = [
            Make.individual("blocked", Make.symmetric(), off), Make.individual("left", Make.symmetric(), off),
            Make.individual("press-00017", Make.symmetric()),
            Make.individual("late", Make.client(HandMadeCertificate("late", until: "20261119000000Z"))),
            Make.individual("soon", Make.client(HandMadeCertificate("soon", until: "20261124000000Z", serial: 2))),
            Make.individual("weak", Make.client(weak)), Make.individual("twin-1", Make.symmetric(own)),
            Make.individual("twin-2", Make.symmetric(own)), Make.individual("master", Make.symmetric(second)),
            Make.individual("Case", Make.symmetric()), Make.individual("case", Make.symmetric()),
            Make.individual("astray", Make.symmetric(), #""iotHubs":["hub-gone.azure-devices.net"]"#),
        ]
        registry.groups = [
            Make.group("line", #"{"type":"symmetricKey"}"#), Make.group("line-2", Make.symmetric(second)),
            Make.group("old-ca", Make.signing(HandMadeCertificate("ca", until: "20261119000000Z", serial: 4))),
        ]
        let lines =
            refused("upper") + refused("bare") + refused("press-00O17", 404_201) + refused("late", 401_002, "x509")
            + (0..<3).map { LogLines.registration($0 * 600, "blocked", hub: nil, status: "disabled") }
            + works("left") + [LogLines.connect(5400, "left")]
            + works("well", group: "line") + [LogLines.registration(60, "moved", hub: "hub-b")]
            + [LogLines.connect(4000, "x", hub: "HUB-B"), LogLines.connect(61, "x", hub: "HUB-B")]
        func request(_ id: String, _ key: SecretBytes) -> String {
            let sr = "\(registry.scope)%2Fregistrations%2F\(id)"
            let signature = Base64Text.encode(key.hmacSHA256("\(sr)\n1893456000".utf8))
            secrets.append(signature)
            key.withBytes { secrets.append(Base64Text.encode($0)) }
            let encoded = signature.replacing("+", with: "%2B").replacing("/", with: "%2F").replacing("=", with: "%3D")
            secrets.append(encoded)
            let token = "SharedAccessSignature sr=\(sr)&sig=\(encoded)&se=1893456000&skn=registration"
            return
                #"{"idScope":"\#(registry.scope)","registrationId":"\#(id)","authorization":"\#(token)","receivedAt":"2026-11-20T08:20:00Z"}"#
        }
        let requests = [
            request("upper", DerivedKey.derive(groupKey: groupKey, registrationID: "UPPER")), request("bare", groupKey),
            request("well", DerivedKey.derive(groupKey: groupKey, registrationID: "well")),
        ]
        // Keys that the registry itself shows are not to be told either.
        for part in registry.json.split(separator: "\"") where part.utf8.count == 88 { secrets.append(String(part)) }
        return Fleet(
            folder: folder,
            log: try folder.write(lines.joined(separator: "\n") + "\n", to: "logs/log.json"),
            registry: try folder.write(registry.json, to: "dps.json"),
            keys: try folder.write("line \(group)\nline \(spare)\n", to: "keys"),
            requests: try folder.write(requests.joined(separator: "\n") + "\n", to: "requests.jsonl"),
            secrets: secrets
        )
    }

    private static func findings(_ text: String) throws -> [[String: Any]] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
    }

    @Test func everyPlantedMistakeIsNamed() throws {
        let fleet = try Self.planted()
        #expect(try Binary.run(["analyze", fleet.log, "--db", fleet.db, "-q"] + fleet.all).code == 0)
        let run = try Binary.run(["findings", "--db", fleet.db, "--format", "json"] + fleet.all)
        #expect(run.code == 0, "\(run.error)")
        let findings = try Self.findings(run.output)
        func mistake(_ rule: String, _ subject: String) -> String? {
            let found = findings.first { $0["rule"] as? String == rule && $0["subject"] as? String == subject }
            return ((found?["diagnosis"] as? [[String: Any]])?.first)?["mistake"] as? String
        }
        #expect(mistake("key-derivation-failure", "upper") == "M4")
        #expect(mistake("key-derivation-failure", "bare") == "M1")
        #expect(mistake("unknown-enrollment", "press-00O17") == "no-enrollment")
        #expect(mistake("disabled-enrollment-retried", "blocked") == "M28")
        #expect(mistake("certificate-rejected", "late") == "D13")
        #expect(mistake("assigned-never-connected", "moved") == "hub-not-linked")
        let hygiene = findings.filter {
            $0["first_seen"] is NSNull || $0["rule"] as? String == "revoked-still-connecting"
        }
        let told = hygiene.map { "\($0["rule"] ?? "") \($0["subject"] ?? "") \($0["severity"] ?? "")" }
        #expect(
            Set(told) == [
                "certificate-expiring late critical", "certificate-expiring soon high", "ca-expiring old-ca critical",
                "weak-key weak critical", "shared-credential twin-1 critical",
                "group-key-as-device-key master critical",
                "group-key-as-device-key bare critical", "enrollment-case-variants Case low",
                "enrollment-hub-not-linked astray high", "disabled-enrollment blocked informational",
                "disabled-enrollment left informational", "revoked-still-connecting left high",
            ],
            "\(told.sorted())"
        )
        let screen = try Binary.run(["device", "upper", "--db", fleet.db] + fleet.all)
        #expect(screen.output.contains("registry: mistake M4 in the request"))
        let unseen = try Binary.run(["device", "SOON", "--db", fleet.db] + fleet.given)
        #expect(unseen.code == 0 && unseen.output.contains("no log names this device"))
        #expect(unseen.output.contains("expires on 2026-11-24, in 3 days"))
        #expect(try Binary.run("device", "soon", "--db", fleet.db).code == 64)
    }

    @Test func noKeyIsInAnyOutputOrInTheDatabase() throws {
        let fleet = try Self.planted()
        try fleet.folder.write(
            """
            version: 1
            database: fleet.db
            inputs: [logs]
            registry: dps.json
            group_keys: keys
            requests: requests.jsonl
            outputs: {folder: nights, formats: [csv, json, jsonl, markdown, text]}

            """,
            to: "audit.yaml"
        )
        var texts: [String] = []
        func run(_ arguments: [String]) throws {
            let run = try Binary.run(arguments)
            #expect(run.code == 0, "\(arguments): \(run.error)")
            texts += [run.output, run.error]
        }
        let db = ["--db", fleet.db]
        try run(["analyze", fleet.log] + db + fleet.all)
        try run(["audit", "--config", fleet.folder.path + "/audit.yaml", "--as-of", Self.now])
        for format in ["table", "csv", "json", "jsonl"] { try run(["findings", "--format", format] + db + fleet.all) }
        for format in ["text", "markdown", "json"] { try run(["report", "--format", format] + db + fleet.all) }
        try run(["incidents"] + db + fleet.all)
        for id in ["upper", "bare", "twin-1", "left"] { try run(["device", id] + db + fleet.all) }
        #expect(texts.contains { $0.contains("group-key-as-device-key") })
        var files = try FileManager.default.subpathsOfDirectory(atPath: fleet.folder.path)
        files.removeAll { ["dps.json", "keys", "requests.jsonl"].contains($0) }
        #expect(files.contains { $0.hasSuffix("findings.jsonl") } && files.contains("fleet.db"))
        for name in files {
            // Folders and the link to the newest night are no files.
            guard let data = FileManager.default.contents(atPath: fleet.folder.path + "/" + name) else { continue }
            texts.append(String(decoding: data, as: UTF8.self))
        }
        #expect(fleet.secrets.count > 12)
        for secret in Set(fleet.secrets) {
            for text in texts { #expect(!text.contains(secret)) }
        }
    }

    @Test func aRunWithoutTheRegistryIsAsBeforeAndOneWithItIsTheSameTwice() throws {
        let fleet = try Self.planted()
        let plain = ["findings", "--db", fleet.db, "--format", "json"]
        _ = try Binary.run(["ingest", fleet.log, "--db", fleet.db])
        let before = try Binary.run(plain)
        let first = try Binary.run(plain + fleet.all)
        let second = try Binary.run(plain + fleet.all)
        #expect(first.output == second.output)
        #expect(first.output != before.output)
        #expect(try Binary.run(plain).output == before.output)
        #expect(!before.output.contains("diagnosis"))
        let csv = try Binary.run(["findings", "--db", fleet.db, "--format", "csv"] + fleet.all).output
        #expect(
            csv.hasPrefix(
                "finding_id,rule,severity,confidence,status,subject_kind,subject,registration_id,device_id,enrollment_group,dps,hub,first_seen,last_seen,occurrences,incident,reason,summary,fix,evidence\n"
            )
        )
        for format in ["text", "markdown", "json"] {
            let report = ["report", "--db", fleet.db, "--format", format] + fleet.all
            #expect(try Binary.run(report).output == Binary.run(report).output)
        }
        let incidents = ["incidents", "--db", fleet.db, "--format", "json"] + fleet.all
        #expect(try Binary.run(incidents).output == Binary.run(incidents).output)
        #expect(try Binary.run(incidents).output.contains("CA certificate runs out: all of enrollment group old-ca"))
    }

    @Test func aCleanRegistryOfEverySampleGivesNoFindingOfItsOwn() throws {
        let samples = try FileManager.default.contentsOfDirectory(atPath: Binary.root + "/samples").filter {
            $0 != "truth" && !$0.hasSuffix(".md")
        }
        #expect(samples.count >= 8)
        for sample in samples.sorted() {
            let path = Binary.root + "/samples/" + sample
            let folder = try TestFolder()
            let db = ["--db", folder.path + "/a.db"]
            _ = try Binary.run(["analyze", path, "-q"] + db)
            let sql = "SELECT DISTINCT registration_id, attestation, hub FROM attempts ORDER BY 1"
            let rows = try Binary.run(["query", "--sql", sql, "--format", "csv"] + db).output.split(separator: "\n")
            var registry = Make()
            registry.name = nil
            var hubs = Set<String>()
            var ids = Set<String>()
            for row in rows.dropFirst() {
                let cells = row.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
                if cells.count == 3, !cells[2].isEmpty { hubs.insert(cells[2]) }
                guard ids.insert(cells[0].lowercased()).inserted else { continue }
                let certificate = HandMadeCertificate(cells[0], serial: UInt8(ids.count % 120))
                registry.individuals.append(
                    Make.individual(
                        cells[0],
                        cells.count > 1 && cells[1] == "x509" && ids.count < 120
                            ? Make.client(certificate) : Make.symmetric()
                    )
                )
            }
            registry.hubs = hubs.sorted().map { #"{"name":"\#($0).azure-devices.net"}"# }
            let file = try folder.write(registry.json, to: "dps.json")
            func names(_ more: [String]) throws -> [String] {
                let run = try Binary.run(["findings", "--format", "json"] + db + more)
                #expect(run.code == 0, "\(run.error)")
                return try Self.findings(run.output).map { "\($0["finding_id"] ?? "") \($0["rule"] ?? "")" }
            }
            #expect(!ids.isEmpty)
            #expect(try names(["--registry", file, "--as-of", "2026-11-20"]) == names([]), "\(sample)")
        }
    }

    @Test func whatCannotBeReadIsFourAndSaysWhere() throws {
        let fleet = try Self.planted()
        _ = try Binary.run(["ingest", fleet.log, "--db", fleet.db])
        func run(_ more: [String]) throws -> Run { try Binary.run(["findings", "--db", fleet.db] + more) }
        let missing = try run(["--registry", "/no/such/dps.json"])
        #expect(missing.code == 4 && missing.error.contains("/no/such/dps.json") && missing.output.isEmpty)
        let rubbish = try fleet.folder.write("{\"idScope\": ", to: "rubbish.json")
        let bad = try run(["--registry", rubbish])
        #expect(bad.code == 4 && bad.error.contains("rubbish.json") && bad.error.contains("give one JSON document"))
        let lines = try fleet.folder.write("\n{\"idScope\":\"x\"}\n", to: "bad.jsonl")
        let request = try run(fleet.given + ["--requests", lines])
        #expect(request.code == 4 && request.error.contains("bad.jsonl:2"))
        let keys = try fleet.folder.write("line tooshort\n", to: "short")
        let short = try run(fleet.given + ["--group-keys", keys])
        #expect(short.code == 4 && !short.error.contains("tooshort"))
        #expect(try run(["--requests", fleet.requests]).code == 64)
        #expect(try run(fleet.given + ["--registry-set", "certificate-old.dayz=3"]).code == 64)
        #expect(try run(fleet.given + ["--registry-set", "certificate-old.days=99999"]).code == 64)
        let set = try run(fleet.given + ["--registry-set", "certificate-old.days=300", "--format", "csv"])
        #expect(set.output.contains(",certificate-old,low,"))
        // Before anything is read: a database that is not made is a run that did nothing.
        let early = try Binary.run("analyze", fleet.log, "--db", fleet.folder.path + "/n.db", "--registry", "/no/file")
        #expect(early.code == 4 && !FileManager.default.fileExists(atPath: fleet.folder.path + "/n.db"))
    }

    @Test func hostileIdsOfARegistryAreHarmless() throws {
        let folder = try TestFolder()
        var registry = Make()
        let id = #"=cmd|\u001b[31m\u202e<script>"#
        registry.individuals = [Make.individual(id, Make.symmetric(), #""provisioningStatus":"disabled""#)]
        registry.groups = [Make.group("<b>\\u001b[2J", Make.symmetric(), #""iotHubs":["\u001b[0m<i>"]"#)]
        let file = try folder.write(registry.json, to: "dps.json")
        let log = try folder.write(Self.works("well").joined(separator: "\n"), to: "log.json")
        let db = ["--db", folder.path + "/a.db"]
        let report = try Binary.run(["analyze", log, "--registry", file] + db)
        #expect(report.output.contains("=cmd|"))
        for command in [
            ["report", "--format", "markdown"], ["findings"], ["incidents"],
            ["device", "=cmd|\u{1B}[31m\u{202E}<script>"],
        ] {
            let run = try Binary.run(command + ["--registry", file] + db)
            #expect(run.code == 0, "\(run.error)")
            #expect(!run.output.contains("\u{1B}") && !run.output.contains("\u{202E}"))
            if command[0] == "report" { #expect(!run.output.contains("<script>") && !run.output.contains("<b>")) }
        }
        #expect(!report.output.contains("\u{1B}"))
        let csv = try Binary.run(["findings", "--format", "csv", "--registry", file] + db).output
        #expect(csv.contains(",'=cmd|"))
    }

    @Test func findingsOfTheRegistryFailARunUnlessTheyAreAccepted() throws {
        let fleet = try Self.planted()
        var registry = Make()
        registry.individuals = [
            Make.individual("soon", Make.client(HandMadeCertificate("soon", until: "20261124000000Z")))
        ]
        let file = try fleet.folder.write(registry.json, to: "one.json")
        let log = try fleet.folder.write(Self.works("well").joined(separator: "\n"), to: "well.json")
        let db = ["--db", fleet.folder.path + "/b.db"]
        _ = try Binary.run(["ingest", log] + db)
        let given = ["--registry", file, "--as-of", Self.now]
        #expect(try Binary.run(["findings", "--fail-on", "high"] + db).code == 0)
        #expect(try Binary.run(["findings", "--fail-on", "high"] + db + given).code == 1)
        let text = """
            version: 1
            suppressions:
              - {rule: certificate-expiring, subject: "so*", reason: r, owner: o, expires: 2099-12-31}

            """
        let accepted = ["--suppressions", try fleet.folder.write(text, to: "s.yaml")]
        let run = try Binary.run(["findings", "--fail-on", "high", "--format", "csv"] + db + given + accepted)
        #expect(run.code == 0 && run.output.contains(",suppressed,device,soon,"))
        let check = ["suppress", "check", "--file", fleet.folder.path + "/s.yaml"] + db
        #expect(try Binary.run(check + given).code == 0)
        #expect(try Binary.run(check).output.contains("unused"))
    }

    @Test func theNightsFollowTheRegistry() throws {
        let folder = try TestFolder()
        let lines = (0..<4 * 24).flatMap { hour in Self.works("well-\(hour)", hour * 3600) }
        try folder.write(lines.joined(separator: "\n") + "\n", to: "logs/log.json")
        var registry = Make()
        let certificate = HandMadeCertificate("dev-1", until: "20261124000000Z")
        registry.individuals = [Make.individual("dev-1", Make.client(certificate))]
        try folder.write(registry.json, to: "dps.json")
        let base = "version: 1\ndatabase: fleet.db\ninputs: [logs]\noutputs: {folder: nights, formats: [csv]}\n"
        func night(_ day: Int, _ more: String) throws -> String {
            let config = try folder.write(base + more, to: "audit.yaml")
            let run = try Binary.run("audit", "--config", config, "--cron", "--as-of", "2026-11-\(day)")
            #expect(run.code == 0, "\(run.error)")
            let text = String(decoding: try TestFolder.read(folder.path + "/nights/latest/findings.csv"), as: UTF8.self)
            let row = text.split(separator: "\n").first { $0.contains(",certificate-expiring,") }
            return row.map { String($0.split(separator: ",")[4]) } ?? "-"
        }
        #expect(try night(20, "registry: dps.json\n") == "new")
        #expect(try night(20, "registry: dps.json\n") == "new")
        #expect(try night(21, "registry: dps.json\n") == "ongoing")
        // Without the registry nothing is claimed; nor is the finding told by a command that has none.
        #expect(try night(22, "") == "unobserved")
        let plain = try Binary.run("findings", "--db", folder.path + "/fleet.db", "--format", "csv")
        #expect(!plain.output.contains("certificate-expiring"))
        registry.individuals = [
            Make.individual("dev-1", Make.client(certificate, HandMadeCertificate("dev-1", serial: 2)))
        ]
        try folder.write(registry.json, to: "dps.json")
        #expect(try night(23, "registry: dps.json\n") == "resolved")
        let config = try folder.write(base + "requests: r.jsonl\n", to: "audit.yaml")
        let alone = try Binary.run("audit", "--config", config, "--cron", "--as-of", "2026-11-23")
        #expect(alone.code == 4 && alone.error.contains("`registry`, which is missing"))
        let gone = try folder.write(base + "registry: gone.json\n", to: "audit.yaml")
        let failed = try Binary.run("audit", "--config", gone, "--cron", "--as-of", "2026-11-24")
        #expect(failed.code == 4 && failed.error.contains("gone.json"))
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/nights/2026-11-24"))
    }

    @Test func theChecksAreListedAndShownBesideTheRules() throws {
        let list = try Binary.run("rules", "list", "--format", "csv").output
        #expect(list.contains("weak-key,critical,device,Key that can be broken,registry\n"))
        #expect(
            list.contains(#"revoked-still-connecting,high,device,Revoked at DPS and still connecting,"registry, hub""#)
        )
        let show = try Binary.run("rules", "show", "certificate-old").output
        #expect(show.contains("needs a registry (--registry)") && show.contains("days = 0"))
        #expect(show.contains("not checked"))
        #expect(try Binary.run("rules", "show", "weak-kee").error.contains("did you mean weak-key?"))
        let folder = try TestFolder()
        let own = String(decoding: try TestFolder.read(Binary.root + "/queries/rules/throttled.sql"), as: UTF8.self)
        try folder.write(own.replacingOccurrences(of: "rule: throttled", with: "rule: weak-key"), to: "r/weak-key.sql")
        let taken = try Binary.run("rules", "list", "--rules", folder.path + "/r")
        #expect(taken.code == 4 && taken.error.contains("the name of a registry check"))
    }

    private typealias Make = RegistryText
}
