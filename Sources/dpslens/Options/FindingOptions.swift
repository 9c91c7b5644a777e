import ArgumentParser
import EventStore
import Findings
import Reports

/// Which findings are shown, and which fail a run.
struct FindingOptions: ParsableArguments {
    @Option(
        name: .long,
        parsing: .unconditional,
        help: ArgumentHelp("Only what was seen since: RFC 3339, a date, or -24h.", valueName: "time"),
        transform: TimeArgument.parse
    )
    var since: TimeArgument?

    @Option(
        name: .long,
        parsing: .unconditional,
        help: ArgumentHelp("Only what was seen until: RFC 3339, a date, or -24h.", valueName: "time"),
        transform: TimeArgument.parse
    )
    var until: TimeArgument?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Leave out milder ones.",
            valueName: "severity"
        )
    )
    var minSeverity: Severity?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Exit 1 when a finding is at least this bad.",
            discussion: "`new`: new or reopened since the last audit, and worse than informational.",
            valueName: "severity"
        )
    )
    var failOn = FailLevel.none

    @Option(
        name: .long,
        help: ArgumentHelp(
            "A file of suppressions: what it covers is shown as such and never fails.",
            valueName: "file"
        )
    )
    var suppressions: String?

    /// The findings with those that are covered marked as suppressed, now.
    func marked(_ findings: [Finding], _ rules: RuleSet) throws -> [Finding] { try findings.map(mark(rules)) }

    /// Marks a finding that is covered as suppressed, now.
    func mark(_ rules: RuleSet) throws -> (Finding) -> Finding {
        guard let suppressions else { return { $0 } }
        let now = TimeArgument.now()
        let active = try Suppressions.load(suppressions, rules).filter { $0.holds(at: now) }
        return { finding in
            guard active.contains(where: { $0.matches(finding) }) else { return finding }
            var finding = finding
            finding.status = "suppressed"
            return finding
        }
    }

    /// The time that was asked for, microseconds since 1970; nil for all.
    func span() -> Range<Int64>? {
        let filter = filter()
        if filter.since == nil, filter.until == nil { return nil }
        let since = max(0, filter.since ?? 0)
        return since..<max(since, filter.until ?? .max)
    }

    /// What there is nothing of in the time that is asked for; nil if there are records.
    func absence(_ database: LogDatabase) throws -> RecordAbsence? {
        let filter = filter()
        return try RecordAbsence.of(database, from: filter.since, to: filter.until)
    }

    /// The time that is asked for, cut to the records there are; nil for all of it.
    func range(of database: LogDatabase) throws -> ClosedRange<Int64>? {
        let filter = filter()
        if filter.since == nil, filter.until == nil { return nil }
        let status = try StoreStatus.load(database)
        let from = filter.since ?? status.first ?? 0
        return from...max(from, filter.until ?? status.last ?? from)
    }

    /// The options that choose what is shown, as they were given.
    var shown: String { minSeverity.map { "--min-severity \($0.rawValue)" } ?? "" }

    /// The filter for the findings.
    func filter() -> FindingFilter {
        let now = TimeArgument.now()
        return FindingFilter(
            since: since?.microseconds(now: now),
            until: until?.microseconds(now: now),
            minSeverity: minSeverity
        )
    }
}
