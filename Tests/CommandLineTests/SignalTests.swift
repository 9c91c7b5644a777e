import EventStore
import FleetSimulator
import Foundation
import Glibc
import TestSupport
import Testing

/// Signals at random moments of the real binary: it ends at once, and the next run goes on as if nothing had been.
@Suite struct SignalTests {
    /// What a command works on, and what it comes to when nobody disturbs it.
    private struct Subject {
        let folder = try? TestFolder()
        /// Makes the state in which the command is first run, in a folder.
        var prepare: (String) throws -> Void
        var arguments: (String) -> [String]
        /// A file that is compared beside the database; nil for none.
        var output: String?
    }

    private static let dumps = [
        "SELECT time, kind, outcome, identity, instance, network, copies, evidence FROM events ORDER BY 1, 2, 3, 4, 8",
        "SELECT registration_id, time, outcome, journey, hub FROM attempts ORDER BY 1, 2, 3, 4, 5",
        "SELECT service, instance, category, hour_utc, records FROM coverage ORDER BY 1, 2, 3, 4, 5",
        "PRAGMA integrity_check",
    ]

    /// Everything that must be the same however often the way there was interrupted.
    private static func content(_ folder: String, _ subject: Subject) throws -> [String] {
        // The program that has ended let go of its lock, and readers make nothing anew.
        let findings = try Binary.run("findings", "--db", folder + "/fleet.db", "--format", "csv")
        #expect(findings.code == 0, "\(findings.error)")
        let database = try LogDatabase.open(folder + "/fleet.db", .readOnly)
        let rows = try dumps.map { sql in
            try QueryRunner.run(sql, in: database).rows.map { $0.map(\.plain).joined(separator: ",") }
                .joined(separator: "\n")
        }
        let file = try subject.output.map { String(decoding: try TestFolder.read(folder + "/" + $0), as: UTF8.self) }
        return rows + [findings.output, file ?? ""]
    }

    private static func write(_ folder: String) throws {
        let lines = (0..<24).map { hour in
            // Nothing at the hours at which `prune` cuts, since its cut moves with the clock while the test runs.
            (0..<(hour == 8 || hour == 9 ? 0 : 120)).map { index -> String in
                let second = hour * 3600 + index * 30
                return index % 4 == 0
                    ? LogLines.registration(second, "dev-\(index)", status: index % 16 == 0 ? "failed" : "assigned")
                    : LogLines.connect(second, "dev-\(index % 40)", code: index % 5 == 0 ? "401003" : nil)
            }
            .joined(separator: "\n")
        }
        for (hour, text) in lines.enumerated() {
            let path = "\(folder)/logs/h=\(hour < 10 ? "0" : "")\(hour)/PT1H.json"
            try FileManager.default.createDirectory(
                atPath: (path as NSString).deletingLastPathComponent,
                withIntermediateDirectories: true
            )
            try Data((text + "\n").utf8).write(to: URL(fileURLWithPath: path))
        }
        let configuration = """
            version: 1
            database: fleet.db
            inputs: [logs]
            outputs: {folder: reports, formats: [csv, html]}
            """
        try Data(configuration.utf8).write(to: URL(fileURLWithPath: folder + "/audit.yaml"))
    }

    private static func subject(_ command: String) -> Subject {
        func ingested(_ folder: String, _ command: String) throws {
            try write(folder)
            let run = try Binary.run(command, folder + "/logs", "--db", folder + "/fleet.db")
            #expect(run.code == 0, "\(run.error)")
        }
        switch command {
        case "analyze":
            return Subject(prepare: write) { ["analyze", $0 + "/logs", "--db", $0 + "/fleet.db", "-q"] }
        case "audit":
            return Subject(
                prepare: write,
                arguments: { ["audit", "--config", $0 + "/audit.yaml", "--cron", "--as-of", "2026-11-21"] },
                output: "reports/2026-11-21/findings.csv"
            )
        case "prune":
            // What is before 2026-11-20T16:00:00Z goes: eight hours of twenty-four.
            let middle = 1_795_190_400
            let keep = max(1, (Int(Date().timeIntervalSince1970) - middle) / 3600)
            return Subject(prepare: { try ingested($0, "analyze") }) {
                ["prune", "--keep", "\(keep)h", "--db", $0 + "/fleet.db"]
            }
        default:
            return Subject(
                prepare: { try ingested($0, "ingest") },
                arguments: { ["report", "--db", $0 + "/fleet.db", "--format", "html", "-o", $0 + "/report.html"] },
                output: "report.html"
            )
        }
    }

