public import Basics
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

    /// How many findings there are of each rule, and how their cases end: XML says it before the first of them.
    public struct Counts: Sendable {
        fileprivate struct Suite {
            var all = 0
            var failures = 0
            var skipped = 0
        }

        fileprivate var suites: [String: Suite] = [:]

        /// Nothing yet.
        public init() {}

        /// Counts a finding.
        public mutating func add(_ finding: Finding) {
            suites[finding.rule, default: Suite()].all += 1
            switch JUnitExport.result(finding) {
            case .passed: break
            case .failed: suites[finding.rule]?.failures += 1
            case .skipped: suites[finding.rule]?.skipped += 1
            }
        }
    }

    /// Hands on the findings of rules one after the other: rule by rule, those of each in total order.
    public typealias Source = (_ rules: [String], (Finding) throws -> Void) throws -> Void

    /// Renders all rules; one that found nothing is a case that passed, one that was not asked a case that was skipped.
    ///
    /// Where nothing could be judged, one case more is an error, and no rule passed. Open findings from low on fail.
    /// Informational and resolved ones pass; suppressed and unobserved ones are skipped.
    public static func render(_ data: ReportData, findings: [Finding]) -> TextParts {
        var counts = Counts()
        for finding in findings { counts.add(finding) }
        return render(data, counts) { rules, body in
            let byRule = Dictionary(grouping: findings, by: \.rule)
            for rule in rules { try byRule[rule]?.forEach(body) }
        }
    }

    /// The same of findings that were counted, and are read while they are written.
    public static func render(_ data: ReportData, _ counts: Counts, _ source: @escaping Source) -> TextParts {
        let names = Set(data.rules.map(\.name)).union(counts.suites.keys).union(data.skipped.map(\.rule)).sorted()
        var reasons = Dictionary(data.skipped.map { ($0.rule, $0.reason) }) { first, _ in first }
        if let absence = data.absence { for name in names where reasons[name] == nil { reasons[name] = absence.text } }
        let notAsked = reasons
        return TextParts { put in
            var out = Markup()
            begin(data, counts, names, notAsked, &out)
            var left = names[...]
            var current: String?
            func end() {
                if current != nil { endSuite(&out) }
                current = nil
            }
            func cleanSuites(before next: String?) {
                while let name = left.first, name != next {
                    cleanSuite(name, notAsked: notAsked[name], &out)
                    left.removeFirst()
                }
            }
            try source(names.filter { counts.suites[$0] != nil }) { finding in
                if current != finding.rule {
                    end()
                    cleanSuites(before: finding.rule)
                    beginSuite(finding.rule, counts.suites[finding.rule] ?? Counts.Suite(), &out)
                    left = left.dropFirst()
                    current = finding.rule
                }
                testCase(finding, &out)
                try put(out.taken())
            }
            end()
            cleanSuites(before: nil)
            out.end("testsuites")
            out.raw("\n")
            try put(out.taken())
        }
    }

    private static func begin(
        _ data: ReportData,
        _ counts: Counts,
        _ names: [String],
        _ notAsked: [String: String],
        _ out: inout Markup
    ) {
        out.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
        let clean = names.filter { counts.suites[$0] == nil }
        let all = counts.suites.values
        out.begin(
            "testsuites",
            [
                "name": "dpslens",
                "tests": "\(all.reduce(0) { $0 + $1.all } + clean.count + (data.absence == nil ? 0 : 1))",
                "failures": "\(all.reduce(0) { $0 + $1.failures })", "errors": "\(data.absence == nil ? 0 : 1)",
                "skipped": "\(all.reduce(0) { $0 + $1.skipped } + clean.count { notAsked[$0] != nil })",
            ]
        )
        out.raw("\n")
        if let absence = data.absence { records(absence.text, &out) }
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

    private static func beginSuite(_ name: String, _ counts: Counts.Suite, _ out: inout Markup) {
        out.begin(
            "testsuite",
            [
                "name": name, "tests": "\(counts.all)", "failures": "\(counts.failures)", "errors": "0",
                "skipped": "\(counts.skipped)",
            ]
        )
        out.raw("\n")
    }

    private static func endSuite(_ out: inout Markup) {
        out.end("testsuite")
        out.raw("\n")
    }

    /// The suite of a rule that found nothing.
    private static func cleanSuite(_ name: String, notAsked: String?, _ out: inout Markup) {
        beginSuite(name, Counts.Suite(all: 1, skipped: notAsked == nil ? 0 : 1), &out)
        out.element("testcase", ["classname": "dpslens.\(name)", "name": "no finding"]) { out in
            if let notAsked { out.empty("skipped", ["message": "not checked: \(notAsked)"]) }
        }
        out.raw("\n")
        endSuite(&out)
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
}
