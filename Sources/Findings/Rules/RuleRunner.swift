import AzureLogs
import Basics
import EventStore
import GRDB

/// Runs a rule and makes findings of its rows.
enum RuleRunner {
    /// The columns that every rule gives.
    static let columns = ["subject", "first_seen", "last_seen", "occurrences", "reason"]

    /// Columns that a rule may give on top: whom it is about besides the subject and on what it rests, NULL where it does not
    /// say; another confidence, subject kind, severity or fix than the card's; what sets findings of one subject apart; the
    /// codes that a finding of a catch-all rule speaks of (with commas between, NULL for not known); two texts for the summary;
    /// and whom a finding about many struck first, which names it in the place of a subject that changes as it grows.
    static let optionalColumns = [
        "registration_id", "device_id", "enrollment_group", "dps", "hub", "confidence", "evidence", "evidence_2",
        "evidence_3", "subject_kind", "severity", "episode", "fix", "codes", "said", "most", "first_struck",
    ]

    /// The values of a rule's parameters: its defaults and what takes their place.
    ///
    /// - Throws: `RuleError` for a value with which the rule would miss something.
    static func values(_ card: RuleCard, _ overrides: [String: Int]) throws(RuleError) -> [String: Int] {
        var values: [String: Int] = [:]
        for parameter in card.parameters {
            let value = overrides["\(card.name).\(parameter.name)"] ?? parameter.value
            guard parameter.range.contains(value) else {
                let range = parameter.range
                throw RuleError(
                    card.name,
                    "\(parameter.name) = \(value) is outside of \(range.lowerBound)...\(range.upperBound == .max ? "" : String(range.upperBound))"
                )
            }
            values[parameter.name] = value
        }
        return values
    }

    /// A finding with the codes that it speaks of, empty where the rule does not say.
    struct Found: Sendable {
        var finding: Finding
        var codes: [Int]
    }

    /// Runs a rule.
    ///
    /// - Parameters:
    ///   - limits: how long it may take, and how many rows it may give.
    ///   - sign: ends it.
    ///   - prepare: compiles its statement on a connection.
    ///   - body: gets what each row says.
    /// - Throws: `RuleError` if the SQL fails, a row has no subject, or a limit is reached; `CancellationError`; what `body`
    ///   throws, if it is no `DatabaseError`.
    static func run(
        _ card: RuleCard,
        _ overrides: [String: Int],
        _ limits: StatementLimits,
        _ sign: StopSign,
        _ prepare: (String) throws -> PreparedStatement,
        _ body: (Found) throws -> Void
    ) throws {
        let values = try values(card, overrides)
        do {
            let statement = try prepare(card.sql)
            if let name = statement.parameterNames.first(where: { values[$0] == nil }) {
                throw RuleError(card.name, "the SELECT asks for :\(name), which the card does not declare")
            }
            for (name, value) in values { statement.bind(named: name, Int64(value)) }
            let row = RuleRow(statement, of: card.name)
            try statement.forEachRow(within: limits, sign) {
                let codes = (row.text("codes") ?? "").split(separator: ",").compactMap { Int($0) }
                try body(Found(finding: try finding(card, values, row), codes: codes))
            }
        } catch let reached as StatementLimits.Reached {
            throw RuleError(
                card.name,
                "the SELECT was ended at its limit of \(reached); mend the rule, or give a higher --rule-timeout or --rule-rows"
            )
        } catch let error as DatabaseError {
            try sign.check()
            // Rules only read, so it is not the database that is full.
            if error.resultCode == .SQLITE_FULL { throw StoreError.noRoomToSort }
            throw RuleError(card.name, "the SELECT failed: \(error.message ?? "no reason given")")
        }
    }

    private static func finding(_ card: RuleCard, _ values: [String: Int], _ row: RuleRow) throws -> Finding {
        guard let subject = row.text("subject") else {
            throw RuleError(card.name, "a row has no subject")
        }
        let kind = row.text("subject_kind") ?? card.subjectKind
        let severity = row.text("severity").flatMap(Severity.init) ?? card.severity
        var evidence: [String] = []
        for column in ["evidence", "evidence_2", "evidence_3"] {
            if let place = row.text(column), !evidence.contains(place) { evidence.append(place) }
        }
        let episode = row.text("episode") ?? ""
        return Finding(
            id: FindingID.make(
                rule: card.name,
                kind: kind,
                subject: row.text("first_struck").map { "first struck \($0)" } ?? subject,
                episode: episode
            ),
            rule: card.name,
            severity: severity,
            confidence: row.text("confidence") ?? card.confidence,
            subjectKind: kind,
            subject: subject,
            registrationId: row.text("registration_id"),
            deviceId: row.text("device_id"),
            enrollmentGroup: row.text("enrollment_group"),
            dps: row.text("dps"),
            hub: row.text("hub"),
            firstSeen: try row.integer("first_seen"),
            lastSeen: try row.integer("last_seen"),
            occurrences: try row.integer("occurrences").map { Int($0) } ?? 1,
            reason: row.text("reason") ?? "",
            summary: try summary(card, values, row),
            fix: row.text("fix") ?? card.fix,
            evidence: evidence.sorted()
        )
    }

    /// The card's sentence with the row's values in the places of `{column}` and `{parameter}`.
    private static func summary(_ card: RuleCard, _ values: [String: Int], _ row: RuleRow) throws -> String {
        try RuleSummary.filled(card.texts["summary"] ?? "") { name in
            if let value = values[name] { return String(value) }
            if name == "first_seen" || name == "last_seen" {
                return (try row.integer(name)).map { Timestamp.format(microseconds: $0) } ?? "unknown"
            }
            return row.text(name) ?? "unknown"
        }
    }
}

/// Names that stay the same over runs.
public enum FindingID {
    /// 16 hexadecimal digits over what makes the finding the same one tomorrow.
    public static func make(rule: String, kind: String, subject: String, episode: String) -> String {
        let text = [rule, kind, subject, episode].joined(separator: "\u{1F}")
        let hex = String(Fingerprint.hash(text, seed: 0x6669_6E64), radix: 16)
        return String(repeating: "0", count: 16 - hex.count) + hex
    }
}
