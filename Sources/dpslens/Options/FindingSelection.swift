import ArgumentParser
import EventStore
import Findings
import Reports

/// Which findings a list holds, in which order, how many, and with which columns.
struct FindingSelection: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("Only of this rule; may be given again.", valueName: "name"))
    var rule: [String] = []

    @Option(name: .long, help: ArgumentHelp("Only about this device or registration id.", valueName: "id"))
    var device: [String] = []

    @Option(name: .long, help: ArgumentHelp("Only about this enrollment group or its devices.", valueName: "name"))
    var group: [String] = []

    @Option(name: .long, help: ArgumentHelp("Only about this hub or its devices.", valueName: "name"))
    var hub: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Only with this status: new, ongoing, resolved, reopened, suppressed, unobserved.",
            valueName: "status"
        )
    )
    var status: [String] = []

    @Option(name: .long, help: ArgumentHelp("Only of this incident: its id or its beginning.", valueName: "id"))
    var incident: String?

    @Option(name: .long, help: ArgumentHelp("At most this many; 0 for all.", valueName: "n"))
    var limit = 0

    @Option(
        name: .long,
        parsing: .unconditional,
        help: ArgumentHelp(
            "In the order of a column; with - in front the other way round.",
            discussion: "Default: worst first, then rule and subject.",
            valueName: "column"
        )
    )
    var sort: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Only these columns, separated by commas (docs/exports.md names them).", valueName: "names")
    )
    var columns: String?

    /// The states that findings can be in.
    private static let states = ["new", "ongoing", "resolved", "reopened", "suppressed", "unobserved"]

    /// Makes sure that every name is one.
    ///
    /// - Throws: `NotFound` (exit 64), `ValidationError` (exit 64).
    func check(_ rules: RuleSet) throws {
        for name in rule where rules.entry(name) == nil && RegistryChecks.card(name) == nil {
            throw NotFound.rule(name, rules)
        }
        for name in status where !Self.states.contains(name) {
            throw NotFound(
                "there is no status \(TerminalText.safe(name))",
                near: Suggestion.near(name, in: Self.states),
                else: "there are \(Self.states.joined(separator: ", "))"
            )
        }
        if limit < 0 { throw ValidationError("--limit takes 0 for all, or how many.") }
        if let sort { _ = try Self.column(sort.hasPrefix("-") ? String(sort.dropFirst()) : sort) }
        _ = try chosenColumns()
    }

    /// The places of the columns that were asked for; nil for all.
    func chosenColumns() throws -> [Int]? {
        try columns.map { try $0.split(separator: ",").map { try Self.column(String($0).trimmed) } }
    }

    private static func column(_ name: String) throws -> Int {
        let folded = name.lowercased().split(separator: "-").joined(separator: "_")
        if let place = FindingTable.columns.firstIndex(of: folded) { return place }
        throw NotFound(
            "there is no column \(TerminalText.safe(name))",
            near: Suggestion.near(folded, in: FindingTable.columns),
            else: "there are \(FindingTable.columns.joined(separator: ", "))"
        )
    }

    /// Whether a finding was asked for, before order and `limit`; names of a redacted report are those of its key.
    func choice(_ redactor: Redactor? = nil) -> (Finding) -> Bool {
        func known(_ names: [String]) -> Set<String> {
            Set(names.map { (redactor?.name(behind: $0) ?? $0).lowercased() })
        }
        let (rules, states) = (Set(rule), Set(status))
        let (devices, groups, hubs) = (known(device), known(group), known(hub))
        func isOne(_ names: Set<String>, of values: [String?]) -> Bool {
            names.isEmpty || values.contains { $0.map { names.contains($0.lowercased()) } ?? false }
        }
        let beginning = incident?.lowercased()
        return { finding in
            guard rules.isEmpty || rules.contains(finding.rule) else { return false }
            guard states.isEmpty || states.contains(finding.status) else { return false }
            if let beginning {
                let id = finding.incident.map { redactor?.id($0) ?? $0 } ?? ""
                guard id.hasPrefix(beginning) else { return false }
            }
            let isAbout = { (kind: String) in finding.subjectKind == kind ? finding.subject : nil }
            return isOne(devices, of: [isAbout("device"), finding.registrationId, finding.deviceId])
                && isOne(groups, of: [isAbout("enrollment-group"), finding.enrollmentGroup])
                && isOne(hubs, of: [isAbout("hub"), finding.hub])
        }
    }

    /// The findings in the order of `--sort`; equal ones stay in the total order of all outputs.
    ///
    /// - Throws: `NotFound` for a column that there is not.
    func ordered(_ findings: [Finding]) throws -> [Finding] {
        guard let sort else { return findings }
        let isDescending = sort.hasPrefix("-")
        let column = try Self.column(isDescending ? String(sort.dropFirst()) : sort)
        if FindingTable.columns[column] == "severity" {
            // The total order begins with the worst, so this one begins with the mildest.
            let ranked = findings.enumerated().sorted { a, b in
                let (x, y) = (a.element.severity, b.element.severity)
                return x == y ? a.offset < b.offset : (isDescending ? x > y : x < y)
            }
            return ranked.map(\.element)
        }
        let cells = FindingTable.table(findings).rows.map { $0[column] }
        let places = findings.indices.sorted { a, b in
            let (x, y) = isDescending ? (cells[b], cells[a]) : (cells[a], cells[b])
            if x == y { return a < b }
            if case .integer(let x) = x, case .integer(let y) = y { return x < y }
            return x.plain < y.plain
        }
        return places.map { findings[$0] }
    }

    /// The table with the columns that were asked for.
    func narrowed(_ table: ResultTable) throws -> ResultTable {
        guard let places = try chosenColumns() else { return table }
        var out = ResultTable(
            columns: places.map { table.columns[$0] },
            rows: table.rows.map { row in places.map { row[$0] } }
        )
        if places.isEmpty { out.members = [] }
        return out
    }
}

extension String {
    /// The text without spaces at its ends.
    fileprivate var trimmed: String {
        var text = self[...]
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
