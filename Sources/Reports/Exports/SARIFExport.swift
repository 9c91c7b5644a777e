import AzureLogs
public import Basics
import EventStore
public import Findings

/// Findings as SARIF 2.1.0 (OASIS), for code scanning and its viewers.
///
/// What this does not do: name the lines of a program; the locations are the lines of the logs that a finding rests on.
public enum SARIFExport {
    /// Renders a run with all rules, those that were not asked among its notifications.
    ///
    /// - Parameters:
    ///   - data: the rules, the skipped ones and the version.
    ///   - findings: the results, in their order.
    public static func render(_ data: ReportData, findings: [Finding]) -> TextParts {
        render(data, samples: findings) { try findings.forEach($0) }
    }

    /// The same of findings that are read while they are written.
    ///
    /// - Parameter samples: the first finding of each rule that has no card, at least.
    public static func render(
        _ data: ReportData,
        samples: [Finding],
        _ source: @escaping Export.Source
    ) -> TextParts {
        let descriptors = descriptors(data, samples)
        let places = Dictionary(uniqueKeysWithValues: descriptors.enumerated().map { ($1.id, $0) })
        let driver = JSONNode.object([
            ("name", .string("dpslens")), ("version", .optional(data.version.isEmpty ? nil : data.version)),
            ("rules", .array(descriptors.map(\.node))),
        ])
        let absence = data.absence.map { absence in
            JSONNode.object([
                ("level", .string("error")), ("message", .object([("text", .string(message(absence.text)))])),
            ])
        }
        let notes =
            [absence].compactMap(\.self)
            + data.skipped.map { item in
                JSONNode.object([
                    ("level", .string("warning")),
                    ("message", .object([("text", .string(message("\(item.rule) was not checked: \(item.reason)")))])),
                    ("associatedRule", places[item.rule].map { reference(item.rule, $0) }),
                ])
            }
        let invocation = JSONNode.object([
            ("executionSuccessful", .bool(data.absence == nil)), ("toolExecutionNotifications", .array(notes)),
        ])
        var out = "{\"$schema\":\"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
        out += "sarif-schema-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{\n"
        out += "\"tool\":" + JSONNode.object([("driver", driver)]).text + ",\n"
        out += "\"invocations\":" + JSONNode.array([invocation]).text + ",\n"
        out += "\"results\":["
        let head = out
        return TextParts { put in
            try put(head)
            var isFirst = true
            try source { finding in
                try put((isFirst ? "\n" : ",\n") + result(finding, places[finding.rule]).text)
                isFirst = false
            }
            try put("\n]}]}\n")
        }
    }

    private static func reference(_ id: String, _ index: Int) -> JSONNode {
        .object([("id", .string(id)), ("index", .integer(index))])
    }

    private struct Descriptor {
        var id: String
        var node: JSONNode
    }

    /// All rules, and those of findings that no file has: some are made by the program itself.
    private static func descriptors(_ data: ReportData, _ findings: [Finding]) -> [Descriptor] {
        var byName = Dictionary(uniqueKeysWithValues: data.rules.map { ($0.name, descriptor($0)) })
        for finding in findings where byName[finding.rule] == nil {
            let title = data.titles[finding.rule] ?? finding.rule
            byName[finding.rule] = .object([
                ("id", .string(finding.rule)), ("shortDescription", text(title)),
                ("help", text(finding.fix.isEmpty ? title : finding.fix)),
                ("defaultConfiguration", .object([("level", .string(level(finding.severity)))])),
            ])
        }
        return byName.sorted { $0.key < $1.key }.map { Descriptor(id: $0.key, node: $0.value) }
    }

    private static func descriptor(_ card: RuleCard) -> JSONNode {
        let parts = [
            ("Fix", "fix"), ("Why it matters", "why"), ("Likely causes", "causes"),
            ("Looks alike but is not", "not this"),
        ]
        let help = parts.compactMap { title, key in
            card.texts[key].flatMap { $0.isEmpty ? nil : "\(title): \($0)" }
        }
        return .object([
            ("id", .string(card.name)), ("shortDescription", text(card.title)),
            ("fullDescription", text(card.texts["why"] ?? card.title)),
            ("help", text(help.isEmpty ? card.title : help.joined(separator: "\n\n"))),
            ("defaultConfiguration", .object([("level", .string(level(card.severity)))])),
            (
                "properties",
                .object([("severity", .string(card.severity.rawValue)), ("subjectKind", .string(card.subjectKind))])
            ),
        ])
    }

