import EventStore
import Foundation
import GRDB
import Glibc
import TestSupport
import Testing

/// Databases that are not ours are refused untouched; ours can be asked where nothing can be written.
@Suite struct ForeignDatabaseTests {
    /// A database of ours with four bytes of its header changed: the application id (offset 68).
    private static func database(_ folder: TestFolder, _ name: String, id: [UInt8]) throws -> String {
        let path = folder.path + "/" + name
        #expect(try Binary.run("analyze", CommandTests.sample, "--db", path).code == 0)
        var bytes = try TestFolder.read(path)
        bytes.replaceSubrange(68..<72, with: id)
        unlink(path + ".lock")
        return try folder.write(bytes, to: name)
    }

    private static func content(_ folder: TestFolder) throws -> [String: [UInt8]] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        return try Dictionary(uniqueKeysWithValues: names.map { ($0, try TestFolder.read(folder.path + "/" + $0)) })
    }

    @Test(arguments: ["another program's", "nobody's", "a text", "a short file"])
    func whatIsNotOursIsRefusedUntouched(_ kind: String) throws {
        let folder = try TestFolder()
        let path: String
        switch kind {
        case "another program's": path = try Self.database(folder, "x.db", id: [0x0F, 0x05, 0x51, 0x12])
        // An id of zero, as most databases have it, and none of our tables.
        case "nobody's":
            path = try folder.write(Array("SQLite format 3\0".utf8) + [UInt8](repeating: 0, count: 4080), to: "x.db")
        case "a text": path = try folder.write(String(repeating: "no database ", count: 500), to: "x.db")
        default: path = try folder.write("SQLite format 3\0", to: "x.db")
        }
        try folder.write("version: 1\ndatabase: x.db\ninputs: [x.db]\noutputs: {folder: nights}\n", to: "audit.yaml")
        let before = try Self.content(folder)
        for arguments in [
            ["ingest", CommandTests.sample], ["analyze", CommandTests.sample], ["status"], ["report"], ["findings"],
            ["coverage"], ["device", "truck-01"], ["query", "--sql", "SELECT 1"], ["prune", "--keep", "1d"],
            ["rejects"],
        ] {
            let run = try Binary.run(arguments + ["--db", path])
            #expect(run.code == 3, "\(arguments) \(run.error)")
            #expect(run.error.contains("--db") && run.error.contains("left as it is"), "\(run.error)")
        }
        #expect(try Binary.run("audit", "--config", folder.path + "/audit.yaml").code == 3)
        #expect(try Self.content(folder) == before)
    }

    /// Also one whose journal is not WAL any more, as a copy made by other tools is.
    @Test(arguments: ["wal", "delete"])
    func aDatabaseOfANewerVersionIsRefusedUntouched(_ journal: String) throws {
        let folder = try TestFolder()
        let path = folder.path + "/x.db"
        #expect(try Binary.run("analyze", CommandTests.sample, "--db", path).code == 0)
        do {
            let queue = try DatabaseQueue(path: path)
            try queue.writeWithoutTransaction {
                try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('of a later year')")
                try $0.execute(sql: "PRAGMA journal_mode = \(journal)")
            }
            try queue.close()
        }
        unlink(path + ".lock")
        try folder.write("version: 1\ndatabase: x.db\ninputs: [x.db]\noutputs: {folder: nights}\n", to: "audit.yaml")
        let before = try Self.content(folder)
        #expect(before.count == 2)
        for arguments in [
            ["ingest", CommandTests.sample], ["analyze", CommandTests.sample], ["status"], ["report"], ["findings"],
            ["incidents", "list"], ["coverage"], ["device", "truck-01"], ["query", "--sql", "SELECT 1"],
            ["prune", "--keep", "1d"], ["rejects"], ["evidence", "x.json:1"],
            ["export", "--to", folder.path + "/out"],
        ] {
            let run = try Binary.run(arguments + ["--db", path])
            #expect(run.code == 3, "\(arguments) \(run.error)")
            #expect(run.error.contains("newer") && run.error.contains("--db"), "\(run.error)")
        }
        let audit = try Binary.run("audit", "--config", folder.path + "/audit.yaml")
        #expect(audit.code == 3 && audit.error.contains("newer"), "\(audit.error)")
        #expect(try Self.content(folder) == before)
    }

    /// The mark alone makes no database ours; a trigger would change what is written, which nothing of ours does.
    @Test(arguments: [false, true])
    func tablesAndTriggersOfOthersUnderOurMarkAreRefusedUntouched(_ isTrigger: Bool) throws {
        let folder = try TestFolder()
        let path = folder.path + "/x.db"
        if isTrigger { #expect(try Binary.run("analyze", CommandTests.sample, "--db", path).code == 0) }
        do {
            let queue = try DatabaseQueue(path: path)
            try queue.writeWithoutTransaction {
                try $0.execute(sql: "PRAGMA application_id = \(0x6470_736C)")
                try $0.execute(
                    sql: isTrigger
                        ? "CREATE TRIGGER t AFTER INSERT ON event BEGIN DELETE FROM file; END"
                        : "CREATE TABLE thesis(chapter)"
                )
            }
            try queue.close()
        }
        unlink(path + ".lock")
        let before = try Self.content(folder)
        for arguments in [["ingest", CommandTests.sample], ["status"], ["prune", "--keep", "1d"]] {
            let run = try Binary.run(arguments + ["--db", path])
            #expect(run.code == 3, "\(arguments) \(run.error)")
            #expect(run.error.contains("left as it is"), "\(run.error)")
        }
        #expect(try Self.content(folder) == before)
    }

    @Test func aDatabaseFromBeforeTheMarkIsOursAndGetsIt() throws {
        let folder = try TestFolder()
        let path = try Self.database(folder, "x.db", id: [0, 0, 0, 0])
        #expect(try Binary.run("status", "--db", path).code == 0)
        #expect(try Binary.run("ingest", CommandTests.sample, "--db", path).code == 0)
        #expect(try TestFolder.read(path)[68..<72] == [0x64, 0x70, 0x73, 0x6C])
    }

    @Test(arguments: [["ingest", CommandTests.sample], ["status"], ["prune", "--keep", "1d"]])
    func anEmptyPathIsNoDatabase(_ arguments: [String]) throws {
        let run = try Binary.run(arguments + ["--db", ""])
        #expect(run.code == 64)
        #expect(run.error.contains("--db is empty"), "\(run.error)")
    }

    /// To SQLite these are databases that go with the process: what was read would be lost in silence.
    @Test(arguments: [":memory:", "file::memory:", "file:x?mode=memory"])
    func namesThatMeanSomethingToSQLiteAreFiles(_ name: String) throws {
        let folder = try TestFolder()
        let sample = Binary.root + "/" + CommandTests.sample
        for arguments in [["ingest", sample], ["findings"]] {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: Binary.path)
            process.arguments = arguments + ["--db", name]
            process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
            process.standardOutput = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0, "\(arguments)")
        }
        #expect(try TestFolder.read(folder.path + "/" + name).count > 16384)
    }

    @Test func anEmptyFileBecomesADatabaseForItsOwnerAlone() throws {
        let folder = try TestFolder()
        let path = try folder.write("", to: "x.db")
        chmod(path, 0o666)
        #expect(try Binary.run("ingest", CommandTests.sample, "--db", path).code == 0)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test func aForeignLockFileIsLeftAsItIs() throws {
        let folder = try TestFolder()
        let target = try folder.write("precious", to: "precious.txt")
        #expect(symlink(target, folder.path + "/a.db.lock") == 0)
        let linked = try Binary.run("ingest", CommandTests.sample, "--db", folder.path + "/a.db")
        #expect(linked.code == 3)
        #expect(linked.error.contains("a.db.lock"))
        try folder.write("my notes", to: "b.db.lock")
        #expect(try Binary.run("ingest", CommandTests.sample, "--db", folder.path + "/b.db").code == 3)
        #expect(try TestFolder.read(target) == Array("precious".utf8))
        #expect(try TestFolder.read(folder.path + "/b.db.lock") == Array("my notes".utf8))
    }

    /// Runs the binary as a user who may not write: root would not notice.
    private static func runUnprivileged(_ arguments: [String]) throws -> Run {
        try geteuid() == 0 ? Unprivileged.run(arguments) : Binary.run(arguments)
    }

    @Test(arguments: [true, false])
    func aDatabaseThatCannotBeWrittenCanBeAsked(_ isAnalysed: Bool) throws {
        let folder = try TestFolder()
        let path = folder.path + "/a.db"
        #expect(try Binary.run(isAnalysed ? "analyze" : "ingest", CommandTests.sample, "--db", path).code == 0)
        let expected = try Binary.run("findings", "--db", path, "--format", "csv").output
        if !isAnalysed {
            unlink(path)
            #expect(try Binary.run("ingest", CommandTests.sample, "--db", path).code == 0)
        }
        unlink(path + ".lock")
        chmod(path, 0o444)
        chmod(folder.path, 0o555)
        defer { chmod(folder.path, 0o755) }
        let before = try Self.content(folder)
        for arguments in [
            ["status"], ["report"], ["coverage"], ["device", "truck-01"], ["incidents"], ["rejects"],
            ["query", "--sql", "SELECT count(*) FROM events"],
        ] {
            let run = try Self.runUnprivileged(arguments + ["--db", path])
            #expect(run.code == 0, "\(arguments) \(run.error)")
            #expect(!run.output.isEmpty)
        }
        #expect(try Self.runUnprivileged(["findings", "--db", path, "--format", "csv"]).output == expected)
        #expect(try Self.runUnprivileged(["ingest", Binary.root + "/" + CommandTests.sample, "--db", path]).code == 3)
        #expect(try Self.content(folder) == before)
    }

    @Test func filesOfAnotherFleetInTheDefaultDatabaseAreSaidFirst() throws {
        let folder = try TestFolder()
        try folder.write(LogLines.connect(0, "d", hub: "HUB-EAST") + "\n", to: "one/a.json")
        try folder.write(LogLines.connect(0, "e", hub: "HUB-WEST") + "\n", to: "two/a.json")
        func run(_ arguments: String...) throws -> Run {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: Binary.path)
            process.arguments = arguments
            process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
            process.environment = ["COLUMNS": "400", "TZ": "UTC", "PATH": "/usr/bin:/bin"]
            let (out, error) = (Pipe(), Pipe())
            process.standardOutput = out
            process.standardError = error
            try process.run()
            let output = out.fileHandleForReading.readDataToEndOfFile()
            let message = error.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            return Run(
                code: process.terminationStatus,
                output: String(decoding: output, as: UTF8.self),
                error: String(decoding: message, as: UTF8.self)
            )
        }
        let first = try run("analyze", "one")
        #expect(!first.output.contains("--db FILE"))
        let second = try run("analyze", "two")
        for text in [second.error, second.output] {
            #expect(text.contains("hub-east") && text.contains("hub-west") && text.contains("--db FILE"), "\(text)")
        }
        #expect(second.error.hasPrefix("dpslens: dpslens.db holds logs of hub-east already"))
        // One's own fleet again, and a database that was chosen, need no word.
        #expect(!(try run("analyze", "one").error.contains("--db FILE")))
        #expect(!(try run("analyze", "two", "--db", "dpslens.db").error.contains("--db FILE")))
    }
}
