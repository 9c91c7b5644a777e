import EventStore
import Foundation
import Glibc
import TestSupport
import Testing

@Suite struct ExitCodeTests {
    @Test func findingsAtTheLevelAreOneAndBelowItZero() throws {
        let folder = try TestFolder()
        let db = folder.path + "/a.db"
        #expect(try Binary.run("analyze", CommandTests.sample, "--db", db, "--fail-on", "high").code == 1)
        #expect(try Binary.run("analyze", CommandTests.sample, "--db", db, "--fail-on", "critical").code == 0)
        #expect(try Binary.run("findings", "--db", db, "--fail-on", "low").code == 1)
        #expect(try Binary.run("findings", "--db", db, "--fail-on", "critical").code == 0)
        // Nothing to judge is worse than findings.
        #expect(try Binary.run("findings", "--db", db, "--fail-on", "low", "--until", "2020-01-01").code == 2)
    }

    @Test func tooManyRejectsAreTwo() throws {
        let folder = try TestFolder()
        let path = try folder.write(LogLines.connect(0, "d") + "\nrubbish\n", to: "x")
        #expect(try Binary.run("ingest", path, "--db", folder.path + "/a.db", "--max-reject-rate", "10").code == 2)
        #expect(try Binary.run("ingest", path, "--db", folder.path + "/b.db", "--max-reject-rate", "60").code == 0)
        #expect(try Binary.run("coverage", "--db", folder.path + "/a.db", "--min-coverage", "100").code == 0)
    }

    @Test func whatCannotBeReadOrWrittenIsThree() throws {
        let folder = try TestFolder()
        #expect(try Binary.run("ingest", "/no/such/file", "--db", folder.path + "/a.db").code == 3)
        #expect(try Binary.run("status", "--db", folder.path + "/none.db").code == 3)
        let text = try folder.write(String(repeating: "no database ", count: 500), to: "text.db")
        let run = try Binary.run("ingest", CommandTests.sample, "--db", text)
        #expect(run.code == 3)
        #expect(run.error.contains("is not a database"))
        #expect(try Binary.run("ingest", CommandTests.sample, "--db", "/no/folder/a.db").code == 3)
        #expect(try Binary.run("query", "--sql", "DROP TABLE event", "--db", folder.path + "/none.db").code == 3)
        #expect(try Binary.run("device", "nobody", "--db", folder.path + "/none.db").code == 3)
    }

    @Test func anInvalidRuleIsFour() throws {
        let folder = try TestFolder()
        try folder.write("-- rule: x\nSELECT 1\n", to: "rules/x.sql")
        let run = try Binary.run("analyze", CommandTests.sample, "--rules", folder.path + "/rules")
        #expect(run.code == 4)
        #expect(run.error.contains("rules/x.sql"))
    }

    @Test func aFileOfRulesThatIsTooLongIsNotReadInPart() throws {
        let folder = try TestFolder()
        try folder.write(String(repeating: "-- x\n", count: 900_000), to: "rules/long.sql")
        let run = try Binary.run("rules", "lint", "--rules", folder.path + "/rules")
        #expect(run.code == 3)
        #expect(run.error.contains("longer than 4 MiB"))
    }

    @Test func aHeldLockIsFive() throws {
        let folder = try TestFolder()
        let db = folder.path + "/a.db"
        let lock = try DatabaseLock(for: db, owner: "the test")
        let run = try Binary.run("ingest", CommandTests.sample, "--db", db)
        #expect(run.code == 5)
        #expect(run.error.contains("the test"))
        withExtendedLifetime(lock) {}
    }

    @Test(arguments: [
        ["nonsense"], ["findings", "--since", "yesterday"], ["findings", "--since", "-99999999999999d"],
        ["findings", "--format", "xml"], ["query"],
        ["rules", "show", "asigned-then-refused"],
        ["analyze"],
    ])
    func usageErrorsAre64(_ arguments: [String]) throws {
        let (process, _, error) = try Binary.start(arguments)
        let message = error.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 64, "\(String(decoding: message, as: UTF8.self))")
    }

    @Test func theVersionIsSaidInBothForms() throws {
        #expect(try Binary.run("--version").output == "dpslens 0.1.0\n")
        #expect(try Binary.run("--version", "--json").output.contains(#""version":"0.1.0""#))
    }
}

