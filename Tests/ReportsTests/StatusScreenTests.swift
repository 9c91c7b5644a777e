import EventStore
import TestSupport
import Testing

@testable import Reports

@Suite struct StatusScreenTests {
    @Test func formatsAndFilesToKnowOfAreShown() async throws {
        let folder = try TestFolder()
        let database = try LogDatabase.inMemory()
        let lines = (0..<3).map { LogLines.connect($0, "dev-\($0)") + "\n" }.joined()
        let csv = "TimeGenerated;Category;OperationName;DeviceId\n\"13/11/2025 09:15\";Connections;deviceConnect;d\n"
        let paths = [
            try folder.write(lines, to: "plain"), try folder.write(try gzip(lines.utf8), to: "packed"),
            try folder.write(ArchiveMaker.tar([("PT1H.json", Array(lines.utf8))]), to: "x.tar"),
            try folder.write(csv, to: "portal.csv"), try folder.write("%PDF-1.7", to: "a\u{1B}[31m.pdf"),
        ]
        _ = try await Importer.run(paths, into: database)
        let screen = StatusScreen.render(try StoreStatus.load(database))
        for part in [
            "formats met", "2  lines (an object a line", "1  gzip, lines (first bytes 1F 8B; an object a line",
            "1  csv with semicolons (a header", "x.tar: tar", "portal.csv: csv with semicolons",
            "this is a PDF, which is not read", "SELECT path, formats",
        ] {
            #expect(screen.contains(part), "\(part)")
        }
        #expect(!screen.contains("\u{1B}"))
        let status = try StoreStatus.load(database)
        #expect(status.formats.map(\.count).reduce(0, +) == 6)
        #expect(status.notedFiles == status.notes.count)
    }
}
