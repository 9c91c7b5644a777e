import Basics
public import EventStore
import GRDB

/// What was changed before an incident began.
extension IncidentBuilder.Draft {
    /// How long before the onset a change of what was struck may lie, in microseconds: a week.
    ///
    /// Devices ask DPS when they start; a key that was changed on Monday may be missed on Friday.
    private static let week: Int64 = 7 * Microseconds.day
    /// The same for a change of the whole instance, which many things may follow: a day.
    private static let shown = 5

    /// Changes of the struck enrollments or, where no enrollment is named, of their DPS instance, before the first failure;
    /// latest first.
    ///
    /// - Parameter known: the findings among which its own are.
    func changes(among all: ChangeIndex, _ known: BriefFindings) -> [Incident.Change] {
        guard let onset else { return [] }
        let near = all.range(from: onset - Self.week, to: onset)
        if near.isEmpty { return [] }
        // Of a group to which a few of the struck belong by chance, changes say nothing.
        var inGroups: [Int32: Int] = [:]
        var (enrolled, deciding) = (Set<Int32>(), Set<Int32>())
        for place in findings {
            let finding = known.items[Int(place)]
            inGroups[finding.enrollmentGroup, default: 0] += 1
            enrolled.insert(finding.registrationId)
            deciding.insert(finding.dps)
        }
        let groups = Set(inGroups.filter { $0.value * 2 >= findings.count }.keys.compactMap(known.text))
        let ids = Set(enrolled.compactMap { known.text($0)?.lowercased() })
        let instances = Set(deciding.compactMap(known.text))
        func isOfStruckInstance(_ change: Incident.Change) -> Bool {
            change.dps.map { instances.isEmpty || instances.contains($0) } ?? true
        }
        let named =
            groups.union([separation.value]).flatMap { all.named($0, near) } + ids.flatMap { all.ofId($0, near) }
        let own = Set(named).map { all.changes[$0] }.filter(isOfStruckInstance)
        let wide = own.isEmpty ? instances.flatMap { all.wide($0, from: onset - Microseconds.day, near) } : []
        let chosen = own.isEmpty ? wide.map { all.changes[$0] } : own
        return Array(chosen.sorted { ($1.time, $0.evidence) < ($0.time, $1.evidence) }.prefix(Self.shown))
    }
}

/// The changes of a database by their times and by what they changed: there may be as many as devices, and as many incidents
/// ask for theirs.
struct ChangeIndex {
    /// All of them, oldest first.
    let changes: [Incident.Change]
    private var byName: [String: [Int]] = [:]
    private var byId: [String: [Int]] = [:]
    private var byInstance: [String: [Int]] = [:]

    /// - Parameter changes: in any order.
    init(_ changes: [Incident.Change]) {
        self.changes = changes.sorted { ($0.time, $0.evidence) < ($1.time, $1.evidence) }
        for (place, change) in self.changes.enumerated() {
            if let name = change.enrollment {
                byName[name, default: []].append(place)
                byId[name.lowercased(), default: []].append(place)
            } else if let dps = change.dps {
                byInstance[dps, default: []].append(place)
            }
        }
    }

    /// The places of the changes of a time, both ends included.
    func range(from: Int64, to: Int64) -> Range<Int> {
        func first(_ isBehind: (Int64) -> Bool) -> Int {
            var (low, high) = (0, changes.count)
            while low < high {
                let middle = (low + high) / 2
                if isBehind(changes[middle].time) { high = middle } else { low = middle + 1 }
            }
            return low
        }
        return first { $0 >= from }..<max(first { $0 >= from }, first { $0 > to })
    }

    /// Those of an enrollment within a range.
    func named(_ name: String, _ range: Range<Int>) -> ArraySlice<Int> { Self.part(byName[name], range) }

    /// Those of the enrollment of a device, by its id in lower case.
    func ofId(_ id: String, _ range: Range<Int>) -> ArraySlice<Int> { Self.part(byId[id], range) }

    /// Those of an instance that name no enrollment.
    func wide(_ dps: String, from: Int64, _ range: Range<Int>) -> [Int] {
        Self.part(byInstance[dps], range).filter { changes[$0].time >= from }
    }

    private static func part(_ places: [Int]?, _ range: Range<Int>) -> ArraySlice<Int> {
        guard let places else { return [] }
        return places[place(in: places, range.lowerBound)..<place(in: places, range.upperBound)]
    }

    /// The first place that is not below a bound.
    private static func place(in places: [Int], _ bound: Int) -> Int {
        var (low, high) = (0, places.count)
        while low < high {
            let middle = (low + high) / 2
            if places[middle] < bound { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension Incident.Change {
    /// The newest changes of a time, oldest first, and how many there were in it; reads and refused calls are none.
    ///
    /// - Parameters:
    ///   - range: microseconds since 1970; nil for all of it.
    ///   - most: how many are given at most.
    /// - Throws: `DatabaseError`.
    public static func newest(
        _ most: Int,
        in range: ClosedRange<Int64>?,
        from database: LogDatabase
    ) throws -> (changes: [Incident.Change], count: Int) {
        let all = try database.access.read { try Self.all($0) }.filter { range?.contains($0.time) ?? true }
        return (Array(all.suffix(most)), all.count)
    }

    /// Every operation of the service API that changed something, oldest first.
    static func all(_ connection: Database) throws -> [Incident.Change] {
        try CheckedRow.all(
            connection,
            sql: """
                SELECT time, operation, enrollment, dps, evidence FROM service_operations
                WHERE outcome NOT IN ('failed', 'refused') ORDER BY time, evidence
                """
        ).map { try Incident.Change(time: $0[0], operation: $0[1], enrollment: $0[2], dps: $0[3], evidence: $0[4]) }
            .filter(\.changesSomething)
    }

    private static let reads: Set<String> = ["get", "query", "list", "read", "lookup", "fetch", "count", "listkeys"]
    private static let writes: Set<String> = [
        "upsert", "create", "update", "delete", "put", "patch", "remove", "add", "set", "write", "regenerate", "rotate",
        "renew", "import", "bulk", "replace", "enable", "disable", "purge", "recover", "verify", "upload", "link",
        "unlink",
    ]

    /// Whether the operation changes something, by the words of its name.
    ///
    /// DPS is known to log `Upsert`, `Get` and `Query`; other names are taken by their words. One of which no word is known is
    /// not told as a change.
    var changesSomething: Bool {
        let words = Self.words(operation)
        guard let first = words.first, !Self.reads.contains(first) else { return false }
        if words.contains(where: Self.writes.contains) { return true }
        return words.contains { word in ["regenerat", "delet", "creat", "updat"].contains { word.hasPrefix($0) } }
    }

    /// The words of `RegeneratePrimaryKey` or `enrollmentGroups/delete` in lower case.
    private static func words(_ name: String) -> [String] {
        var words: [String] = []
        var word = ""
        var wasUpper = true
        for character in name {
            guard character.isLetter else {
                if !word.isEmpty { words.append(word) }
                (word, wasUpper) = ("", true)
                continue
            }
            if character.isUppercase, !wasUpper, !word.isEmpty {
                words.append(word)
                word = ""
            }
            word += character.lowercased()
            wasUpper = character.isUppercase
        }
        return word.isEmpty ? words : words + [word]
    }
}