@Suite struct InterruptionTests {
    /// Enough to be read for a moment, in many files.
    private static func logs(_ folder: TestFolder) throws -> String {
        for file in 0..<24 {
            let lines = (0..<1500).map {
                LogLines.connect(file * 3600 + $0 * 2, "dev-\($0 % 40)", code: $0 % 50 == 0 ? "401003" : nil)
            }
            let path = "logs/part-\(file).json.gz"
            try folder.write(gzip(lines.joined(separator: "\n").utf8), to: path)
        }
        return folder.path + "/logs"
    }

    private static let dump =
        "SELECT time, kind, outcome, identity, instance, network, copies, evidence FROM events ORDER BY 1, 2, 3, 4, 8"

    @Test func killedAtAnyMomentTheNextRunCompletesTheSameDatabase() throws {
        let folder = try TestFolder()
        let logs = try Self.logs(folder)
        let clock = ContinuousClock()
        let begin = clock.now
        _ = try Binary.run("ingest", logs, "--db", folder.path + "/whole.db")
        // The moments are spread over what an undisturbed run takes here; some runs will be over before theirs.
        let moment = (clock.now - begin) / 24
        let whole = try Binary.run("query", "--sql", Self.dump, "--format", "csv", "--db", folder.path + "/whole.db")
            .output
        #expect(whole.split(separator: "\n").count > 30_000)
        var killed = 0
        for round in 0..<80 where killed < 20 {
            let db = folder.path + "/killed-\(round).db"
            let (process, _, _) = try Binary.start(["ingest", logs, "--db", db])
            let wait = moment * (1 + round * 7 % 20)
            usleep(UInt32(wait.components.seconds * 1_000_000 + wait.components.attoseconds / 1_000_000_000_000))
            if process.isRunning { killed += 1 }
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            let again = try Binary.run("ingest", logs, "--db", db, "--json")
            #expect(again.code == 0, "\(again.error)")
            let check = try Binary.run("query", "--sql", "PRAGMA integrity_check", "--format", "csv", "--db", db)
            #expect(check.output == "integrity_check\nok\n")
            let content = try Binary.run("query", "--sql", Self.dump, "--format", "csv", "--db", db).output
            #expect(content == whole, "round \(round)")
            for suffix in ["", "-wal", "-shm", ".lock"] { unlink(db + suffix) }
        }
        #expect(killed == 20)
    }

    @Test(
        arguments: [
            ("ingest", SIGINT, 130), ("ingest", SIGTERM, 143), ("analyze", SIGINT, 130),
        ] as [(String, Int32, Int32)]
    )
    func aSignalEndsTheRunInOrder(_ command: String, _ signal: Int32, _ code: Int32) throws {
        let folder = try TestFolder()
        let db = folder.path + "/a.db"
        let fifo = folder.path + "/fifo"
        #expect(mkfifo(fifo, 0o600) == 0)
        // The writer goes on until the reader is gone, so the run is in the middle of its file when the signal comes.
        let writer = Thread {
            Self.signalIgnored()
            let descriptor = open(fifo, O_WRONLY)
            let line = Array((LogLines.connect(1, "d") + "\n").utf8)
            while write(descriptor, line, line.count) == line.count { usleep(200) }
            close(descriptor)
        }
        writer.start()
        let (process, _, error) = try Binary.start([command, fifo, "--db", db])
        usleep(300_000)
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
        #expect(process.terminationReason == .exit)
        #expect(process.terminationStatus == code)
        let said = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        #expect(said.contains("the next run goes on"))
        let check = try Binary.run("query", "--sql", "SELECT count(*) AS n FROM events", "--format", "csv", "--db", db)
        #expect(check.output == "n\n0\n")
        #expect(access(db + "-sweep", F_OK) != 0)
        #expect(try Binary.run("ingest", CommandTests.sample, "--db", db).code == 0)
    }

    /// A reader that goes away is seen by the write's result, not by the end of the tests.
    private static func signalIgnored() { Glibc.signal(SIGPIPE, SIG_IGN) }
}
