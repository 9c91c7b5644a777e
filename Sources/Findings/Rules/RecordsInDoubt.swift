import Basics
import EventStore
import GRDB

/// The times of which records could not be read, held against what findings say did not happen.
///
/// A finding that a lost record may contradict is withheld: it would be a guess. What this does not see: a lost record of
/// another device that a rule compares with.
struct RecordsInDoubt: Sendable {
    private var services: [String: SpansInDoubt] = [:]
    private var paths = NamePool()
    /// Where the record of each place stands: the number of its path, and its line as it is written.
    private var places: [(path: Int32, line: Int32)] = []
    /// Whether so few devices are known that a record that names nobody is held against each of them.
    private let isFew: Bool
    /// The most devices that are few; as for journeys.
    private static let few = 100

    /// Whether everything could be read.
    var isEmpty: Bool { services.isEmpty }

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
            """
            SELECT d.service, i.folded, d.begins, d.ends, d.reach, d.records, f.path, d.line
            FROM doubt d JOIN file f ON f.id = d.file LEFT JOIN identity i ON i.id = d.identity
            ORDER BY d.begins, d.ends, f.path || ':' || d.line
            """
        )
        while try rows.next() {
            let span = SpansInDoubt.Span(
                from: rows.integer(2),
                to: rows.integer(3),
                records: rows.text(4) == "record" ? Int32(clamping: rows.integer(5)) : -1,
                place: Int32(truncatingIfNeeded: places.count)
            )
            places.append((paths.number(rows.text(6)), Int32(clamping: rows.integer(7))))
            let service = rows.text(0)
            let id = rows.isNull(1) ? "" : rows.text(1)
            for name in service.isEmpty ? ["dps", "hub"] : [service] {
                services[name, default: SpansInDoubt()].add(span, of: id)
            }
        }
        for name in services.keys { services[name]?.finish(isFew: isFew) }
    }

    /// Where a record stands that may contradict a finding; nil if none does.
    ///
    /// - Parameter values: the rule's parameters.
    func place(against finding: Finding, _ claims: [AbsenceClaim], _ values: [String: Int]) -> String? {
        for claim in claims {
            guard let place = place(against: finding, claim, values, isAnybodys: isFew) else { continue }
            let (path, line) = places[Int(place)]
            return "\(paths[path]):\(line)"
        }
        return nil
    }

    /// Whether a record that names nobody may contradict a finding, where of many devices hardly this one is meant.
    func isTouched(_ finding: Finding, _ claims: [AbsenceClaim], _ values: [String: Int]) -> Bool {
        !isFew && claims.contains { place(against: finding, $0, values, isAnybodys: true) != nil }
    }

    private func place(
        against finding: Finding,
        _ claim: AbsenceClaim,
        _ values: [String: Int],
        isAnybodys: Bool
    ) -> Int32? {
        let first = finding.firstSeen ?? 0
        let last = finding.lastSeen ?? .max
        let lists = lists(finding, claim.service, isAnybodys)
        func firstPlace(_ from: Int64, _ to: Int64) -> Int32? { lists.lazy.compactMap { $0.first(from, to) }.first }
        /// The first place, if more records than `bound` are lost or nobody knows how many.
        func firstPlace(_ from: Int64, _ to: Int64, ifMoreThan bound: Int) -> Int32? {
            guard let place = firstPlace(from, to) else { return nil }
            var lost = 0
            for list in lists where lost <= bound {
                guard let records = list.records(from, to, enough: bound - lost + 1) else { return place }
                lost += records
            }
            return lost > bound ? place : nil
        }
        switch claim.kind {
        case .ever:
            return firstPlace(0, .max)
                ?? (claim.service == "dps" ? services["export"]?.list("")?.first(.min, .max) : nil)
        case .after: return firstPlace(last, .max)
        case .within: return firstPlace(first, last)
        case .near:
            return firstPlace(
                first - Microseconds.hour,
                last < .max - 2 * Microseconds.hour ? last + 2 * Microseconds.hour : last
            )
        case .between:
            guard let count = values["count"] else { return firstPlace(first, last) }
            // Each lost success splits the failures into one run more, of which the longest must still be long enough: more
            // of them than (lost + 1) times (count - 1).
            let most = count > 1 ? (finding.occurrences - 1) / (count - 1) - 1 : Int(Int32.max)
            return firstPlace(first, last, ifMoreThan: most)
        case .count, .devices:
            let from = first - Microseconds.hour
            guard let least = values[claim.kind.rawValue] else { return firstPlace(from, last) }
            return firstPlace(from, last, ifMoreThan: finding.occurrences - least)
        }
    }

    /// The spans that may concern a finding, those of nobody's records first.
    private func lists(_ finding: Finding, _ service: String, _ isAnybodys: Bool) -> [SpansInDoubt.List] {
        guard let spans = services[service] else { return [] }
        if finding.subjectKind == "device" {
            let names = Set(
                [finding.registrationId, finding.deviceId, finding.subject].compactMap { $0?.lowercased() }
            )
            return ((isAnybodys ? [""] : []) + names.sorted()).compactMap(spans.list)
        }
        guard isAnybodys else { return [] }
        return isFew ? spans.ids.compactMap(spans.list) : [spans.everybodys]
    }
}
