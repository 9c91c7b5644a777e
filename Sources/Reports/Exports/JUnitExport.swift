import EventStore
public import Findings

/// Findings as JUnit XML, for build servers: a rule is a suite, a finding a case.
public enum JUnitExport {
    /// How a case ends.
    private enum Result {
        case passed
        case failed
        case skipped(String)
    }

    /// Renders all rules; one that found nothing is a case that passed, one that was not asked a case that was skipped.
    ///
    /// Where nothing could be judged, one case more is an error, and no rule passed. Open findings from low on fail. Informational and resolved ones pass; suppressed and unobserved ones are skipped.
    public static func render(_ data: ReportData, findings: [Finding]) -> String {
        let byRule = Dictionary(grouping: findings, by: \.rule)
        let names = Set(data.rules.map(\.name)).union(byRule.keys).union(data.skipped.map(\.rule)).sorted()
        var reasons = Dictionary(data.skipped.map { ($0.rule, $0.reason) }) { first, _ in first }
        if let absence = data.absence { for name in names where reasons[name] == nil { reasons[name] = absence.text } }
        var out = Markup()
        out.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
        let all = findings.map(result)
        let clean = names.count { byRule[$0] == nil }
        let skippedRules = names.count { byRule[$0] == nil && reasons[$0] != nil }
        out.element(
            "testsuites",
            [
                "name": "dpslens", "tests": "\(findings.count + clean + (data.absence == nil ? 0 : 1))",
                "failures": "\(failures(all))", "errors": "\(data.absence == nil ? 0 : 1)",
                "skipped": "\(skips(all) + skippedRules)",
            ]
        ) { out in
            out.raw("\n")
            if let absence = data.absence { records(absence.text, &out) }
            for name in names { suite(name, byRule[name] ?? [], notAsked: reasons[name], &out) }
        }
        out.raw("\n")
        return out.text
    }

    /// The suite of what could not be judged at all.
    private static func records(_ absence: String, _ out: inout Markup) {
        out.element(
            "testsuite",
            ["name": "records", "tests": "1", "failures": "0", "errors": "1", "skipped": "0"]
        ) { out in
            out.element("testcase", ["classname": "dpslens.records", "name": "records to judge"]) { out in
                out.empty("error", ["type": "nothing", "message": absence])
            }
        }
        out.raw("\n")
    }

    private static func suite(_ name: String, _ findings: [Finding], notAsked: String?, _ out: inout Markup) {
        let results = findings.map(result)
        let isClean = findings.isEmpty
        out.element(
            "testsuite",
            [
                "name": name, "tests": "\(max(1, findings.count))", "failures": "\(failures(results))", "errors": "0",
                "skipped": "\(skips(results) + (isClean && notAsked != nil ? 1 : 0))",
            ]
        ) { out in
            out.raw("\n")
            if isClean {
                out.element("testcase", ["classname": "dpslens.\(name)", "name": "no finding"]) { out in
                    if let notAsked { out.empty("skipped", ["message": "not checked: \(notAsked)"]) }
                }
                out.raw("\n")
            }
            for finding in findings { testCase(finding, &out) }
        }
        out.raw("\n")
    }

    private static func testCase(_ finding: Finding, _ out: inout Markup) {
        // The id keeps two findings about one subject apart.
        let name = "\(finding.subjectKind) \(finding.subject) [\(finding.id)]"
        out.element("testcase", ["classname": "dpslens.\(finding.rule)", "name": name]) { out in
            switch result(finding) {
            case .passed:
                out.element("system-out", "\(finding.status), \(finding.severity.rawValue): \(finding.summary)")
            case .skipped(let why): out.empty("skipped", ["message": "\(why): \(finding.summary)"])
            case .failed:
                out.element("failure", ["type": finding.severity.rawValue, "message": finding.summary]) { out in
                    out.put("\(finding.status), \(finding.confidence)")
                    out.raw("\n")
                    out.put("fix: \(finding.fix)")
                    for place in finding.evidence {
                        out.raw("\n")
                        out.put("see \(place)")
                    }
                }
            }
        }
        out.raw("\n")
    }

    private static func result(_ finding: Finding) -> Result {
        switch finding.status {
        case "suppressed", "unobserved": .skipped(finding.status)
        case "resolved": .passed
        default: finding.severity > .informational ? .failed : .passed
        }
    }

    private static func failures(_ results: [Result]) -> Int {
        results.count { if case .failed = $0 { true } else { false } }
    }

    private static func skips(_ results: [Result]) -> Int {
        results.count { if case .skipped = $0 { true } else { false } }
    }
}
