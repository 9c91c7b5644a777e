import Foundation
import TestSupport
import Testing

/// The threat model names for each promise the tests that show it; they must be there.
@Suite struct ThreatModelTests {
    @Test func everyPromiseNamesTestsThatAreThere() throws {
        let text = String(decoding: try TestFolder.read(Binary.root + "/docs/threat-model.md"), as: UTF8.self)
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst(2)
        #expect(rows.count > 15)
        let sources = try Self.sources()
        for row in rows {
            let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            #expect(cells.count == 3, "\(row)")
            let names = (cells.last ?? "").split(separator: ",").map {
                $0.trimmingCharacters(in: CharacterSet(charactersIn: " `"))
            }
            #expect(!names.isEmpty)
            for name in names {
                if name.hasPrefix("scripts/") {
                    #expect(
                        FileManager.default.isExecutableFile(atPath: Binary.root + "/" + name),
                        "there is no \(name)"
                    )
                    continue
                }
                let parts = name.split(separator: ".")
                let suite = sources.first { $0.contains("@Suite struct \(parts[0]) ") }
                #expect(suite != nil, "there is no suite \(parts[0])")
                if parts.count == 2 {
                    #expect(suite?.contains("func \(parts[1])(") == true, "there is no test \(name)")
                }
            }
        }
    }

    private static func sources() throws -> [String] {
        let folder = Binary.root + "/Tests"
        let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return try files.filter { $0.hasSuffix(".swift") }.sorted().map {
            String(decoding: try TestFolder.read(folder + "/" + $0), as: UTF8.self)
        }
    }
}
