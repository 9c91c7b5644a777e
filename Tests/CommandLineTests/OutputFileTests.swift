import Foundation
import Glibc
import TestSupport
import Testing

/// What `-o` does to the many things that a path can be, by the real binary.
@Suite struct OutputFileTests {
    /// A database of the sample beside a place for outputs.
    private struct Setting {
        let folder: TestFolder
        var db: String { folder.path + "/a.db" }

        init() throws {
            folder = try TestFolder()
            #expect(try Binary.run("ingest", CommandTests.sample, "--db", folder.path + "/a.db").code == 0)
        }

        func path(_ name: String) -> String { folder.path + "/" + name }

        func report(to path: String) throws -> Run { try Binary.run("report", "--db", db, "-o", path) }

        /// Names in the folder that begin as drafts do.
        func drafts() throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasPrefix(".dpslens-") }
        }
    }

    private static func mode(_ path: String) -> mode_t {
        // Not by `lstat`: which module its structure is of depends on what is compiled beside this file.
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else { return 0 }
        let permissions = (attributes[.posixPermissions] as? NSNumber)?.uint32Value ?? 0
        let kinds: [FileAttributeType: mode_t] = [
            .typeUnknown: S_IFIFO, .typeRegular: S_IFREG, .typeSymbolicLink: S_IFLNK, .typeCharacterSpecial: S_IFCHR,
            .typeDirectory: S_IFDIR,
        ]
        return permissions | ((attributes[.type] as? FileAttributeType).flatMap { kinds[$0] } ?? 0)
    }

    @Test(arguments: ["a.db", "a.db-wal", "a.db-shm", "a.db.lock", "a.db-sweep", "./a.db", "other/../a.db"])
    func theDatabaseAndItsSideFilesAreRefused(_ name: String) throws {
        let setting = try Setting()
        try setting.folder.write("", to: "other/x")
        let before = try TestFolder.read(setting.db)
        for arguments in [
            ["report"], ["findings", "--format", "csv"], ["incidents", "list"], ["analyze", CommandTests.sample],
        ] {
            let run = try Binary.run(arguments + ["--db", setting.db, "-o", setting.path(name)])
            #expect(run.code == 64, "\(arguments) \(run.error)")
            #expect(run.error.contains("the database"), "\(run.error)")
        }
        #expect(try TestFolder.read(setting.db) == before)
        #expect(try Binary.run("status", "--db", setting.db).code == 0)
    }

    @Test func aLinkToTheDatabaseIsTheDatabaseAndAnotherDatabaseIsNoPlaceEither() throws {
        let setting = try Setting()
        #expect(symlink(setting.db, setting.path("soft")) == 0)
        #expect(link(setting.db, setting.path("hard")) == 0)
        #expect(try setting.report(to: setting.path("soft")).code == 64)
        #expect(try setting.report(to: setting.path("hard")).code == 64)
        #expect(try Binary.run("ingest", CommandTests.sample, "--db", setting.path("b.db")).code == 0)
        let run = try setting.report(to: setting.path("b.db"))
        #expect(run.code == 64)
        #expect(run.error.contains("is a database"))
        #expect(try Binary.run("status", "--db", setting.path("b.db")).code == 0)
    }

    @Test func inputsAndConfigurationAreRefused() throws {
        let folder = try TestFolder()
        let log = try folder.write(LogLines.connect(0, "d") + "\n", to: "logs/PT1H.json")
        let suppressions = try folder.write("version: 1\nsuppressions: []\n", to: "known.yaml")
        let key = try folder.write("0123456789abcdef0123456789abcdef", to: "redact.key")
        let own = String(decoding: try TestFolder.read(Binary.root + "/queries/rules/throttled.sql"), as: UTF8.self)
        let rule = try folder.write(
            own.replacingOccurrences(of: "rule: throttled", with: "rule: mine"),
            to: "rules/mine.sql"
        )
        let db = folder.path + "/a.db"
        #expect(try Binary.run("analyze", folder.path + "/logs", "--db", db, "-o", log).code == 64)
        #expect(access(db, F_OK) != 0)
        #expect(try Binary.run("analyze", folder.path + "/logs", "--db", db, "-o", folder.path + "/r.txt").code == 0)
        // The ledger remembers what the database was filled from.
        let late = try Binary.run("report", "--db", db, "-o", log)
        #expect(late.code == 64)
        #expect(late.error.contains("an input"))
        let base = ["findings", "--db", db, "-o"]
        #expect(try Binary.run(base + [suppressions, "--suppressions", suppressions]).code == 64)
        #expect(try Binary.run(base + [key, "--redact", key]).code == 64)
        #expect(try Binary.run(base + [rule, "--rules", folder.path + "/rules"]).code == 64)
        #expect(try TestFolder.read(log) == Array((LogLines.connect(0, "d") + "\n").utf8))
    }

    @Test func anExistingFileKeepsItsModeAndANewOneGetsWhatTheUmaskLeaves() throws {
        let setting = try Setting()
        let old = try setting.folder.write("old", to: "old.txt")
        for mode in [0o600, 0o640, 0o664, 0o755] as [mode_t] {
            #expect(chmod(old, mode) == 0)
            #expect(try setting.report(to: old).code == 0)
            #expect(Self.mode(old) & 0o7777 == mode)
            #expect(try TestFolder.read(old).count > 100)
        }
        for (mask, mode) in [("022", 0o644), ("077", 0o600), ("002", 0o664)] as [(String, mode_t)] {
            let new = setting.path("new-\(mask).txt")
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
            process.arguments = ["-c", "umask \(mask); exec '\(Binary.path)' report --db '\(setting.db)' -o '\(new)'"]
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            #expect(Self.mode(new) & 0o7777 == mode)
        }
        #expect(try setting.drafts().isEmpty)
    }

    @Test func linksAreFollowedAlsoToWhatIsNotThereYet() throws {
        let setting = try Setting()
        try setting.folder.write("old", to: "far/real.txt")
        #expect(symlink("far/real.txt", setting.path("near")) == 0)
        #expect(symlink("far/coming.txt", setting.path("dangling")) == 0)
        #expect(symlink("circle", setting.path("circle")) == 0)
        #expect(try setting.report(to: setting.path("near")).code == 0)
        #expect(try setting.report(to: setting.path("dangling")).code == 0)
        for name in ["near", "dangling"] { #expect(Self.mode(setting.path(name)) & S_IFMT == S_IFLNK) }
        for name in ["far/real.txt", "far/coming.txt"] {
            #expect(try TestFolder.read(setting.path(name)).count > 100)
        }
        #expect(try setting.report(to: setting.path("circle")).code == 3)
        #expect(try setting.report(to: setting.path("far")).code == 3)
    }

    @Test func whatIsNotRegularIsWrittenThrough() throws {
        let setting = try Setting()
        let plain = try Binary.run("findings", "--db", setting.db, "--format", "csv").output
        for path in ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "-"] {
            #expect(try Binary.run("findings", "--db", setting.db, "--format", "csv", "-o", path).output == plain)
        }
        let fifo = setting.path("fifo")
        #expect(mkfifo(fifo, 0o600) == 0)
        let (process, _, _) = try Binary.start(["findings", "--db", setting.db, "--format", "csv", "-o", fifo])
        #expect(String(decoding: try TestFolder.read(fifo), as: UTF8.self) == plain)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(Self.mode(fifo) & S_IFMT == S_IFIFO)
        #expect(try setting.report(to: "/dev/null").code == 0)
        let full = try setting.report(to: "/dev/full")
        #expect(full.code == 3)
        #expect(full.error.contains("No space left"))
        for device in ["/dev/null", "/dev/full"] { #expect(Self.mode(device) & S_IFMT == S_IFCHR) }
        #expect(Self.mode("/dev/stdout") & S_IFMT == S_IFLNK)
    }

    /// The descriptor of a redirection is written through, too: its file must not be replaced behind the shell's back.
    @Test func aRedirectedOutputIsWrittenThrough() throws {
        let setting = try Setting()
        let target = try setting.folder.write("before\n", to: "out.txt")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = [
            "-c",
            "'\(Binary.path)' report --db '\(setting.db)' -o /dev/stdout >> '\(target)'; echo after >> '\(target)'",
        ]
        try process.run()
        process.waitUntilExit()
        let text = String(decoding: try TestFolder.read(target), as: UTF8.self)
        #expect(text.hasPrefix("before\ndpslens: "))
        #expect(text.hasSuffix("\nafter\n"))
    }

    @Test func aRunThatFailsLeavesTheOldFileAndNoDraft() throws {
        let setting = try Setting()
        let old = try setting.folder.write("old", to: "old.txt")
        // A rule that fails while it runs comes after the output was looked over.
        let bad = try Binary.run("report", "--db", setting.path("none.db"), "-o", old)
        #expect(bad.code == 3)
        #expect(try TestFolder.read(old) == Array("old".utf8))
        // What stands under the name of a draft is left alone, links most of all.
        #expect(symlink(old, setting.path(".dpslens-0.part")) == 0)
        #expect(try setting.report(to: setting.path("r.txt")).code == 0)
        #expect(try TestFolder.read(old) == Array("old".utf8))
        #expect(try setting.drafts() == [".dpslens-0.part"])
    }
}