    @Test(arguments: ["analyze", "audit", "prune", "report"])
    func aSignalAtAnyMomentEndsItAndTheNextRunGoesOn(_ command: String) throws {
        let subject = Self.subject(command)
        let seed = UInt64.random(in: 1...999_999)
        print("signals at random moments of \(command): seed \(seed)")
        var random = SplitMix64(seed: seed)
        let place = try TestFolder()
        // Paths stand in what is compared, so all runs have the same.
        let folder = place.path + "/x"
        func renew() throws {
            try? FileManager.default.removeItem(atPath: folder)
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try subject.prepare(folder)
        }
        try renew()
        let begin = ContinuousClock.now
        let whole = try Binary.run(subject.arguments(folder))
        let length = ContinuousClock.now - begin
        #expect(whole.code == 0, "\(whole.error)")
        let expected = try Self.content(folder, subject)
        var ended = 0
        for round in 0..<10 {
            try renew()
            for _ in 0..<5 {
                let signal = Bool.random(using: &random) ? SIGTERM : SIGINT
                let moment = length * Double.random(in: 0..<1, using: &random)
                let (process, out, error) = try Binary.start(subject.arguments(folder))
                let parts = moment.components
                usleep(UInt32(parts.seconds * 1_000_000 + parts.attoseconds / 1_000_000_000_000))
                let sent = ContinuousClock.now
                kill(process.processIdentifier, signal)
                _ = out.fileHandleForReading.readDataToEndOfFile()
                let said = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
                process.waitUntilExit()
                // A second is the promise; the other one is for a machine that does much else.
                #expect(ContinuousClock.now - sent < .seconds(2), "seed \(seed), round \(round)")
                let code = process.terminationStatus
                switch process.terminationReason {
                // Before the first instruction of ours, or behind the last.
                case .uncaughtSignal: #expect(code == signal)
                default:
                    #expect(code == 128 + signal || code == 0, "seed \(seed), round \(round): \(code) \(said)")
                    if code != 0 { ended += 1 }
                }
            }
            let again = try Binary.run(subject.arguments(folder))
            #expect(again.code == 0, "seed \(seed), round \(round): \(again.error)")
            #expect(try Self.content(folder, subject) == expected, "seed \(seed), round \(round)")
            let left = try FileManager.default.contentsOfDirectory(atPath: folder)
                .filter { $0.hasPrefix(".dpslens-") || $0.hasSuffix("-sweep") }
            #expect(left == [])
        }
        #expect(ended > 10, "the signals came too late to show anything")
    }

    /// The way of the data in which each of these would go on for ever.
    @Test(arguments: ["analyze", "findings", "audit", "rules", "query", "ingest", "attest"])
    func whatWouldNeverEndEndsByASignal(_ command: String) throws {
        let folder = try TestFolder()
        try Self.write(folder.path)
        let db = folder.path + "/fleet.db"
        try folder.write(Self.endless, to: "rules/endless.sql")
        try folder.write("[]", to: "rules/endless.cases.json")
        let fifo = folder.path + "/fifo"
        #expect(mkfifo(fifo, 0o600) == 0)
        _ = try Binary.run("ingest", folder.path + "/logs", "--db", db)
        let rules = ["--rules", folder.path + "/rules"]
        if command == "audit" {
            let text = try TestFolder.read(folder.path + "/audit.yaml")
            try folder.write(text + Array("\nrules: {folders: [rules]}\n".utf8), to: "audit.yaml")
        }
        let arguments =
            switch command {
            case "analyze": ["analyze", folder.path + "/logs", "--db", db] + rules
            case "findings": ["findings", "--db", db] + rules
            case "audit": ["audit", "--config", folder.path + "/audit.yaml", "--as-of", "2026-11-21"]
            case "rules":
                ["rules", "test", "endless", "--against-db", "--since", "2026-11-19", "--db", db] + rules
            case "query": ["query", "--db", db, "--sql", Self.counting]
            // Nobody ever opens the other end.
            case "ingest": ["ingest", fifo, "--db", db]
            default: ["attest", "derive-key", "--key-file", fifo, "--registration-id", "x"]
            }
        for signal in [SIGINT, SIGTERM] {
            let (process, _, error) = try Binary.start(arguments)
            usleep(700_000)
            #expect(process.isRunning, "\(command) ended by itself")
            let sent = ContinuousClock.now
            kill(process.processIdentifier, signal)
            let said = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            #expect(ContinuousClock.now - sent < .seconds(2))
            #expect(process.terminationReason == .exit)
            #expect(process.terminationStatus == 128 + signal, "\(said)")
            #expect(said.contains("the next run goes on"))
        }
        #expect(try Binary.run("findings", "--db", db).code == 0)
    }

