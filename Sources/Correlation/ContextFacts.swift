import AzureLogs
import EventStore
import GRDB

/// What the sweep must know of a context, as numbers.
struct ContextFacts: BitwiseCopyable, Sendable, Equatable {
    var kind = EventKind.other
    var outcome = EventOutcome.other
    var code = 0
    var instance = 0
    var category: LogCategory?
    /// The hub that DPS assigned, 0 if it was not logged.
    var assignedHub = 0
    var group = Word.none
    var attestation = Word.none
    var protocolName = Word.none
    /// The module of the device that connected, none for the device itself.
    var module = Word.none
    /// What stands behind it if it failed.
    var failure: FailureClass?
    /// Whether it is what Event Grid tells of a hub's connections.
    var isEventGrid: Bool { category == .eventGrid }
    /// A bit that sets the registration categories apart.
    var categoryBit: UInt8 { category == .deviceOperations ? 1 : 2 }

    /// Whether the code is one of an attestation that failed.
    var isUnauthorized: Bool { HubCode.isUnauthorized(code) }
    /// Whether an operation on a device's identity in a hub failed.
    var isFailedIdentityOperation: Bool { kind == .identityOperation && outcome == .failed }
    /// Whether the record tells of a connect attempt, or of a disconnection that may be the refusal of one.
    var mayBeContact: Bool { kind == .connect || kind == .disconnect && outcome == .dropped && isRefusalCode }
    /// Whether a hub turned the device's identity or credential away.
    var isRefusalCode: Bool { HubCode.isRefusal(code) }
}

/// A text that many records share, as a number: comparing and copying it costs nothing.
struct Word: BitwiseCopyable, Hashable, Sendable {
    var id: Int32

    /// Nothing was logged.
    static let none = Word(id: 0)
    /// The attestation by a TPM.
    static let tpm = Word(id: 1)
    /// The attestation by a symmetric key.
    static let symmetricKey = Word(id: 2)
    /// The attestation by a certificate.
    static let x509 = Word(id: 3)

    var isEmpty: Bool { id == 0 }
}

/// The texts behind `Word`.
struct Words: Sendable {
    private var texts = ["", "tpm", "symmetricKey", "x509"]
    private var ids = ["": Word.none, "tpm": Word.tpm, "symmetricKey": Word.symmetricKey, "x509": Word.x509]

    /// The word of a text.
    mutating func word(_ text: String) -> Word {
        if let known = ids[text] { return known }
        let word = Word(id: Int32(texts.count))
        ids[text] = word
        texts.append(text)
        return word
    }

    /// All texts, by the words' numbers.
    var all: [String] { texts }

    /// The text of a word.
    func text(_ word: Word) -> String { texts[Int(word.id)] }
}

/// The DPS instances and hubs of a database, numbered in the order in which they became known.
struct Instances: Sendable {
    private(set) var names: [(service: String, name: String)] = [("", "")]
    private var ids: [String: Int] = [:]
    /// The texts of the contexts.
    var words = Words()
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
