import Foundation
import TestSupport
import Testing

/// What cannot be written for want of room is an error that says so (exit 3), and the next run finds everything.
///
/// A limit of the size of files stands for a full disk: SQLite and our own writing meet an error in the same places.
@Suite struct FullDiskTests {
    private static func logs(_ folder: TestFolder) throws -> String {
        let lines = (0..<4000).map { index in
            LogLines.connect(index / 8, "device-\(index % 400)", code: (index % 400).isMultiple(of: 4) ? "401003" : nil)
        }
        for part in 0..<4 {
            try folder.write(
                lines[part * 1000..<part * 1000 + 1000].joined(separator: "\n") + "\n",
                to: "logs/\(part).json"
            )
        }
        return folder.path + "/logs"
    }

    /// From the first page to more than the whole takes.
    @Test(arguments: [1, 16, 48, 100, 160, 250, 400, 600, 900])
    func aRunThatFindsNoRoomSaysSoAndTheNextOneFindsEverything(_ kibibytes: Int) throws {
        let folder = try TestFolder()
        let logs = try Self.logs(folder)
        let (db, whole) = (folder.path + "/a.db", folder.path + "/whole.db")
        let limited = try Binary.run(["analyze", logs, "--db", db, "-q"], under: "ulimit -f \(kibibytes)")
        #expect([0, 3].contains(limited.code), "\(limited.code) \(limited.error)")
        if limited.code == 3 {
            #expect(limited.error.contains("full") || limited.error.contains("could not be"), "\(limited.error)")
            #expect(!limited.error.contains("SQLite error"), "\(limited.error)")
        }
        let again = try Binary.run(["analyze", logs, "--db", db, "-q"])
        #expect(again.code == 0, "\(again.error)")
        #expect(try Binary.run(["analyze", logs, "--db", whole, "-q"]).code == 0)
        let findings = try ["a", "whole"].map {
            try Binary.run(["findings", "--db", "\(folder.path)/\($0).db", "--format", "csv"])
        }
        #expect(findings[0].code == 0 && findings[0].output == findings[1].output)
        #expect(findings[0].output.split(separator: "\n").count > 1)
    }

    @Test(arguments: ["csv", "json", "junit", "sarif"])
    func anOutputThatFindsNoRoomIsNotThere(_ format: String) throws {
        let folder = try TestFolder()
        let db = folder.path + "/a.db"
        #expect(try Binary.run(["analyze", Self.logs(folder), "--db", db, "-q"]).code == 0)
        let output = folder.path + "/out/list"
        try folder.write("before", to: "out/list")
        let run = try Binary.run(["findings", "--db", db, "--format", format, "-o", output], under: "ulimit -f 4")
        #expect(run.code == 3 && run.error.contains(output), "\(run.code) \(run.error)")
        #expect(String(decoding: try TestFolder.read(output), as: UTF8.self) == "before")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/out") == ["list"])
    }
}
