public import EventStore
import GRDB

/// Devices by name to hold an incident against: who shares what its devices have in common and is well, and who does not
/// share it and is concerned all the same.
public struct IncidentExamples: Sendable, Hashable {
    /// Devices that have the incident's value and of which no finding tells; if there are none, those of which only findings of
    /// other rules tell.
    public var spared: [String] = []
    /// Devices of the incident's rules that do not have the value.
    public var outside: [String] = []

    /// The most names of each kind.
    public static let most = 6

    /// No examples.
    public init() {}

    /// Looks for examples, first by id, in one pass over the devices that the logs name.
    ///
    /// What it does not say: how many there are, which the incident's own counts do. A value that only a registry knows
    /// has no examples, since the logs do not tell who has it.
    ///
    /// - Parameter findings: all findings of the database.
    /// - Returns: the examples by incident id; incidents without any are not there.
    /// - Throws: `DatabaseError`.
    public static func load(
        _ incidents: some Sequence<Incident>,
        _ findings: [Finding],
        from database: LogDatabase
    ) throws -> [String: IncidentExamples] {
        let traits = try database.access.read { connection in
            try DeviceTraits.logged { try PreparedStatement(connection, $0) }.completed()
        }
        let told = findings.filter { $0.severity > .informational }
        var byRule: [String: Set<Int>] = [:]
        for finding in told {
            if let device = traits.device(of: finding) { byRule[finding.rule, default: []].insert(device) }
        }
        let concerned = byRule.values.reduce(into: Set<Int>()) { $0.formUnion($1) }
        var examples: [String: IncidentExamples] = [:]
        for incident in incidents where traits.knows(incident.attribute) {
            let has = traits.membership(incident.attribute, incident.value)
            let own = incident.rules.reduce(into: Set<Int>()) { $0.formUnion(byRule[$1] ?? []) }
            var found = IncidentExamples()
            if incident.population > incident.struck {
                found.spared = traits.firstNames { has($0) && !concerned.contains($0) }
                // Where all have something, those that have something else.
                if found.spared.isEmpty { found.spared = traits.firstNames { has($0) && !own.contains($0) } }
            }
            if incident.struckOutside > 0 { found.outside = traits.firstNames(among: own) { !has($0) } }
            if found != IncidentExamples() { examples[incident.id] = found }
        }
        return examples
    }
}

extension DeviceTraits {
    /// Whether the logs tell who has which value of an attribute.
    fileprivate func knows(_ attribute: String) -> Bool { attribute == Self.batch || Self.logged.contains(attribute) }

    /// The first names, by id, of devices that are `wanted`; nothing is sorted but these few.
    fileprivate func firstNames(among devices: Set<Int>? = nil, _ wanted: (Int) -> Bool) -> [String] {
        var first: [String] = []
        func take(_ device: Int) {
            guard wanted(device) else { return }
            let name = id(of: device)
            if first.count == IncidentExamples.most, let last = first.last, name >= last { return }
            first.insert(name, at: first.firstIndex { name < $0 } ?? first.count)
            if first.count > IncidentExamples.most { first.removeLast() }
        }
        if let devices { devices.forEach(take) } else { (0..<count).forEach(take) }
        return first
    }
}