    @Test func aSecondSignalEndsAtOnce() throws {
        let folder = try TestFolder()
        let key = folder.path + "/fifo"
        #expect(mkfifo(key, 0o600) == 0)
        let (process, _, _) = try Binary.start(["attest", "derive-key", "--key-file", key, "--registration-id", "x"])
        usleep(300_000)
        kill(process.processIdentifier, SIGTERM)
        kill(process.processIdentifier, SIGINT)
        process.waitUntilExit()
        #expect(process.terminationReason == .exit)
        #expect([130, 143].contains(process.terminationStatus))
    }

    private static let counting =
        "WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t) SELECT count(*) AS n FROM t"

    private static let endless = """
        -- rule: endless
        -- title: A rule that never ends
        -- severity: low
        -- subject: device
        -- confidence: certain
        -- needs: dps
        -- why: w
        -- causes: c
        -- fix: f
        -- not this: n
        -- references: r
        -- summary: {subject}

        WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t)
        SELECT 'd' AS subject, NULL AS registration_id, 'd' AS device_id, NULL AS enrollment_group, NULL AS dps,
            NULL AS hub, NULL AS first_seen, NULL AS last_seen, count(*) AS occurrences, 'x' AS reason,
            'certain' AS confidence, NULL AS evidence, NULL AS evidence_2, NULL AS evidence_3
        FROM t

        """

    @Test func aRuleThatTakesTooLongIsNamed() throws {
        let folder = try TestFolder()
        try folder.write(Self.endless, to: "rules/endless.sql")
        let db = folder.path + "/a.db"
        let rules = ["--rules", folder.path + "/rules"]
        let run = try Binary.run(["analyze", CommandTests.sample, "--db", db, "--rule-timeout", "0.5"] + rules)
        #expect(run.code == 4)
        #expect(run.error.contains("endless") && run.error.contains("limit of 0.5 s"), "\(run.error)")
        #expect(run.output == "")
        try folder.write(
            Self.endless.replacingOccurrences(of: "count(*)", with: "x"),
            to: "rules/endless.sql"
        )
        let many = try Binary.run(["findings", "--db", db, "--rule-rows", "50"] + rules)
        #expect(many.code == 4)
        #expect(many.error.contains("endless") && many.error.contains("limit of 50 rows"), "\(many.error)")
        #expect(try Binary.run("findings", "--db", db).code == 0)
        #expect(try Binary.run(["findings", "--db", db, "--rule-rows", "-1"]).code == 64)
    }

    @Test func aQuestionThatTakesTooLongIsEnded() throws {
        let folder = try TestFolder()
        let db = folder.path + "/a.db"
        _ = try Binary.run("ingest", CommandTests.sample, "--db", db)
        let slow = try Binary.run("query", "--db", db, "--timeout", "0.5", "--sql", Self.counting)
        #expect(slow.code == 3)
        #expect(slow.error.contains("limit of 0.5 s"))
        let many = Self.counting.replacingOccurrences(of: "count(*) AS n", with: "x")
        let long = try Binary.run("query", "--db", db, "--max-rows", "7", "--sql", many)
        #expect(long.code == 3)
        #expect(long.error.contains("limit of 7 rows"))
        #expect(try Binary.run("query", "--db", db, "--max-rows", "7", "--sql", many + " LIMIT 7").code == 0)
    }

    /// Where no thread can be made nobody would hear a signal, and the program would wait for one without an end.
    @Test(.enabled(if: geteuid() == 0, "only root may be somebody else"))
    func withoutThreadsItEndsAndSaysSo() throws {
        let run = try Unprivileged.run(["status"], threads: 1)
        #expect(run.code == 3)
        #expect(run.error.contains("cannot make a thread") && run.error.contains("ulimit"), "\(run.error)")
    }
}
