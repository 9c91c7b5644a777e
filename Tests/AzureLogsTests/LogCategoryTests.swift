import TestSupport
import Testing

@testable import AzureLogs

@Suite struct LogCategoryTests {
    private static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(
        separator: "/"
    )

    @Test(arguments: LogCategory.allCases) func isKnownInAnyCase(_ category: LogCategory) {
        #expect(LogCategory(folding: category.rawValue.uppercased()) == category)
        #expect(LogCategory.canonical(category.rawValue.lowercased()) == category.rawValue)
    }

    @Test func anotherNameStaysAsItIs() {
        #expect(LogCategory(folding: "AuditEvent") == nil)
        #expect(LogCategory.canonical("AuditEvent") == "AuditEvent")
    }

    @Test func whatEventGridIsSilentAboutIsNotCovered() {
        #expect(LogCategory.covering(.connections) == [.connections])
        #expect(LogCategory.covering(.registrations) == [.registrationsOperationalLogs, .deviceOperations])
    }

    /// The view `coverage` shows the word of each use.
    @Test(arguments: LogCategory.Use.allCases) func everyUseIsDocumented(_ use: LogCategory.Use) throws {
        let schema = String(decoding: try TestFolder.read(Self.root + "/docs/schema.md"), as: UTF8.self)
        let line = schema.split(separator: "\n").first { $0.hasPrefix("| `tells_of` |") } ?? ""
        #expect(line.contains("`\(use.rawValue)`"), "name \(use.rawValue) in docs/schema.md")
    }

    /// A name of a category as a text of its own would be a second place that knows it.
    @Test func noOtherFileNamesACategory() throws {
        let names = [
            "\"Connections\"", "'Connections'", "DeviceOperations'", "OperationalLogs'", "\"EventGrid\"", "'EventGrid'",
        ]
        for room in ["EventStore", "Correlation", "Findings", "Reports", "Audit"] {
            for (path, text) in try TestFolder.sources(Self.root + "/Sources/" + room) {
                for name in names { #expect(!text.contains(name), "\(path): \(name): take LogCategory") }
            }
        }
    }
}
