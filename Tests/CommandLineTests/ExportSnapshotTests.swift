import Foundation
import TestSupport
import Testing

/// Every format of a sample through the real binary, as recorded: a change of a format shows as a change of a file.
@Suite struct ExportSnapshotTests {
    private static func database() throws -> (folder: TestFolder, path: String) {
        let folder = try TestFolder()
        #expect(try Binary.run("ingest", CommandTests.sample, "--db", folder.path + "/a.db").code == 0)
        return (folder, folder.path + "/a.db")
    }

    @Test(arguments: [
        ("csv", "csv"), ("json", "json"), ("jsonl", "jsonl"), ("sarif", "sarif"), ("junit", "junit.xml"),
        ("prometheus", "prom"), ("timesketch", "timesketch.csv"),
    ])
    func findingsAreAsRecorded(_ format: String, _ ending: String) throws {
        let (folder, db) = try Self.database()
        defer { withExtendedLifetime(folder) {} }
        let run = try Binary.run("findings", "--format", format, "--db", db)
        #expect(run.code == 0)
        #expect(Snapshot.difference(run.output, "findings-hub-migration.\(ending)") == nil)
    }

    @Test(arguments: [("text", "txt"), ("markdown", "md"), ("html", "html"), ("json", "json")])
    func reportsAreAsRecorded(_ format: String, _ ending: String) throws {
        let (folder, db) = try Self.database()
        defer { withExtendedLifetime(folder) {} }
        let run = try Binary.run("report", "--format", format, "--db", db)
        #expect(run.code == 0)
        let text = run.output.replacingOccurrences(of: folder.path, with: "DB")
        #expect(Snapshot.difference(text, "report-export-hub-migration.\(ending)") == nil)
    }

    @Test func incidentsAreAsRecorded() throws {
        let (folder, db) = try Self.database()
        defer { withExtendedLifetime(folder) {} }
        let run = try Binary.run("incidents", "--format", "csv", "--db", db)
        #expect(Snapshot.difference(run.output, "incidents-hub-migration.csv") == nil)
    }

    @Test func redactedFindingsAreAsRecorded() throws {
        let (folder, db) = try Self.database()
        let key = try folder.write((0..<32).map { UInt8($0) }, to: "key")
        let run = try Binary.run("findings", "--format", "csv", "--db", db, "--redact", key)
        #expect(Snapshot.difference(run.output, "findings-hub-migration-redacted.csv") == nil)
    }

    @Test func anOutputIsWrittenWholeOrNotAtAll() throws {
        let (folder, db) = try Self.database()
        let place = folder.path + "/report.html"
        #expect(try Binary.run("report", "--format", "html", "--db", db, "-o", place).code == 0)
        let written = try TestFolder.read(place)
        #expect(
            String(decoding: written, as: UTF8.self)
                == (try Binary.run("report", "--format", "html", "--db", db).output)
        )
        // A run that fails leaves what was there, and nothing beside it.
        let bad = try Binary.run("report", "--format", "html", "--db", db + ".missing", "-o", place)
        #expect(bad.code == 3)
        #expect(try TestFolder.read(place) == written)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).allSatisfy { !$0.contains(".part-") })
    }
}
