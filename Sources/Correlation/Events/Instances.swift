import AzureLogs
import EventStore
import GRDB

/// The DPS instances and hubs of a database, numbered in the order in which they became known.
struct Instances: Sendable {
    private(set) var names: [(service: String, name: String)] = [("", "")]
    private var ids: [String: Int] = [:]
    /// The texts of the contexts.
    var words = InternedTexts()
    /// How many of them the derived tables know already.
    private(set) var known = 0

    /// The number of a name; 0 for an empty one.
    mutating func id(_ service: String, _ name: String) -> Int {
        if name.isEmpty { return 0 }
        let key = service + "/" + name
        if let id = ids[key] { return id }
        ids[key] = names.count
        names.append((service, name))
        return names.count - 1
    }

    /// The number of a name that is known; 0 for one that is not.
    func number(_ service: String, _ name: String) -> Int { ids[service + "/" + name] ?? 0 }

    /// Loads contexts by their ids, and the instances they name: those known before, then others in a fixed order.
    static func load(_ database: Database) throws -> (facts: [ContextFacts], instances: Instances) {
        var instances = Instances()
        try CheckedRow.forEach(database, sql: "SELECT service, name FROM instance ORDER BY id") { row in
            _ = instances.id(try row[0], try row[1])
        }
        instances.known = instances.names.count - 1
        let named = """
            SELECT service, instance AS name FROM context WHERE instance <> ''
            UNION SELECT 'hub', assigned_hub FROM context WHERE assigned_hub <> ''
            UNION SELECT 'hub', hub FROM registration_record WHERE hub <> ''
            UNION SELECT 'hub', hubs FROM enrollment WHERE hubs <> '' AND hubs NOT LIKE '%,%'
            ORDER BY 1, 2
            """
        try CheckedRow.forEach(database, sql: named) { row in _ = instances.id(try row[0], try row[1]) }
        var facts: [ContextFacts] = [ContextFacts()]
        let columns = """
            SELECT id, kind, outcome, code, service, instance, category, assigned_hub, enrollment_group,
                attestation, protocol, module, coalesce(failure, '')
            FROM context ORDER BY id
            """
        facts += repeatElement(ContextFacts(), count: try RowNumbers.highest(of: "context", database))
        try CheckedRow.forEach(database, sql: columns) { row in
            let id: Int = try row[0]
            guard facts.indices.contains(id) else { throw StoreError.damaged("a context has the number \(id)") }
            facts[id] = try instances.facts(
                of: ContextTexts(
                    kind: row[1],
                    outcome: row[2],
                    code: row[3],
                    service: row[4],
                    instance: row[5],
                    category: row[6],
                    assignedHub: row[7],
                    group: row[8],
                    attestation: row[9],
                    protocolName: row[10],
                    module: row[11],
                    failure: row[12]
                )
            )
        }
        return (facts, instances)
    }

    /// The facts of a context, with numbers for the names that it has first.
    mutating func facts(of context: ContextTexts) -> ContextFacts {
        var fact = ContextFacts()
        fact.kind = EventKind(rawValue: context.kind) ?? .other
        fact.outcome = EventOutcome(rawValue: context.outcome) ?? .other
        fact.code = context.code ?? 0
        fact.instance = id(context.service, context.instance)
        fact.category = LogCategory(rawValue: context.category)
        fact.assignedHub = id("hub", context.assignedHub)
        fact.group = words.word(context.group)
        fact.attestation = words.word(context.attestation)
        fact.protocolName = words.word(context.protocolName)
        fact.module = words.word(context.module)
        fact.failure = FailureClass(rawValue: context.failure)
        return fact
    }
}
