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

    /// The views that are asked for have the bytes of a whole export, and the manifest says what there is and what there is not.
    @Test func viewsCanBeChosen() throws {
        let folder = try TestFolder()
        let database = folder.path + "/a.db"
        _ = try Binary.run("ingest", CommandTests.sample, "--db", database, "-q")
        #expect(try Binary.run("export", "--db", database, "--to", folder.path + "/all").code == 0)
        let some = folder.path + "/some"
        let run = try Binary.run(
            "export",
            "--db",
            database,
            "--to",
            some,
            "--view",
            "journeys",
            "--view",
            "attempts",
            "--view",
            "journeys"
        )
        #expect(run.code == 0, "\(run.error)")
        let all = try Self.manifest(folder.path + "/all")
        let chosen = try Self.manifest(some)
        func views(_ manifest: [String: Any]) throws -> [String] {
            try #require(manifest["tables"] as? [[String: Any]]).compactMap { $0["view"] as? String }
        }
        #expect(try views(chosen) == ["attempts", "journeys"])
        #expect(all["left_out"] as? [String] == [])
        #expect(
            try Set(views(all)).subtracting(["attempts", "journeys"]) == Set(chosen["left_out"] as? [String] ?? [])
        )
        let files = ["attempts.csv", "clickhouse.sql", "duckdb.sql", "journeys.csv", "manifest.json"]
        #expect(try FileManager.default.contentsOfDirectory(atPath: some).sorted() == files)
        for file in ["attempts.csv", "journeys.csv"] {
            #expect(try TestFolder.read("\(some)/\(file)") == TestFolder.read("\(folder.path)/all/\(file)"))
        }
    }

    @Test(arguments: ["no_such", "Attempts", "attempts,journeys", "sqlite_master"])
    func aViewThatIsNoneIsAUsageError(_ name: String) throws {
        let folder = try TestFolder()
        _ = try Binary.run("ingest", CommandTests.sample, "--db", folder.path + "/a.db", "-q")
        let run = try Binary.run(
            "export",
            "--db",
            folder.path + "/a.db",
            "--to",
            folder.path + "/out",
            "--view",
            "attempts",
            "--view",
            name
        )
        #expect(run.code == 64)
        #expect(run.error.contains("`\(name)`") && run.error.contains("attempts, contacts,"), "\(run.error)")
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/out"))
    }

    /// A manifest of an earlier export does not speak for files of a later one that did not come to its end.
    @Test func noManifestStandsBesideAnExportThatFailed() throws {
        let folder = try TestFolder()
        let out = folder.path + "/out"
        _ = try Binary.run("ingest", CommandTests.sample, "--db", folder.path + "/a.db", "-q")
        #expect(try Binary.run("export", "--db", folder.path + "/a.db", "--to", out).code == 0)
        try FileManager.default.removeItem(atPath: out + "/journeys.csv")
        try FileManager.default.createDirectory(atPath: out + "/journeys.csv/x", withIntermediateDirectories: true)
        let run = try Binary.run("export", "--db", folder.path + "/a.db", "--to", out)
        #expect(run.code == 3)
        #expect(run.error.contains("journeys.csv"))
        #expect(!FileManager.default.fileExists(atPath: out + "/manifest.json"))
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