    private static func text(_ text: String) -> JSONNode { .object([("text", .string(message(text)))]) }

    private static func result(_ finding: Finding, _ rule: Int?) -> JSONNode {
        var places = finding.evidence.compactMap { LogPlace($0) }.map(physical)
        let first = places.isEmpty ? nil : places.removeFirst()
        let subject = JSONNode.object([
            ("name", .string(finding.subject)), ("kind", .string(finding.subjectKind)),
        ])
        let location = JSONNode.object([("physicalLocation", first), ("logicalLocations", .array([subject]))])
        let related = places.enumerated().map { index, place in
            JSONNode.object([("id", .integer(index + 1)), ("physicalLocation", place)])
        }
        let suppression = JSONNode.object([("kind", .string("external")), ("status", .string("accepted"))])
        return .object([
            ("ruleId", .string(finding.rule)), ("ruleIndex", rule.map(JSONNode.integer)),
            ("level", .string(level(finding.severity))), ("message", text(finding.summary)),
            ("locations", .array([location])), ("relatedLocations", related.isEmpty ? nil : .array(related)),
            ("partialFingerprints", .object([("dpslensFindingId/v1", .string(finding.id))])),
            ("baselineState", .optional(baseline(finding.status))),
            ("suppressions", finding.status == "suppressed" ? .array([suppression]) : nil),
            ("properties", properties(finding)),
        ])
    }

    private static func properties(_ finding: Finding) -> JSONNode {
        func time(_ time: Int64?) -> JSONNode? { time.map { .string(Timestamp.format(microseconds: $0)) } }
        return .object([
            ("severity", .string(finding.severity.rawValue)), ("confidence", .string(finding.confidence)),
            ("status", .string(finding.status)), ("subjectKind", .string(finding.subjectKind)),
            ("subject", .string(finding.subject)), ("registrationId", .optional(finding.registrationId)),
            ("deviceId", .optional(finding.deviceId)), ("enrollmentGroup", .optional(finding.enrollmentGroup)),
            ("dps", .optional(finding.dps)), ("hub", .optional(finding.hub)), ("firstSeen", time(finding.firstSeen)),
            ("lastSeen", time(finding.lastSeen)), ("occurrences", .integer(finding.occurrences)),
            ("incident", .optional(finding.incident)), ("reason", .string(finding.reason)),
            ("fix", .string(finding.fix)),
        ])
    }

    private static func physical(_ place: LogPlace) -> JSONNode {
        .object([
            ("artifactLocation", .object([("uri", .string(place.uri))])),
            // Line 0 is the file as a whole; SARIF counts from 1.
            ("region", place.line > 0 ? .object([("startLine", .integer(place.line))]) : nil),
        ])
    }

    /// SARIF's words for how bad something is.
    static func level(_ severity: Severity) -> String {
        switch severity {
        case .critical, .high: "error"
        case .medium: "warning"
        case .low, .informational: "note"
        }
    }

    /// SARIF's words for how a result stands to the run before; nil where it has none, as for `unobserved`.
    static func baseline(_ status: String) -> String? {
        switch status {
        case "new", "reopened": "new"
        case "ongoing": "unchanged"
        case "resolved": "absent"
        default: nil
        }
    }

    /// A text in which SARIF sees neither placeholders (section 3.11.5) nor links (3.11.6).
    static func message(_ text: String) -> String {
        var out = ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if !out.isEmpty { out += "\n" }
            for scalar in TerminalText.safe(String(line)).unicodeScalars {
                switch scalar {
                case "{": out += "{{"
                case "}": out += "}}"
                case "[", "]", "\\": out += "\\" + String(Character(scalar))
                default: out.unicodeScalars.append(scalar)
                }
            }
        }
        return out
    }
}
