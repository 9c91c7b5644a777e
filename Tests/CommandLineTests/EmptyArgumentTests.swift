import EventStore
import Foundation
import TestSupport
import Testing

/// A script's variable that was never set leaves an empty argument: it is named, and nothing is made or read.
@Suite struct EmptyArgumentTests {
    @Test(arguments: [
        (["ingest", CommandTests.sample, "--db", ""], "--db"), (["status", "--db="], "--db"),
        (["prune", "--keep", "1d", "--db", ""], "--db"), (["findings", "-o", ""], "-o"),
        (["report", "--format", "html", "--output", ""], "--output"),
        (["analyze", CommandTests.sample, "--output="], "--output"),
        (["analyze", CommandTests.sample, "--config", ""], "--config"), (["findings", "--rules", ""], "--rules"),
        (["report", "--redact", ""], "--redact"), (["audit", "--config", ""], "--config"),
        (["export", "--to", ""], "--to"), (["split", "--to", "", "--parts", "2"], "--to"),
        (["merge", "", "--db", "x.db"], "an argument"), (["ingest", "--", ""], "an argument"),
        (["ingest", CommandTests.sample, ""], "an argument"), (["device", ""], "an argument"),
        (["suppress", "list", "--file", ""], "--file"),
        (["attest", "chain", "--anchors", "", "--chain", "c.pem"], "--anchors"),
        (["attest", "verify", "--registry", "", "--request", "q.json"], "--registry"),
        (["attest", "derive-key", "--key-file", "", "--registration-id", "d"], "--key-file"),
    ])
    func anEmptyArgumentIsNamed(_ arguments: [String], _ name: String) throws {
        let folder = try TestFolder()
        let run = try Binary.finished(arguments, environment: ["DPSLENS_DB": folder.path + "/d.db"])
        #expect(run.code == 64, "\(run.error)")
        #expect(run.error.contains("\(name) is empty"), "\(run.error)")
        #expect(run.output.isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    /// A folder where a file belongs is an error that names it, and stays as it is.
    @Test(arguments: [
        ["ingest", "SAMPLE", "--db", "DIR"], ["analyze", "SAMPLE", "--db", "DIR"], ["status", "--db", "DIR"],
        ["findings", "--db", "DIR"], ["audit", "--config", "DIR"], ["report", "--db", "DB", "-o", "DIR"],
        ["findings", "--db", "DB", "--redact", "DIR"], ["config", "show", "--config", "DIR"],
        ["suppress", "list", "--file", "DIR"], ["query", "DIR", "--db", "DB"],
    ])
    func aFolderInPlaceOfAFileIsNamed(_ arguments: [String]) throws {
        let folder = try TestFolder()
        try folder.write("x", to: "dir/file")
        let db = folder.path + "/x.db"
        #expect(try Binary.run("ingest", Binary.root + "/" + CommandTests.sample, "--db", db).code == 0)
        let run = try Binary.run(
            arguments.map {
                ["SAMPLE": Binary.root + "/" + CommandTests.sample, "DIR": folder.path + "/dir", "DB": db][$0] ?? $0
            }
        )
        #expect([3, 4, 64].contains(run.code), "\(run.code) \(run.error)")
        #expect(run.error.contains(folder.path + "/dir"), "\(run.error)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/dir") == ["file"])
    }
}
