import Foundation
import Glibc
import TestSupport
import Testing

/// Files of any name are read, shown harmlessly, and found again.
@Suite struct InputNameTests {
    /// Names as bytes; each file has one device of its own.
    static let names: [[UInt8]] = [
        Array("caf".utf8) + [0xE9], [0xFF, 0xFE], Array("two\nlines".utf8), Array("it's \"quoted\"".utf8),
        Array("\u{1B}[31mred".utf8), Array("=cmd|' C calc'!A0".utf8), Array("u\u{202E}gnp".utf8),
        Array("literal\\xE9".utf8), Array("e\u{301}".utf8), Array("\u{E9}".utf8), Array("a;b,c".utf8),
        Array("100%".utf8),
    ]

    private static func write(_ text: String, _ folder: String, _ name: [UInt8]) {
        let path = (Array((folder + "/").utf8) + name + [0]).map(CChar.init(bitPattern:))
        guard let file = fopen(path, "w") else { return }
        fputs(text, file)
        fclose(file)
    }

    @Test func everyFileIsReadShownAndFoundAgain() throws {
        let folder = try TestFolder()
        let logs = folder.path + "/logs"
        mkdir(logs, 0o755)
        for (index, name) in Self.names.enumerated() {
            Self.write(LogLines.connect(index, "d-\(index)") + "\nrubbish\n", logs, name)
        }
        // A folder's name, too.
        let sub = (Array((logs + "/").utf8) + [0xE9, 0]).map(CChar.init(bitPattern:))
        #expect(mkdir(sub, 0o755) == 0)
        let below = sub.dropLast() + [0x2F, 0x78, 0]
        if let file = fopen(Array(below), "w") {
            fputs(LogLines.connect(99, "d-99") + "\n", file)
            fclose(file)
        }
        let db = folder.path + "/a.db"
        let run = try Binary.run("analyze", logs, "--db", db, "--json")
        #expect(run.output.contains(#""files":13,"#), "\(run.output)")
        #expect(run.output.contains(#""stored":13,"#))
        let again = try Binary.run("ingest", logs, "--db", db, "--json").output
        #expect(again.contains(#""filesUnchanged":13,"#), "\(again)")
        for command in [["rejects"], ["report"], ["status"], ["query", "--sql", "SELECT path FROM files"]] {
            let screen = try Binary.run(command + ["--db", db])
            let isHarmless = screen.output.unicodeScalars.allSatisfy {
                $0 == "\n" || ![.control, .format].contains($0.properties.generalCategory)
            }
            #expect(isHarmless, "\(command)")
        }
        let csv = try Binary.run(
            "query",
            "--sql",
            "SELECT path FROM files ORDER BY path",
            "--format",
            "csv",
            "--db",
            db
        ).output
        #expect(csv.contains("caf\\xE9") && csv.contains("literal\\x5CxE9") && csv.contains("\\xE9/x"))
        // What is shown can be given: the file is known under it.
        for shown in ["caf\\xE9", "\\xFF\\xFE", "literal\\xE9", "literal\\x5CxE9", "\\xE9"] {
            let found = try Binary.run("ingest", logs + "/" + shown, "--db", db, "--json").output
            #expect(found.contains(#""files":1,"filesUnchanged":1"#), "\(shown): \(found)")
        }
        for pattern in ["caf?", "*\\xE9", "[=]cmd*", "two?lines"] {
            #expect(try Binary.run("ingest", logs + "/" + pattern, "--db", db).code == 0, "\(pattern)")
        }
    }

    @Test func aFolderThatCannotBeListedIsNotedAndTheRestIsRead() throws {
        let folder = try TestFolder()
        try folder.write(LogLines.connect(0, "d") + "\n", to: "logs/a/x.json")
        try folder.write(LogLines.connect(0, "e") + "\n", to: "logs/b/x.json")
        try folder.write(LogLines.connect(0, "f") + "\n", to: "logs/c/x.json")
        chmod(folder.path, 0o777)
        chmod(folder.path + "/logs/b", 0)
        defer { chmod(folder.path + "/logs/b", 0o755) }
        for (command, input) in [("ingest", "logs"), ("analyze", "logs/*/*.json"), ("ingest", "logs/**/x.json")] {
            let db = folder.path + "/\(command)-\(input.count).db"
            let arguments = [command, folder.path + "/" + input, "--db", db, "--json"]
            let run = try geteuid() == 0 ? Unprivileged.run(arguments) : Binary.run(arguments)
            #expect(run.code == 2, "\(run.output)\(run.error)")
            #expect(
                run.output.contains(#""filesRejected":1,"#) && run.output.contains(#""stored":2,"#),
                "\(run.output)"
            )
            #expect(run.error.contains("logs/b"), "\(run.error)")
        }
    }

    @Test func whatLiesDeeperThanIsReadIsNoted() throws {
        let folder = try TestFolder()
        // A path has 4,096 bytes at most.
        for depth in [200, 256, 257] {
            let steps = Array(repeating: "d", count: depth).joined(separator: "/")
            try folder.write(LogLines.connect(depth, "deep-\(depth)") + "\n", to: "logs/\(steps)/x.json")
        }
        let run = try Binary.run(["ingest", folder.path + "/logs", "--db", folder.path + "/a.db"])
        #expect(run.code == 2, "\(run.output)\(run.error)")
        let read = try Binary.tables("SELECT name FROM identity ORDER BY 1", folder.path + "/a.db")
        #expect(read == "name\ndeep-200\ndeep-256\n", "\(read)\(run.output)\(run.error)")
    }

    @Test func circlesOfLinksEndAndLinkedFoldersAreReadOnce() throws {
        let folder = try TestFolder()
        try folder.write(LogLines.connect(0, "d") + "\n", to: "logs/deep/er/x.json")
        try folder.write(LogLines.connect(0, "e") + "\n", to: "elsewhere/y.json")
        for (target, link) in [
            ("..", "logs/deep/up"), (".", "logs/self"), ("../../../elsewhere", "logs/deep/er/out"),
            ("deep", "logs/again"),
            ("../logs", "elsewhere/back"),
        ] { #expect(symlink(target, folder.path + "/" + link) == 0) }
        for input in ["logs", "logs/**", "logs/**/*.json", "logs/**/**/**/*.json", "**/?.json", "logs/*/*/*/*/*/**"] {
            let run = try Binary.run(
                "ingest",
                folder.path + "/" + input,
                "--db",
                folder.path + "/\(input.count)-\(input.utf8.reduce(0) { $0 &+ Int($1) }).db",
                "--json"
            )
            #expect(run.code == 0, "\(input): \(run.error)")
            if !input.hasPrefix("logs/*/") {
                #expect(
                    run.output.contains(#""files":2,"#) && run.output.contains(#""stored":2,"#),
                    "\(input): \(run.output)"
                )
            }
        }
    }
}
