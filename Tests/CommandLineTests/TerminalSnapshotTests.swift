import Foundation
import TestSupport
import Testing

@testable import Reports

/// What a person reads at 40, 80 and 160 columns and in a pipe, through the real binary, as recorded.
@Suite struct TerminalSnapshotTests {
    static let commands = ["analyze", "report", "incidents", "findings", "device"]
    static let widths = ["40", "80", "160", ""]

    private static func arguments(_ command: String, _ db: String) -> [String] {
        switch command {
        case "analyze": ["analyze", CommandTests.sample, "--db", db, "--quiet"]
        case "device": ["device", "truck-01", "--db", db]
        default: [command, "--db", db]
        }
    }

    private static func text(_ command: String, columns: String) throws -> (shown: String, raw: String, folder: String)
    {
        let folder = try TestFolder()
        let db = folder.path + "/a.db"
        if command != "analyze" { #expect(try Binary.run("ingest", CommandTests.sample, "--db", db, "-q").code == 0) }
        let run = try Binary.finished(arguments(command, db), environment: ["COLUMNS": columns])
        #expect(run.code == 0, "\(run.error)")
        return (run.output.replacingOccurrences(of: folder.path, with: "DB"), run.output, folder.path)
    }

    @Test(arguments: commands, widths)
    func screensAreAsRecorded(_ command: String, _ columns: String) throws {
        let (shown, raw, folder) = try Self.text(command, columns: columns)
        // Where a line breaks depends on the length of the database's name, so of these only the unbroken ones are recorded.
        let isBroken = command == "analyze" || command == "report"
        let place = columns.isEmpty ? "pipe" : columns
        let text = isBroken ? shown.split(separator: "\n").filter { !$0.contains("DB") }.joined(separator: "\n") : shown
        #expect(Snapshot.difference(text, "terminal-\(command)-\(place).txt") == nil)
        guard let width = Int(columns) else { return }
        for line in raw.split(separator: "\n") where TerminalText.width(String(line)) > width {
            // Wider than the terminal is only what must not be broken: a command, or one long word.
            let words = line.split(separator: " ")
            let longest = words.map { TerminalText.width(String($0)) }.max() ?? 0
            #expect(line.contains("dpslens ") || line.contains(folder) || longest > width / 2, "\(line)")
        }
    }

    @Test func nothingIsCutInAPipe() throws {
        let folder = try TestFolder()
        let db = folder.path + "/a.db"
        // Names as long as Azure allows.
        let id = "press-" + String(repeating: "0123456789", count: 12)
        let lines = (0..<5).map { LogLines.registration($0 * 300, id, hub: nil, status: "failed", code: 401002) }
        try folder.write(lines.joined(separator: "\n"), to: "a.json")
        _ = try Binary.run("ingest", folder.path + "/a.json", "--db", db, "-q")
        for command in [["findings"], ["incidents"], ["report"], ["device", id]] {
            let run = try Binary.finished(command + ["--db", db], environment: ["COLUMNS": ""])
            #expect(run.code == 0)
            #expect(!run.output.contains("…"), "\(command)")
            if command != ["incidents"] { #expect(run.output.contains(id), "\(command)") }
        }
    }

    @Test func oneIsNotCalledMany() throws {
        let (shown, _, _) = try Self.text("findings", columns: "")
        let csv = try Self.text("report", columns: "").shown
        for text in [shown, csv] {
            #expect(
                text.firstMatch(of: /(^|[^0-9.,])1 (times|devices|findings|incidents|hubs|records|errors)\b/) == nil
            )
        }
        for word in ["struck", "not asked", "normal life"] {
            #expect(!csv.contains(word) && !shown.contains(word), "\(word)")
        }
    }
}
