import AzureLogs
import EventStore

/// Numbers contexts, instances and spellings while the database is being filled, as it is done of one that is full.
///
/// What would then have another number than it was given here ends the attempt: false is returned.
struct LiveFacts {
    private(set) var facts: [ContextFacts] = [ContextFacts()]
    private(set) var instances = Instances()
    private(set) var leaders = [0]
    private var contexts: [ContextTexts] = []
    private var isNumbered = false
    /// The last of the names that have numbers: these follow the order of the names.
    private var lastName: InstanceName?
    /// Names of identities, and for marks of their folded names the identity.
    private var names = [""]
    private var folded: [UInt64: Int32] = [:]

    /// Takes an identity.
    mutating func add(_ identity: NewText) -> Bool {
        guard identity.id == leaders.count else { return false }
        let fold = identity.text.lowercased()
        let mark = Fingerprint.hash(fold, seed: 5)
        var leader = identity.id
        if let known = folded[mark].map(Int.init) {
            // A hash collision is rare and harmless: the full sweep is made instead.
            guard names[known].lowercased() == fold, names[known].utf8.lexicographicallyPrecedes(identity.text.utf8)
            else { return false }
            leader = known
        } else {
            folded[mark] = Int32(truncatingIfNeeded: identity.id)
        }
        names.append(identity.text)
        leaders.append(leader)
        return true
    }

    /// Takes a context; its facts follow when the instances have numbers.
    mutating func add(_ context: EventContext, id: Int) -> Bool {
        guard id == contexts.count + 1 else { return false }
        let texts = ContextTexts(context)
        // Whether they count depends on what else was read of their hour.
        if LogCategory(rawValue: texts.category) == .eventGrid { return false }
        contexts.append(texts)
        return !isNumbered || number(from: contexts.count - 1)
    }

    /// Numbers all instances that were named so far in the order of their names.
    mutating func number() -> Bool {
        isNumbered = true
        return number(from: 0)
    }

    private mutating func number(from first: Int) -> Bool {
        for name in Set(contexts[first...].flatMap(\.named)).sorted() {
            let known = instances.names.count
            if instances.id(name.service, name.name) < known { continue }
            if let lastName, name < lastName { return false }
            lastName = name
        }
        for context in contexts[first...] { facts.append(instances.facts(of: context)) }
        return true
    }

    /// A context's facts, as far as they are known before instances have numbers.
    func kind(of context: EventContext) -> ContextFacts {
        var instances = Instances()
        return instances.facts(of: ContextTexts(context))
    }
}
