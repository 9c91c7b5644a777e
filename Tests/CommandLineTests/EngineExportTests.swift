import EventStore
import Foundation
import GRDB
import TestSupport
import Testing

@Suite struct EngineExportTests {
    private static func manifest(_ folder: String) throws -> [String: Any] {
        let data = Data(try TestFolder.read(folder + "/manifest.json"))
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    /// The bytes do not depend on the order in which files were read, nor on how often.
    @Test(arguments: ["csv", "jsonl"])
    func theSameLogsGiveTheSameBytesInWhateverOrderTheyCame(_ format: String) throws {
        let folder = try TestFolder()
        let sample = Binary.root + "/" + CommandTests.sample
        let files = try FileManager.default.subpathsOfDirectory(atPath: sample).sorted()
            .map { sample + "/" + $0 }.filter { !$0.hasSuffix(".md") && FileManager.default.isFile($0) }
        for (name, order) in [("a", files), ("b", files.reversed())] {
            for file in order { _ = try Binary.run("ingest", file, "--db", "\(folder.path)/\(name).db", "-q") }
            let run = try Binary.run(
                "export",
                "--db",
                "\(folder.path)/\(name).db",
                "--to",
                "\(folder.path)/\(name)",
                "--format",
                format
            )
            #expect(run.code == 0, "\(run.error)")
        }
        let tables = try #require(try Self.manifest(folder.path + "/a")["tables"] as? [[String: Any]])
        #expect(tables.count >= 19)
        for table in tables {
            let file = try #require(table["file"] as? String)
            // Which of two equal files is the copy, and how attempts are numbered, is told by the order of reading alone.
            if file.hasPrefix("files.") { continue }
            let a = try TestFolder.read("\(folder.path)/a/\(file)")
            #expect(a == (try TestFolder.read("\(folder.path)/b/\(file)")), "\(file)")
            if format == "jsonl" { #expect(a.count { $0 == 10 } == table["rows"] as? Int) }
        }
    }

    /// A column holds what the manifest says of it.
    @Test func everyColumnHasItsType() throws {
        let folder = try TestFolder()
        _ = try Binary.run("ingest", "samples", "--db", folder.path + "/a.db", "-q")
        let run = try Binary.run("export", "--db", folder.path + "/a.db", "--to", folder.path + "/out")
        #expect(run.code == 0, "\(run.error)")
        let tables = try #require(try Self.manifest(folder.path + "/out")["tables"] as? [[String: Any]])
        let database = try LogDatabase.open(folder.path + "/a.db", .readOnly)
        for table in tables {
            let view = try #require(table["view"] as? String)
            for column in try #require(table["columns"] as? [[String: String]]) {
                let name = try #require(column["name"])
                let types = try database.access.read {
                    try String.fetchSet($0, sql: "SELECT DISTINCT typeof(\"\(name)\") FROM \(view)")
                }
                let expected = column["type"] == "BIGINT" ? "integer" : "text"
                #expect(types.subtracting(["null", expected]) == [], "\(view).\(name)")
            }
        }
    }

    @Test func aFolderThatCannotBeWrittenIsNamed() throws {
        let folder = try TestFolder()
        _ = try Binary.run("ingest", CommandTests.sample, "--db", folder.path + "/a.db", "-q")
        let run = try Binary.run("export", "--db", folder.path + "/a.db", "--to", folder.path + "/no/such")
        #expect(run.code == 3)
        #expect(run.error.contains("no/such"))
    }
}

extension FileManager {
    fileprivate func isFile(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
    }
}
