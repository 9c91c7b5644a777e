import Basics
import EventStore
import GRDB

/// The times of which records could not be read, held against what findings say did not happen.
///
/// A finding that a lost record may contradict is withheld: it would be a guess. What this does not see: a lost record of
/// another device that a rule compares with.
struct RecordsInDoubt: Sendable {
    private struct Span: Sendable {
        var from: Int64
        var to: Int64
        /// How many records were lost there; `.max` for a file's rest or whole.
        var records: Int
        var place: String
    }

    /// By service and id in lower case, empty for spans that may be anybody's.
    private var spans: [String: [Span]] = [:]
    /// Whether so few devices are known that a record that names nobody is held against each of them.
    private let isFew: Bool
    /// The most devices that are few; as for journeys.
    private static let few = 100

    /// Whether everything could be read.
    var isEmpty: Bool { spans.isEmpty }

    /// Reads view `doubts`.
    ///
    /// - Throws: `DatabaseError`.
    init(_ database: Database) throws {
        let devices =
            try Int.checkedOne(
                database,
                sql: "SELECT max((SELECT count(*) FROM device_total), (SELECT count(*) FROM registration_total))"
            ) ?? 0
        isFew = devices <= Self.few
        let rows = try PreparedStatement(
            database,
            "SELECT service, device_key, begins, ends, reach, records, evidence FROM doubts ORDER BY begins, ends, evidence"
        )
        while try rows.next() {
            let reach = rows.text(4)
            let span = Span(
                from: rows.integer(2),
                to: rows.integer(3),
                records: reach == "record" ? Int(rows.integer(5)) : .max,
                place: rows.text(6)
            )
            let service = rows.text(0)
            let key = rows.isNull(1) ? "" : rows.text(1)
            for name in service.isEmpty ? ["dps", "hub"] : [service] {
                spans["\(name)/\(key)", default: []].append(span)
            }
        }
    }

    /// Where a record stands that may contradict a finding; nil if none does.
    ///
    /// - Parameters:
    ///   - values: the rule's parameters.
    ///   - isAnybodys: whether records count that name nobody.
    func place(
        against finding: Finding,
        _ claims: [AbsenceClaim],
        _ values: [String: Int],
        isAnybodys: Bool
    ) -> String? {
        for claim in claims {
            if let place = place(against: finding, claim, values, isAnybodys) { return place }
        }
        return nil
    }

    private func place(against finding: Finding, _ claim: AbsenceClaim, _ values: [String: Int], _ isAnybodys: Bool)
        -> String?
    {
        let first = finding.firstSeen ?? 0
        let last = finding.lastSeen ?? .max
        switch claim.kind {
        case .ever:
            return found(claim.service, finding, isAnybodys, 0, .max).places.first
                ?? (claim.service == "dps" ? export : nil)
        case .after: return found(claim.service, finding, isAnybodys, last, .max).places.first
        case .within: return found(claim.service, finding, isAnybodys, first, last).places.first
        case .near:
            return found(
                claim.service,
                finding,
                isAnybodys,
                first - Microseconds.hour,
                last < .max - 2 * Microseconds.hour ? last + 2 * Microseconds.hour : last
            )
            .places.first
        case .between:
            let lost = found(claim.service, finding, isAnybodys, first, last)
            guard let count = values["count"] else { return lost.places.first }
            // Each lost success splits the failures into one run more, of which the longest must still be long enough.
            let (needed, isOver) = (lost.records &+ 1).multipliedReportingOverflow(by: count - 1)
            return lost.records == .max || isOver || finding.occurrences <= needed ? lost.places.first : nil
        case .count, .devices:
            let lost = found(claim.service, finding, isAnybodys, first - Microseconds.hour, last)
            guard let least = values[claim.kind.rawValue] else { return lost.places.first }
            return lost.records == .max || finding.occurrences - lost.records < least ? lost.places.first : nil
        }
    }

    private var export: String? { spans["export/"]?.first?.place }

    private func found(_ service: String, _ finding: Finding, _ isAnybodys: Bool, _ from: Int64, _ to: Int64) -> (
        places: [String], records: Int
    ) {
        var keys = isAnybodys ? [""] : []
        if finding.subjectKind == "device" {
            keys += Set(
                [finding.registrationId, finding.deviceId, finding.subject].compactMap { $0?.lowercased() }
            ).sorted()
        } else if isAnybodys {
            keys = spans.keys.filter { $0.hasPrefix(service + "/") }.map { String($0.dropFirst(service.count + 1)) }
                .sorted()
        }
        var places: [String] = []
        var records = 0
        for key in keys {
            for span in spans["\(service)/\(key)"] ?? [] where span.from <= to && span.to >= from {
                places.append(span.place)
                records = span.records == .max || records == .max ? .max : records + span.records
            }
        }
        return (places, records)
    }

    /// Parts findings into those that stand and those that lost records may contradict.
    ///
    /// - Throws: `RuleError` for a parameter that a rule cannot have.
    func parting(
        _ findings: [Finding],
        _ cards: [RuleCard],
        _ overrides: [String: Int]
    ) throws -> (standing: [Finding], withheld: [WithheldFinding]) {
        if isEmpty { return (findings, []) }
        var claims: [String: ([AbsenceClaim], [String: Int])] = [:]
        for card in cards where !card.absence.isEmpty {
            claims[card.name] = (card.absence, try RuleRunner.values(card, overrides))
        }
        var standing: [Finding] = []
        var withheld: [WithheldFinding] = []
        for finding in findings {
            guard let (claims, values) = claims[finding.rule] else {
                standing.append(finding)
                continue
            }
            guard let place = place(against: finding, claims, values, isAnybodys: isFew) else {
                var finding = finding
                // Of many devices hardly one is meant by a record that names nobody, but certain is nothing beside it.
                if !isFew, finding.confidence == "certain",
                    place(against: finding, claims, values, isAnybodys: true) != nil
                {
                    finding.confidence = "likely"
                }
                standing.append(finding)
                continue
            }
            withheld.append(WithheldFinding(rule: finding.rule, subject: finding.subject, place: place))
        }
        return (standing, withheld.sorted { ($0.rule, $0.subject, $0.place) < ($1.rule, $1.subject, $1.place) })
    }
}

/// A finding that is not said because a record that could not be read may contradict it.
public struct WithheldFinding: Sendable, Hashable {
    /// The rule.
    public var rule: String
    /// Whom it would be about.
    public var subject: String
    /// The record that could not be read, `file:line`.
    public var place: String
}

extension WithheldFinding {
    /// Why rules say less than they found, as for rules that were not asked: one entry a rule, in the order of names.
    static func reasons(_ withheld: [WithheldFinding]) -> [(rule: String, reason: String)] {
        Dictionary(grouping: withheld, by: \.rule).sorted { $0.key < $1.key }.map { rule, items in
            let named = items.prefix(3).map { "\($0.subject) (\($0.place))" }.joined(separator: ", ")
            let more = items.count > 3 ? " and \(items.count - 3) more" : ""
            return (rule, "withheld, since a record that could not be read may contradict it: \(named)\(more)")
        }
    }
}
