import EventStore
public import GRDB

/// Says whether logs that were read would show a finding if it were still there.
///
/// For a finding about a DPS instance or a hub its logs must reach through the window without a hole longer than
/// `longestHole`. For a device it must have been heard of as well: DPS assigned it, or a hub accepted it, after the
/// finding was last seen; a device that fell silent is neither well nor ill as far as logs can tell.
public struct ObservationCheck: Sendable {
    /// The longest time without a record of a stream that counts as covered, in microseconds: six hours.
    public static let longestHole: Int64 = 21_600_000_000

    private struct Stream: Hashable {
        var service: String
        var instance: String
    }

    private let covered: Set<Stream>
    private let services: Set<String>
    private let needs: [String: [String]]
    private let registry: RegistryInputs?
    private let lastSuccess: [String: Int64]

    /// Reads what the logs cover in a window, and when devices were last well.
    ///
    /// - Parameter registry: what was given in this run: findings of a registry cannot be observed without one.
    /// - Throws: `DatabaseError`.
    public init(
        _ window: AnalysisWindow,
        _ rules: RuleSet,
        _ database: Database,
        registry: RegistryInputs? = nil
    ) throws {
        self.registry = registry
        needs = Dictionary(
            rules.entries.map { ($0.card.name, $0.card.needs) } + RegistryChecks.cards.map { ($0.name, $0.needs) },
            uniquingKeysWith: { rule, _ in rule }
        )
        var ends: [Stream: Int64] = [:]
        var broken = Set<Stream>()
        let hours = try Row.fetchAll(
            database,
            sql: """
                SELECT service, instance, first_time, last_time FROM coverage
                WHERE category IN ('Connections', 'DeviceOperations', 'RegistrationsOperationalLogs')
                    AND last_time >= ? AND first_time < ?
                ORDER BY service, instance, first_time
                """,
            arguments: [window.from - Self.longestHole, window.to]
        )
        for row in hours {
            let stream = Stream(service: row[0], instance: row[1])
            let end = ends[stream] ?? window.from
            if (row[2] as Int64) - end > Self.longestHole { broken.insert(stream) }
            ends[stream] = max(end, row[3])
        }
        covered = Set(
            ends.filter { window.to - $0.value <= Self.longestHole && !broken.contains($0.key) }.map(\.key)
        )
        services = Set(covered.map(\.service))
        lastSuccess = try Self.successes(before: window.to, database)
    }

    private static func successes(before end: Int64, _ database: Database) throws -> [String: Int64] {
        var times: [String: Int64] = [:]
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT lower(device_id), last_connected FROM device_totals WHERE last_connected IS NOT NULL
                UNION ALL
                SELECT registration_key, max(ended) FROM registrations
                WHERE outcome IN ('assigned', 'accepted') AND time < ? GROUP BY registration_key
                """,
            arguments: [end]
        )
        for row in rows { times[row[0]] = max(times[row[0]] ?? .min, row[1]) }
        return times
    }

    /// The names of DPS instances and hubs whose logs cover the window.
    public var coveredInstances: Set<String> { Set(covered.map(\.instance)) }

    /// Whether the finding would be seen.
    public func isObserved(_ finding: Finding) -> Bool {
        let isOfRegistry = RegistryChecks.names.contains(finding.rule)
        if isOfRegistry, !isGiven(for: finding) { return false }
        for service in needs[finding.rule] ?? [] where service == "dps" || service == "hub" {
            let instance = service == "dps" ? finding.dps : finding.hub
            let isCovered = instance.map { covered.contains(Stream(service: service, instance: $0)) }
            if !(isCovered ?? services.contains(service)) { return false }
        }
        // A registry shows what is and what is not, whether a device is heard of or not.
        guard !isOfRegistry, finding.subjectKind == "device", let last = finding.lastSeen else { return true }
        let names = [finding.registrationId, finding.deviceId, finding.subject].compactMap { $0?.lowercased() }
        return names.contains { (lastSuccess[$0] ?? .min) > last }
    }

    /// Whether what the finding rests on was given in this run.
    private func isGiven(for finding: Finding) -> Bool {
        guard let registry else { return false }
        if RegistryChecks.restsOnRequest(finding), !registry.hasRequests { return false }
        return finding.rule != GroupKeyAsDeviceKey.card.name || registry.showsGroupKeys
    }
}
