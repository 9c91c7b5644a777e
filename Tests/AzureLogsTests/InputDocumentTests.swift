import TestSupport
import Testing

@testable import AzureLogs

/// docs/input-formats.md tells of every category that is used and of every shipper whose wrapper is taken off.
@Suite struct InputDocumentTests {
    private static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(
        separator: "/"
    )

    private static func text(_ path: String) throws -> String {
        String(decoding: try TestFolder.read(root + "/" + path), as: UTF8.self)
    }

    @Test func everyCategoryThatIsUsedIsNamed() throws {
        let names = LogCategory.allCases.filter { $0.use != .hubErrors }.map(\.rawValue)
        #expect(names.count >= 6)
        let document = try Self.text("docs/input-formats.md")
        for name in names {
            // The documentation calls Event Grid by its name.
            let isNamed = document.contains("`\(name)`") || name == "EventGrid" && document.contains("Event Grid")
            #expect(isNamed, "name the category \(name) in docs/input-formats.md")
        }
    }

    @Test func everyShipperIsNamed() throws {
        // A name may stand on two lines.
        let document = try Self.text("docs/input-formats.md").split(whereSeparator: \.isWhitespace).joined(
            separator: " "
        )
        let kinds = [
            "message", "response", "hit", "export", "batch", "subscription", "landing table", "custom table", "fields",
        ]
        let shippers = Wrapper.places.flatMap { $0.name.split(separator: ",") }.map { part in
            var name = String(part.drop { $0 == " " })
            for kind in kinds where name.hasSuffix(" " + kind) { name.removeLast(kind.count + 1) }
            return name
        }
        for shipper in Set(shippers).sorted() where shipper.first?.isUppercase == true {
            #expect(document.lowercased().contains(shipper.lowercased()), "name \(shipper) in docs/input-formats.md")
        }
    }
}
