import TestSupport
import Testing

/// The glossary names types and columns that there are.
@Suite struct GlossaryTests {
    private static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(
        separator: "/"
    )

    @Test func whatItNamesInTheCodeIsThere() throws {
        let glossary = String(decoding: try TestFolder.read(Self.root + "/docs/glossary.md"), as: UTF8.self)
        let code = try TestFolder.sources(Self.root + "/Sources").map(\.text).joined(separator: "\n")
        var words = 0
        for line in glossary.split(separator: "\n") where line.hasPrefix("| ") {
            let cells = line.split(separator: "|")
            guard cells.count >= 3, let last = cells.last(where: { $0.contains("`") }),
                last == cells[cells.endIndex - 1]
            else { continue }
            for (place, part) in last.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            where place % 2 == 1 {
                // Paths, commands and files are no names of the code.
                if part.contains(where: { "/. -".contains($0) }) { continue }
                words += 1
                #expect(code.contains(part), "`\(part)` is nowhere in Sources")
            }
        }
        #expect(words > 40)
    }
}
