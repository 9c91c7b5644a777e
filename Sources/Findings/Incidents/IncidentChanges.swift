public import EventStore
import GRDB

/// What was changed before an incident began.
extension IncidentBuilder.Draft {
    /// How long before the onset a change of what was struck may lie, in microseconds: a week.
    ///
    /// Devices ask DPS when they start; a key that was changed on Monday may be missed on Friday.
    private static let week: Int64 = 7 * 86_400_000_000
    /// The same for a change of the whole instance, which many things may follow: a day.
    private static let day: Int64 = 86_400_000_000
    private static let shown = 5

    /// Changes of the struck enrollments or, where no enrollment is named, of their DPS instance, before the first failure;
    /// latest first.
    func changes(among all: [Incident.Change]) -> [Incident.Change] {
        guard let onset else { return [] }
        let near = all.filter { onset - Self.week <= $0.time && $0.time <= onset }
        if near.isEmpty { return [] }
        // Of a group to which a few of the struck belong by chance, changes say nothing.
        let inGroups = Dictionary(grouping: findings.compactMap(\.enrollmentGroup)) { $0 }.mapValues(\.count)
        let groups = Set(inGroups.filter { $0.value * 2 >= findings.count }.keys)
        let ids = Set(findings.compactMap { $0.registrationId?.lowercased() })
        let instances = Set(findings.compactMap(\.dps))
        func isOfStruckInstance(_ change: Incident.Change) -> Bool {
            change.dps.map { instances.isEmpty || instances.contains($0) } ?? true
        }
        let own = near.filter { change in
            guard let name = change.enrollment, isOfStruckInstance(change) else { return false }
            return name == separation.value || groups.contains(name) || ids.contains(name.lowercased())
        }
        let wide = near.filter { change in
            guard change.enrollment == nil, onset - Self.day <= change.time, let dps = change.dps else { return false }
            return instances.contains(dps)
        }
        let chosen = own.isEmpty ? wide : own
        return Array(chosen.sorted { ($1.time, $0.evidence) < ($0.time, $1.evidence) }.prefix(Self.shown))
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
