import AzureLogs
import Basics
import Correlation
import EventStore
public import GRDB

/// Says whether logs that were read would show a finding if it were still there.
///
/// For a finding about a DPS instance or a hub its logs must reach through the window without a hole longer than
/// `longestHole`. For a device it must have been heard of as well: DPS assigned it, or a hub accepted it, after the
/// finding was last seen and before the window's end; a device that fell silent is neither well nor ill as far as logs
/// can tell. A finding about many devices is over when most of those it struck were seen well.
///
/// It asks the database of each finding in turn, so it is used within the access to the database that it was made in.
public struct ObservationCheck {
    /// The longest time without a record of a stream that counts as covered, in microseconds: six hours.
    public static let longestHole: Int64 = 6 * Microseconds.hour

    private struct Stream: Hashable {
        var service: String
        var instance: String
    }

    private let covered: Set<Stream>
    private let services: Set<String>
    private let needs: [String: [String]]
    private let registry: RegistryInputs?
    private let window: AnalysisWindow
    private let members: [String: [Finding]]
    /// The records that may contradict findings which are not said for it, by rule and subject.
    private let withheld: [[String]: String]
    private let connected: PreparedStatement
    private let answered: PreparedStatement
    private let answeredInWindow: PreparedStatement
    private let database: Database

    /// Reads what the logs cover in a window.
    ///
    /// - Parameters:
    ///   - members: the findings about devices by their incidents: whom a finding about many has struck.
    ///   - registry: what was given in this run: findings of a registry cannot be observed without one.
    /// - Throws: `DatabaseError`.
    public init(
        _ window: AnalysisWindow,
        _ rules: RuleSet,
        _ database: Database,
        members: [String: [Finding]] = [:],
        registry: RegistryInputs? = nil
    ) throws {
        self.registry = registry
        self.members = members
        self.database = database
        needs = Dictionary(
            rules.entries.map { ($0.card.name, $0.card.needs) } + RegistryChecks.cards.map { ($0.name, $0.needs) },
            uniquingKeysWith: { rule, _ in rule }
        )
        var ends: [Stream: Int64] = [:]
        var broken = Set<Stream>()
        let hours = try CheckedRow.all(
            database,
            sql: """
                SELECT service, instance, first_time, last_time FROM coverage
                WHERE tells_of IN ('connections', 'registrations')
                    AND last_time >= ? AND first_time < ?
                ORDER BY service, instance, first_time
                """,
            arguments: [window.from - Self.longestHole, window.to]
        )
        for row in hours {
            let stream = try Stream(service: row[0], instance: row[1])
            let end = ends[stream] ?? window.from
            if try (row[2] as Int64) - end > Self.longestHole { broken.insert(stream) }
            ends[stream] = max(end, try row[3])
        }
        covered = Set(
            ends.filter { window.to - $0.value <= Self.longestHole && !broken.contains($0.key) }.map(\.key)
        )
        services = Set(covered.map(\.service))
        self.window = window
        withheld = Dictionary(try WithheldRows.all(database).map { ([$0.rule, $0.subject], $0.place) }) { first, _ in
            first
        }
        connected = try PreparedStatement(
            database,
            """
            SELECT t.device, t.last_connected FROM identity i JOIN device_total t ON t.device = i.id
            WHERE i.folded = ? AND t.last_connected IS NOT NULL
            """
        )
        answered = try PreparedStatement(
            database,
            """
            SELECT t.registration, t.last_answered FROM identity i JOIN registration_total t ON t.registration = i.id
            WHERE i.folded = ? AND t.last_answered IS NOT NULL
            """
        )
        answeredInWindow = try PreparedStatement(
            database,
            """
            SELECT max(ended) FROM attempt
            WHERE registration = ? AND outcome IN ('assigned', 'accepted') AND started < ?
            """
        )
    }

