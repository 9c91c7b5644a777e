public import Findings

/// What the charts of a report are asked to show.
public enum ReportCharts {
    /// The most devices of the heat map.
    public static let heatDevices = 24

    /// The devices of the heat map: those that loop or flap, worst first, then others with findings.
    public static func devices(_ findings: [Finding], _ rules: [RuleCard]) -> [String] {
        let restless = Set(rules.filter(\.isRestless).map(\.name))
        let ordered = drawn(findings).sorted { a, b in
            let (x, y) = (restless.contains(a.rule), restless.contains(b.rule))
            if x != y { return x }
            return (b.occurrences, a.subject, a.id) < (a.occurrences, b.subject, b.id)
        }
        var seen = Set<String>()
        return Array(ordered.map(\.subject).filter { seen.insert($0).inserted }.prefix(heatDevices))
    }

    /// How many devices the heat map would have without its bound.
    static func candidates(_ findings: [Finding]) -> Int { Set(drawn(findings).map(\.subject)).count }

    private static func drawn(_ findings: [Finding]) -> [Finding] {
        findings.filter { $0.subjectKind == "device" && $0.firstSeen != nil && $0.severity > .informational }
    }
}
