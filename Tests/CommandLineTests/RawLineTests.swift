import Foundation
import TestSupport
import Testing

/// From a report to the raw line of its first cause, by nothing but the commands that each screen names.
@Suite struct RawLineTests {
    @Test(arguments: EvidenceTests.samples)
    func atMostThreeCommandsLeadToTheRawLine(_ sample: String) throws {
        let folder = try TestFolder()
        // A name that a shell would take apart.
        let db = folder.path + "/my fleet.db"
        _ = try Binary.run("ingest", "samples/\(sample)", "--db", db, "-q")
        let json = try Binary.run("report", "--format", "json", "--db", db).output
        let report = try #require(JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        let incidents = try #require(report["incidents"] as? [[String: Any]])
        let first = try #require(incidents.first?["incident"] as? String)
        let findings = try #require(report["findings"] as? [[String: Any]])
        let places = Set(
            findings.filter { $0["incident"] as? String == first }.compactMap { $0["evidence"] as? String }
                .flatMap { $0.split(separator: ";").map(String.init) }
        )
        var text = try Binary.run("report", "--db", db).output
        var commands: [String] = []
        var place: String?
        while commands.count < 3, !Self.isRecord(text) {
            let next = try #require(Self.next(text), "\(sample): no command in \(text.suffix(300))")
            commands.append(next)
            text = try Self.shell(next)
            place = Self.line(text, after: "file") ?? place
        }
        #expect(Self.isRecord(text), "\(sample): \(commands)")
        #expect(places.contains(try #require(place)), "\(sample): \(place ?? "") is no line of incident \(first)")
        // What was shown is what stands on that line of the log.
        let parts = try #require(place).split(separator: ":")
        let (file, number) = (parts.dropLast().joined(separator: ":"), try #require(parts.last.flatMap { Int($0) }))
        let logged = try Self.shell("gzip -dc < '\(file)' | sed -n '\(number)p'")
        let record = try #require(JSONSerialization.jsonObject(with: Data(logged.utf8)) as? [String: Any])
        let time = try #require(record["time"] as? String)
        #expect(text.contains(time), "\(sample): \(time)")
    }

    /// Whether a text holds a raw record: all of them name their resource.
    private static func isRecord(_ text: String) -> Bool { text.contains("\"resourceId\":") }

    /// The command that leads on: out of the log where the text is not kept, else the next screen.
    private static func next(_ text: String) -> String? {
        line(text, after: "Print the line:") ?? line(text, after: "Next:")
    }

    private static func line(_ text: String, after mark: String) -> String? {
        for line in text.split(separator: "\n") {
            let line = line.drop { $0 == " " }
            if line.hasPrefix(mark) { return String(line.dropFirst(mark.count).drop { $0 == " " }) }
        }
        return nil
    }

    /// What a command prints that is given to a shell as it stands, in the project's folder.
    private static func shell(_ command: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "dpslens() { '\(Binary.path)' \"$@\"; }\n\(command)"]
        process.currentDirectoryURL = URL(fileURLWithPath: Binary.root)
        let out = Pipe()
        process.standardOutput = out
        try process.run()
        let bytes = out.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self)
    }
}