    /// When DPS last assigned, or a hub last accepted, what has this name before the window's end; `.min` for never.
    private func lastWell(_ name: String) throws -> Int64 {
        var last = Int64.min
        connected.bind(1, name)
        var devices: [(device: Int, last: Int64)] = []
        while try connected.next() { devices.append((Int(connected.integer(0)), connected.integer(1))) }
        // Of a night that is run again later more is known than it could see.
        for (device, time) in devices {
            last = max(
                last,
                time < window.to ? time : try DeviceHealth.lastConnected(device, before: window.to, database) ?? .min
            )
        }
        answered.bind(1, name)
        var registrations: [(registration: Int64, last: Int64)] = []
        while try answered.next() { registrations.append((answered.integer(0), answered.integer(1))) }
        for (registration, ended) in registrations {
            if ended < window.to {
                last = max(last, ended)
            } else {
                answeredInWindow.bind(1, registration)
                answeredInWindow.bind(2, window.to)
                last = max(last, try Self.latest(answeredInWindow))
            }
        }
        return last
    }

    /// When the device of a finding was seen well after it; nil for never.
    private func wellAfter(_ finding: Finding) throws -> Int64? {
        let names = Set([finding.registrationId, finding.deviceId, finding.subject].compactMap { $0?.lowercased() })
        let last = try names.sorted().map(lastWell).max() ?? .min
        return last > finding.lastSeen ?? .max ? last : nil
    }

    /// Whether the device of a finding was seen well after it.
    ///
    /// - Throws: `DatabaseError`.
    public func wasWell(after finding: Finding) throws -> Bool { try wellAfter(finding) != nil }

    private static func latest(_ statement: PreparedStatement) throws -> Int64 {
        var last = Int64.min
        while try statement.next() { if !statement.isNull(0) { last = max(last, statement.integer(0)) } }
        return last
    }

    /// The names of DPS instances and hubs whose logs cover the window.
    public var coveredInstances: Set<String> { Set(covered.map(\.instance)) }

    /// Whether the finding is over, as far as the logs show.
    ///
    /// - Throws: `DatabaseError`.
    public func observe(_ finding: Finding) throws -> Observation {
        let isOfRegistry = RegistryChecks.names.contains(finding.rule)
        if isOfRegistry, !isGiven(for: finding) { return .unknown("what it rests on was not given in this run") }
        // The rule finds it as before; that it may be contradicted does not make it over.
        if let place = withheld[[finding.rule, finding.subject]] {
            return .unknown("it is withheld: a record that could not be read may contradict it (\(place))")
        }
        for service in needs[finding.rule] ?? [] where service == "dps" || service == "hub" {
            let instance = service == "dps" ? finding.dps : finding.hub
            let isCovered = instance.map { covered.contains(Stream(service: service, instance: $0)) }
            if !(isCovered ?? services.contains(service)) {
                let whose = instance ?? (service == "dps" ? "DPS" : "hubs")
                return .unknown("logs of \(whose) do not cover the window")
            }
        }
        // A registry shows what is and what is not, whether a device is heard of or not.
        guard !isOfRegistry, finding.lastSeen != nil else { return .over("it is not found any more") }
        if finding.subjectKind == "device" {
            guard let well = try wellAfter(finding) else { return .unknown("the device was not seen well since") }
            return .over("the device was seen well at \(Timestamp.format(microseconds: well))")
        }
        let struck = finding.incident.flatMap { members[$0] } ?? []
        guard !struck.isEmpty else { return .over("logs cover the window and do not show it") }
        let well = try struck.count { try wellAfter($0) != nil }
        let told = "\(well) of \(struck.count) affected devices were seen well since"
        return well * 2 > struck.count ? .over(told) : .unknown(told)
    }

    /// Whether what the finding rests on was given in this run.
    private func isGiven(for finding: Finding) -> Bool {
        guard let registry else { return false }
        if RegistryChecks.restsOnRequest(finding), !registry.hasRequests { return false }
        return finding.rule != GroupKeyAsDeviceKey.card.name || registry.showsGroupKeys
    }
}
