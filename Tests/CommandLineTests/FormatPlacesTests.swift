import Reports
import TestSupport
import Testing

@testable import dpslens

/// Every format in which findings leave the program can be asked for, and is documented.
@Suite struct FormatPlacesTests {
    private static func text(_ path: String) throws -> String {
        String(decoding: try TestFolder.read(Binary.root + "/" + path), as: UTF8.self)
    }

    @Test(arguments: ExportFormat.allCases) func isAskedForAndDocumented(_ format: ExportFormat) throws {
        let findings = FindingsListCommand.Format(rawValue: format.rawValue) != nil
        let report = ReportCommand.Format(rawValue: format.rawValue) != nil
        #expect(findings || report, "give \(format.rawValue) to findings or to report")
        #expect(
            try Self.text("docs/exports.md").contains(format.fileName),
            "name \(format.fileName) in docs/exports.md"
        )
        #expect(try Self.text("docs/audit.md").contains(format.rawValue), "name \(format.rawValue) in docs/audit.md")
    }
}
