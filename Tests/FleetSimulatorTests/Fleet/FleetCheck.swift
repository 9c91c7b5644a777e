import EventStore
import Findings
import TestSupport

@testable import FleetSimulator

/// What an analysis found, beside what is true.
struct FleetCheck {
    let found: Set<Truth>
    let planted: Set<Truth>
    let findings: [Finding]

    init(_ findings: [Finding], _ truths: [Ground.Planted]) {
        self.findings = findings
        found = Set(findings.map { Truth(rule: $0.rule, subject: $0.subject) })
        planted = Set(truths.map(\.truth))
    }

    /// What was found and is not true.
    var wrong: [Truth] { found.subtracting(planted).sorted() }
    /// What is true and was not found.
    var missed: [Truth] { planted.subtracting(found).sorted() }

    /// One line a rule: how many findings were planted, found and true, and the two ratios.
    func table(_ title: String, rules: [String]) -> String {
        var text = "\n" + title + "\n"
        text += Self.row(["rule", "planted", "found", "true", "precision", "recall"])
        for rule in rules {
            let planted = planted.count { $0.rule == rule }
            let found = found.count { $0.rule == rule }
            let right = self.found.intersection(self.planted).count { $0.rule == rule }
            text += Self.row([
                rule, String(planted), String(found), String(right), Self.ratio(right, found),
                Self.ratio(right, planted),
            ])
        }
        return text
    }

    private static func row(_ cells: [String]) -> String {
        var text = cells[0] + String(repeating: " ", count: max(1, 30 - cells[0].count))
        for cell in cells.dropFirst() { text += String(repeating: " ", count: max(1, 10 - cell.count)) + cell }
        return text + "\n"
    }

    /// A ratio with four digits, cut and never rounded up.
    private static func ratio(_ part: Int, _ whole: Int) -> String {
        guard whole > 0 else { return "-" }
        let digits = String(part * 10_000 / whole % 10_000 + 10_000).dropFirst()
        return String(part / whole) + "." + digits
    }
}

/// Fleets on disk and in a database.
enum FleetRun {
    /// Writes a book's files into a folder.
    ///
    /// - Throws: `TestSupportError` if it cannot be written.
    static func write(_ book: FleetBook, to folder: TestFolder, _ name: String) throws -> [String] {
        var paths: [String] = []
        try FleetFiles.write(book) { path, bytes in paths.append(try folder.write(bytes, to: name + "/" + path)) }
        return paths
    }
}
