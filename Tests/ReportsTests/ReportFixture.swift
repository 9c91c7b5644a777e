@testable import Correlation
@testable import EventStore
@testable import Findings
@testable import Reports

/// Reports for tests, from findings that are made up.
enum ReportFixture {
    /// Text as a hostile device may send it: markup, schemes, formulas, controls, reading direction, placeholders.
    static let hostile =
        "<img src=x onerror=\"alert(1)\">'&javascript:alert(2)[a](http://b){0}\u{202E}\u{1B}[31m\u{0}\n=1+1"

    /// A finding about a device.
    static func finding(
        _ id: String,
        rule: String = "throttled",
        severity: Severity = .high,
        status: String = "new",
        subject: String = "press-1",
        first: Int64? = 1_772_445_600_000_000,
        last: Int64? = 1_772_449_200_000_000,
        evidence: [String] = ["logs/a.json:3"]
    ) -> Finding {
        Finding(
            id: id,
            rule: rule,
            severity: severity,
            confidence: "certain",
            status: status,
            subjectKind: "device",
            subject: subject,
            registrationId: subject,
            deviceId: subject,
            enrollmentGroup: "presses",
            dps: "dps-1",
            hub: "hub-a",
            firstSeen: first,
            lastSeen: last,
            occurrences: 3,
            incident: "00000000000000aa",
            reason: "code-429",
            summary: "\(subject) was throttled 3 times by dps-1",
            fix: "Wait longer.",
            evidence: evidence
        )
    }

    /// Findings, some of each rule.
    static func findings(_ count: Int, rules: [String] = ["throttled"]) -> [Finding] {
        (0..<count).map { finding("\($0)", rule: rules[$0 % rules.count], subject: "press-\($0)") }
            .sorted(by: Finding.precedes)
    }

    /// An incident of findings.
    static func incident(_ findings: [Finding], title: String = "Throttled: 3 of 4 devices") -> Incident {
        Incident(
            id: "00000000000000aa",
            title: title,
            severity: .high,
            family: "throttled",
            rules: ["throttled"],
            attribute: "enrollment-group",
            value: "presses",
            struck: 3,
            population: 4,
            struckOutside: 1,
            populationOutside: 8,
            onset: 1_772_445_600_000_000,
            end: 1_772_449_200_000_000,
            findings: findings.map(\.id),
            subjects: findings.prefix(20).map(\.subject),
            changes: [
                Incident.Change(
                    time: 1_772_445_000_000_000,
                    operation: "Update enrollment group",
                    enrollment: "presses",
                    dps: "dps-1",
                    evidence: "logs/a.json:1"
                )
            ],
            counts: ["throttled": findings.count],
            leadingRule: "throttled",
            fix: "Wait longer."
        )
    }

    /// A report of findings with all built-in rules.
    static func report(_ findings: [Finding], incidents: [Incident] = []) throws -> ReportData {
        var fleet = FleetSummary()
        (fleet.first, fleet.last) = (1_772_440_000_000_000, 1_772_460_000_000_000)
        (fleet.instances, fleet.hubs) = (["dps-1"], ["hub-a"])
        fleet.explained = [FleetSummary.Count(name: "token-renewal", count: 7)]
        var status = StoreStatus()
        (status.totals.lines, status.totals.stored, status.totals.rejected) = (12, 11, 1)
        let rules = try RuleSet.builtIn()
        var data = ReportData(
            fleet: fleet,
            status: status,
            findings: findings,
            skipped: [("slow-provisioning", "no DPS logs were read")],
            titles: Dictionary(uniqueKeysWithValues: rules.entries.map { ($0.card.name, $0.card.title) }),
            databaseArgument: " --db fleet.db"
        )
        data.incidents = incidents
        data.rules = rules.entries.map(\.card)
        data.version = "1.2.3"
        data.coverage = [
            CoverageRun(
                service: "hub",
                instance: "hub-a",
                category: "Connections",
                from: "2026-03-02T08:00:00Z",
                to: "2026-03-02T12:00:00Z",
                hours: 5,
                records: 11
            )
        ]
        return data
    }
}
