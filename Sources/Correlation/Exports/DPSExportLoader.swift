import EventStore
import GRDB

/// Brings what exports say of registrations into the form that the sweep uses.
struct DPSExportLoader {
    /// By the identity of any spelling of the registration id.
    private var facts: [Int: DPSExportFacts] = [:]
    /// By the group's name.
    private(set) var groups: [InternedText: GroupFacts] = [:]

    /// Loads records and enrollments; device ids that no log names get an identity of their own.
    static func load(_ database: Database, _ instances: inout Instances) throws -> DPSExportLoader {
        try addIdentities(database)
        var loader = DPSExportLoader()
        let records = """
            SELECT i.id, r.hub, d.id, coalesce(r.updated, 0), r.enrollment_group
            FROM registration_record r
            JOIN identity i ON i.name = r.registration_id
            LEFT JOIN identity d ON d.name = r.device_id
            ORDER BY r.updated, r.hash
            """
        for row in try CheckedRow.all(database, sql: records) {
            var fact = try loader.facts[row[0]] ?? DPSExportFacts()
            let hub = instances.id("hub", try row[1] ?? "")
            if hub != 0 { fact.hubs.append((try row[3], hub)) }
            if let device = try row[2] as Int? { fact.device = device }
            if let group = try row[4] as String? { fact.group = instances.words.word(group) }
            loader.facts[try row[0]] = fact
        }
        let enrollments = """
            SELECT i.id, d.id, e.attestation, e.hubs
            FROM enrollment e
            JOIN identity i ON i.name = e.name
            LEFT JOIN identity d ON d.name = e.device_id
            WHERE e.kind = 'individual'
            ORDER BY e.updated, e.hash
            """
        for row in try CheckedRow.all(database, sql: enrollments) {
            var fact = try loader.facts[row[0]] ?? DPSExportFacts()
            if fact.device == 0, let device = try row[1] as Int? { fact.device = device }
            fact.attestation = try (row[2] as String?).map { instances.words.word($0) }
            fact.pinnedHub = pinned(try row[3], &instances)
            loader.facts[try row[0]] = fact
        }
        let groups = "SELECT name, attestation, hubs FROM enrollment WHERE kind = 'group' ORDER BY updated, hash"
        for row in try CheckedRow.all(database, sql: groups) {
            loader.groups[instances.words.word(try row[0])] = try GroupFacts(
                attestation: (row[1] as String?).map { instances.words.word($0) } ?? .none,
                pinnedHub: pinned(row[2], &instances)
            )
        }
        return loader
    }

    /// The only hub of a list, 0 for none or several.
    private static func pinned(_ hubs: String?, _ instances: inout Instances) -> Int {
        let names = Set((hubs ?? "").split(separator: ","))
        guard names.count == 1, let name = names.first else { return 0 }
        return instances.id("hub", String(name))
    }

    /// The facts by the smallest spelling of each registration id.
    func byLeader(_ leaders: [Int]) -> [Int: DPSExportFacts] {
        var merged: [Int: DPSExportFacts] = [:]
        for (identity, fact) in facts.sorted(by: { $0.key < $1.key }) {
            var known = merged[leaders[identity]] ?? DPSExportFacts()
            known.hubs = (known.hubs + fact.hubs).sorted { ($0.updated, $0.hub) < ($1.updated, $1.hub) }
            if fact.device != 0 { known.device = fact.device }
            if let attestation = fact.attestation { known.attestation = attestation }
            if fact.pinnedHub != 0 { known.pinnedHub = fact.pinnedHub }
            if !fact.group.isEmpty { known.group = fact.group }
            merged[leaders[identity]] = known
        }
        return merged
    }

    private static func addIdentities(_ database: Database) throws {
        let missing = """
            SELECT name FROM (
                SELECT registration_id AS name FROM registration_record UNION SELECT device_id FROM registration_record
                UNION SELECT name FROM enrollment WHERE kind = 'individual' UNION SELECT device_id FROM enrollment
            ) WHERE name IS NOT NULL AND name NOT IN (SELECT name FROM identity) ORDER BY name
            """
        var id = try Int.checkedOne(database, sql: "SELECT coalesce(max(id), 0) FROM identity") ?? 0
        for name in try String.checkedAll(database, sql: missing) {
            id += 1
            try database.execute(
                sql: "INSERT INTO identity(id, name, folded) VALUES(?, ?, ?)",
                arguments: [id, name, name.lowercased()]
            )
        }
    }
}
