import GRDB

/// Brings what exports say of registrations into the form that the sweep uses.
struct SnapshotLoader {
    /// By the identity of any spelling of the registration id.
    private var facts: [Int: SnapshotFacts] = [:]

    /// Loads records and enrollments; device ids that no log names get an identity of their own.
    static func load(_ database: Database, _ instances: inout Instances) throws -> SnapshotLoader {
        try addIdentities(database)
        var loader = SnapshotLoader()
        let records = """
            SELECT i.id, r.hub, d.id, coalesce(r.updated, 0)
            FROM registration_record r
            JOIN identity i ON i.name = r.registration_id
            LEFT JOIN identity d ON d.name = r.device_id
            ORDER BY r.updated, r.hash
            """
        for row in try Row.fetchAll(database, sql: records) {
            var fact = loader.facts[row[0]] ?? SnapshotFacts()
            let hub = instances.id("hub", row[1] ?? "")
            if hub != 0 { fact.hubs.append((row[3], hub)) }
            if let device = row[2] as Int? { fact.device = device }
            loader.facts[row[0]] = fact
        }
        let enrollments = """
            SELECT i.id, d.id, e.attestation
            FROM enrollment e
            JOIN identity i ON i.name = e.name
            LEFT JOIN identity d ON d.name = e.device_id
            WHERE e.kind = 'individual'
            ORDER BY e.updated, e.hash
            """
        for row in try Row.fetchAll(database, sql: enrollments) {
            var fact = loader.facts[row[0]] ?? SnapshotFacts()
            if fact.device == 0, let device = row[1] as Int? { fact.device = device }
            fact.attestation = (row[2] as String?).map { instances.words.word($0) }
            loader.facts[row[0]] = fact
        }
        return loader
    }

    /// The facts by the smallest spelling of each registration id.
    func byLeader(_ leaders: [Int]) -> [Int: SnapshotFacts] {
        var merged: [Int: SnapshotFacts] = [:]
        for (identity, fact) in facts.sorted(by: { $0.key < $1.key }) {
            var known = merged[leaders[identity]] ?? SnapshotFacts()
            known.hubs = (known.hubs + fact.hubs).sorted { ($0.updated, $0.hub) < ($1.updated, $1.hub) }
            if fact.device != 0 { known.device = fact.device }
            if let attestation = fact.attestation { known.attestation = attestation }
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
        var id = try Int.fetchOne(database, sql: "SELECT coalesce(max(id), 0) FROM identity") ?? 0
        for name in try String.fetchAll(database, sql: missing) {
            id += 1
            try database.execute(
                sql: "INSERT INTO identity(id, name, folded) VALUES(?, ?, ?)",
                arguments: [id, name, name.lowercased()]
            )
        }
    }
}
