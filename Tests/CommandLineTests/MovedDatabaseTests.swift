import Foundation
import Glibc
import TestSupport
import Testing

/// A database that is removed or replaced while it is written takes what was read with it: that is an error, never a success.
@Suite struct MovedDatabaseTests {
    @Test(
        arguments: [["ingest"], ["analyze"], ["analyze", "--format", "json"]],
        [false, true]
    )
    func whatIsWrittenIntoAFileThatIsGoneIsSaid(_ command: [String], _ isReplaced: Bool) throws {
        let folder = try TestFolder()
        let (pipe, db) = (folder.path + "/pipe", folder.path + "/fleet.db")
        #expect(mkfifo(pipe, 0o600) == 0)
        // The reader waits at the pipe until there is a writer, and then the database is open.
        let running = try Binary.start(command + [pipe, "--db", db])
        let writer = try #require(FileHandle(forWritingAtPath: pipe))
        for name in ["", "-wal", "-shm"] { unlink(db + name) }
        if isReplaced { try folder.write("a copy of another", to: "fleet.db") }
        let lines = (0..<200).map { LogLines.connect($0, "dev-\($0)") }.joined(separator: "\n") + "\n"
        try writer.write(contentsOf: Data(lines.utf8))
        try writer.close()
        let run = try Binary.finish(running)
        #expect(run.code == 3, "\(run.error)")
        #expect(run.error.contains("\(db) was removed or replaced"), "\(run.error)")
        #expect(!run.output.contains("finding"), "\(run.output)")
    }
}
