import Foundation
import TestSupport
import Testing

/// The files of a night: every format that is offered is written, as what it is called.
@Suite struct AuditOutputTests {
    private static let beginnings = [
        "findings.csv": "finding_id,rule,", "findings.json": "[\n  {\"finding_id\":",
        "findings.jsonl": "{\"finding_id\":",
        "report.html": "<!DOCTYPE html>", "report.md": "# dpslens report", "report.txt": "dpslens: ",
        "findings.sarif": "{\"$schema\":", "findings.junit.xml": "<?xml version=\"1.0\"",
        "findings.prom": "# HELP dpslens_findings", "timesketch.csv": "datetime,timestamp_desc,message,",
        "summary.json": "{\"night\":\"2026-03-02\"",
    ]

    @Test func everyFormatOfTheSchemaIsWrittenAsWhatItIsCalled() throws {
        let folder = try TestFolder()
        let schema = try Binary.run("config", "schema").output
        let known = try #require(JSONSerialization.jsonObject(with: Data(schema.utf8)) as? [String: Any])
        let outputs = try #require((known["properties"] as? [String: Any])?["outputs"] as? [String: Any])
        let property = try #require((outputs["properties"] as? [String: Any])?["formats"] as? [String: Any])
        let formats = try #require((property["items"] as? [String: Any])?["enum"] as? [String])
        #expect(formats.count + 1 == Self.beginnings.count)
        try folder.write(
            """
            version: 1
            database: nightly.db
            inputs: [\(Binary.root)/\(CommandTests.sample)]
            outputs:
              folder: reports
              formats: [\(formats.joined(separator: ", "))]

            """,
            to: "audit.yaml"
        )
        let run = try Binary.run("audit", "--config", folder.path + "/audit.yaml", "--as-of", "2026-03-02", "--cron")
        #expect(run.code == 0, "\(run.error)")
        let night = folder.path + "/reports/2026-03-02"
        let files = try FileManager.default.contentsOfDirectory(atPath: night)
        #expect(Set(files) == Set(Self.beginnings.keys).union([".dpslens-night"]))
        for (file, beginning) in Self.beginnings {
            let text = String(decoding: try TestFolder.read(night + "/" + file), as: UTF8.self)
            #expect(text.hasPrefix(beginning), "\(file)")
            // The prometheus file alone tells numbers without names.
            if file != "findings.prom", file != "summary.json" { #expect(text.contains("truck-01"), "\(file)") }
        }
    }
}
