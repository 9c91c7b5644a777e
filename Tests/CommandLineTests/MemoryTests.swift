import EventStore
import Foundation
import Glibc
import TestSupport
import Testing

/// How much memory the real binary takes as names and findings become more; `scripts/measure-memory` does it with millions.
@Suite struct MemoryTests {
    /// Runs the binary and looks at its highest resident memory until it ends, in megabytes.
    ///
    /// What the system says of a child that has ended counts what its parent held when it was made.
    private static func peak(_ arguments: [String]) throws -> Int {
        let (process, out, error) = try Binary.start(arguments)
        for pipe in [out, error] { pipe.fileHandleForReading.readabilityHandler = { _ = $0.availableData } }
        var highest = 0
        while process.isRunning {
            if let text = try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8),
                let line = text.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
                let kilobytes = line.split(separator: " ").dropLast().last.flatMap({ Int($0) })
            {
                highest = max(highest, kilobytes)
            }
            usleep(2000)
        }
        for pipe in [out, error] { pipe.fileHandleForReading.readabilityHandler = nil }
        #expect(process.terminationStatus == 0, "\(arguments) ended with \(process.terminationStatus)")
        #expect(highest > 1000)
        return highest / 1024
    }

    private static func logs(_ folder: TestFolder, _ name: String, _ lines: [String]) throws -> String {
        for (index, start) in stride(from: 0, to: lines.count, by: 5000).enumerated() {
            let part = lines[start..<min(start + 5000, lines.count)].joined(separator: "\n")
            try folder.write(part + "\n", to: "\(name)/\(100 + index).json")
        }
        return folder.path + "/" + name
    }

    /// What the names of hubs, devices and messages cost an ingest: some hundred bytes each.
    @Test(arguments: ["hubs", "devices", "messages"])
    func namesCostSomeHundredBytesEach(_ kind: String) throws {
        let folder = try TestFolder()
        func peak(_ count: Int) throws -> Int {
            let lines = (0..<count).map { index in
                switch kind {
                case "hubs": LogLines.connect(index / 4, "dev-\(index % 50)", hub: "HUB-\(index)")
                case "devices": LogLines.connect(index / 4, "device-of-some-length-\(index)")
                default:
                    LogLines.connect(index / 4, "dev-\(index % 50)", code: "401003")
                        .replacing("\"Name\"", with: "\"message \(index) of many\"")
                }
            }
            let logs = try Self.logs(folder, "\(kind)-\(count)", lines)
            return try Self.peak(["ingest", logs, "--db", "\(folder.path)/\(kind)-\(count).db"])
        }
        let (few, many) = (try peak(5000), try peak(25_000))
        print("\(kind): \(few) MB for 5,000, \(many) MB for 25,000")
        #expect(many < 200, "\(many) MB")
        #expect(many - few < 20, "20,000 names more took \(many - few) MB more than \(few) MB")
    }

    @Test(arguments: ["csv", "json", "jsonl", "sarif", "timesketch", "junit", "prometheus"])
    func findingsAreNotInMemoryWhileTheyAreWritten(_ format: String) throws {
        let folder = try TestFolder()
        let few = try Self.findings(5, folder, format).writing
        let many = try Self.findings(100, folder, format).writing
        print("\(format): \(few) MB for 1,000 findings, \(many) MB for 20,000")
        #expect(many - few < 12, "19,000 findings more took \(many - few) MB more than \(few) MB")
    }

    /// Of findings that are not told yet only what incidents are made of is in memory.
    @Test func findingsAreNotInMemoryWhileTheyAreMade() throws {
        let folder = try TestFolder()
        let few = try Self.findings(5, folder, "csv").making
        let many = try Self.findings(300, folder, "csv").making
        print("made: \(few) MB for 1,000 findings, \(many) MB for 60,000")
        #expect(many - few < 30, "59,000 findings more took \(many - few) MB more than \(few) MB")
    }

    /// The memory of making and writing findings of a rule that says something of 200 devices so many times.
    private static func findings(_ times: Int, _ folder: TestFolder, _ format: String) throws -> (
        making: Int, writing: Int
    ) {
        let lines = (0..<200).map { LogLines.connect($0, "dev-\($0)") } + [LogLines.registration(9, "dev-9")]
        let logs = try Self.logs(folder, "logs-\(times)", lines)
        let rules = "\(folder.path)/rules-\(times)"
        try GuardedSQLTests.rule(
            "many",
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(times))
            SELECT d.device_id || '-' || n.i AS subject, NULL AS registration_id, d.device_id AS device_id,
                NULL AS enrollment_group, NULL AS dps, d.hub AS hub, d.first_time AS first_seen,
                d.last_time AS last_seen, 1 AS occurrences, 'many' AS reason, 'possible' AS confidence,
                NULL AS evidence, NULL AS evidence_2, NULL AS evidence_3
            FROM device_totals d, n
            """,
            to: folder,
            in: "rules-\(times)"
        )
        let common = ["--db", "\(folder.path)/\(times).db", "--rules", rules]
        _ = try Self.peak(["ingest", logs, "-q", "--db", "\(folder.path)/\(times).db"])
        let making = try Self.peak(["findings", "--format", "csv", "--limit", "1"] + common)
        return (making, try Self.peak(["findings", "--format", format] + common))
    }
}
