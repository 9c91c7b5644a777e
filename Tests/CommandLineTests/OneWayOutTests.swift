import Foundation
import Glibc
import TestSupport
import Testing

/// All text leaves through one place, and nothing that a stranger chose steers a terminal.
@Suite struct OneWayOutTests {
    /// Files of the program and what of the search they may hold: each for a reason.
    private static let exceptions: [String: Set<String>] = [
        // The place itself.
        "dpslens/Support/Standard.swift": ["write("],
        // Writes the cases of rules to files.
        "Findings/Rules/RuleTester.swift": ["fputs("],
    ]

    @Test func noOtherFileWritesToStandardOutputOrError() throws {
        let ways = [
            "print(", "debugPrint(", "dump(", "fputs(", "puts(", "fprintf(", "perror(", "putchar(",
            "FileHandle.standard", "exit(withError",
        ]
        var files = 0
        for room in [
            "Basics", "AzureLogs", "LogIngest", "EventStore", "Correlation", "Findings", "Reports", "Audit",
            "Attestation",
            "dpslens",
        ] {
            let folder = Binary.root + "/Sources/" + room
            let names = try #require(FileManager.default.enumerator(atPath: folder)).compactMap { $0 as? String }
            for name in names.sorted() where name.hasSuffix(".swift") {
                files += 1
                let text = String(decoding: try TestFolder.read(folder + "/" + name), as: UTF8.self)
                for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                    let code = line.drop { $0 == " " }
                    if code.hasPrefix("//") { continue }
                    for way in ways where Self.calls(way, code) {
                        let isAllowed = Self.exceptions[room + "/" + name]?.contains(way) == true
                        #expect(isAllowed, "\(room)/\(name):\(index + 1): \(way)")
                    }
                    let isPlace = Self.exceptions[room + "/" + name]?.contains("write(") == true
                    if code.contains("write("), code.contains("STDOUT_FILENO") || code.contains("STDERR_FILENO") {
                        #expect(isPlace, "\(room)/\(name):\(index + 1)")
                    }
                }
            }
        }
        #expect(files > 200)
    }

    /// Whether a line calls a function of this name, and not one whose name only ends so.
    private static func calls(_ way: String, _ line: Substring) -> Bool {
        line.ranges(of: way).contains { range in
            guard range.lowerBound > line.startIndex else { return true }
            let before = line[line.index(before: range.lowerBound)]
            return !before.isLetter && !before.isNumber && before != "_" && before != "."
        }
    }

    private static let hostile = "a\u{1B}[2Jb\u{202E}c\u{7F}d\u{9B}31m\ne"

    /// Whether a text has nothing that a terminal obeys, but line ends.
    private static func isHarmless(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control: scalar == "\n"
            case .format, .lineSeparator, .paragraphSeparator: false
            default: true
            }
        }
    }

    @Test func argumentsAndPathsInMessagesAreHarmless() throws {
        let folder = try TestFolder()
        let db = folder.path + "/a.db"
        _ = try Binary.run("ingest", CommandTests.sample, "--db", db)
        let bad = Self.hostile
        for arguments in [
            [bad], ["report", bad], ["findings", "--since", bad], ["findings", "--format", bad],
            ["status", "--db", bad],
            ["ingest", folder.path + "/" + bad, "--db", db], ["device", bad, "--db", db],
            ["query", "--sql", "SELECT '\(bad)' FROM \"\(bad)\"", "--db", db], ["query", bad, "--db", db],
            ["rules", "show", bad], ["rules", "lint", "--rules", bad], ["audit", "--config", bad],
            ["suppress", "check", "--file", bad, "--file-only"],
            ["report", "--db", db, "-o", folder.path + "/" + bad + "/x"],
            ["incidents", "show", bad, "--db", db], ["attest", "chain", "--anchors", bad, "--chain", bad],
            ["attest", "verify", "--registry", bad, "--request", bad], ["prune", "--keep", bad, "--db", db],
            ["findings", "diff", bad, bad, "--db", db],
        ] {
            let run = try Binary.run(arguments)
            #expect(run.code != 0, "\(arguments)")
            #expect(Self.isHarmless(run.error), "\(arguments): \(run.error.debugDescription)")
            #expect(Self.isHarmless(run.output), "\(arguments)")
        }
    }

    @Test func rowsOfAQuestionAreHarmlessInATable() throws {
        let folder = try TestFolder()
        let db = folder.path + "/a.db"
        _ = try Binary.run("ingest", CommandTests.sample, "--db", db)
        let sql = "SELECT char(27) || '[2J' || char(8238) || char(155) AS \"x\(Self.hostile)\""
        let run = try Binary.run("query", "--sql", sql, "--db", db)
        #expect(run.code == 0)
        #expect(Self.isHarmless(run.output), "\(run.output.debugDescription)")
        let json = try Binary.run("query", "--sql", sql, "--format", "json", "--db", db).output
        let rows = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]])
        #expect(rows.first?.values.first as? String == "\u{1B}[2J\u{202E}\u{9B}")
        #expect(Self.isHarmless(json), "exact, and still nothing that a terminal obeys")
    }
}
