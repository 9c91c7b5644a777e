import Testing

@testable import Basics
@testable import Reports

extension TextParts {
    /// All of it, for tests.
    func whole() throws -> String {
        var text = ""
        try forEach { text += $0 }
        return text
    }
}

@Suite struct TextPartsTests {
    /// What is in memory at a time does not grow with the number of findings.
    @Test(arguments: [ExportFormat.csv, .json, .jsonl, .timesketch, .sarif])
    func manyFindingsAreWrittenAPartAtATime(_ format: ExportFormat) throws {
        let findings = ReportFixture.findings(2000)
        let text = Export.render(format, try ReportFixture.report(findings), findings: findings)
        var parts: [Int] = []
        try text.forEach { parts.append($0.utf8.count) }
        #expect(parts.count > 5)
        #expect(parts.allSatisfy { $0 < TextParts.size * 2 })
        #expect(parts.reduce(0, +) == (try text.whole()).utf8.count)
    }

    @Test func whoeverTakesThePartsEndsTheMaking() throws {
        struct Full: Error {}
        var made = 0
        let text = TextParts { put in
            while true {
                made += 1
                try put(String(repeating: "x", count: 1000))
            }
        }
        #expect(throws: Full.self) { try text.forEach { _ in throw Full() } }
        #expect(made == TextParts.size / 1000 + 1)
    }
}
