import EventStore
import GRDB

/// What the logs say of registrations, devices and hubs, as far as the registry is compared with it.
struct LogFacts: Sendable {
    /// One registration.
    struct Registration: Sendable {
        var id: String
        var deviceID: String?
        var group: String?
        var dps: String?
        /// Of the latest assignment.
        var hub: String?
        /// Microseconds.
        var lastAssigned: Int64?
    }

    /// One device at the hubs.
    struct Device: Sendable {
        var id: String
        var hub: String?
        /// Microseconds.
        var lastConnected: Int64?
        /// Microseconds.
        var lastTime: Int64
        /// In lower case.
        var registrationKey: String?
    }

    /// By registration id in lower case.
    private(set) var registrations: [String: Registration] = [:]
    /// How many registrations name a group, by its id in lower case.
    private(set) var members: [String: Int] = [:]
    /// By device id to the letter.
    private(set) var devices: [String: Device] = [:]
    /// Ids of devices by their lower case.
    private(set) var spellings: [String: [String]] = [:]
    /// The id scopes that records of a DPS instance carry.
    private(set) var scopes: [String: Set<String>] = [:]
    /// The DPS instances of the logs.
    private(set) var instances: [String] = []
    /// When records of a hub's connections begin and end, without holes longer than is allowed; microseconds.
    private(set) var covered: [String: ClosedRange<Int64>] = [:]

    /// Reads a database whose derived tables are up to date.
    ///
    /// - Throws: `DatabaseError`.
    static func load(_ database: Database) throws -> LogFacts {
        var facts = LogFacts()
        try CheckedRow.forEach(
            database,
            sql: "SELECT registration_key, registration_id, device_id, enrollment_group, dps FROM registration_totals"
        ) { row in
            facts.registrations[try row[0]] = try Registration(
                id: row[1],
                deviceID: row[2],
                group: row[3],
                dps: row[4]
            )
            if let group = try row[3] as String? { facts.members[folded(group), default: 0] += 1 }
        }
        try CheckedRow.forEach(
            database,
            sql: """
                SELECT registration_key, hub, MAX(ended) FROM attempts
                WHERE outcome IN ('assigned', 'accepted') GROUP BY registration_key
                """
        ) { row in
            let key: String = try row[0]
            facts.registrations[key]?.hub = try row[1]
            facts.registrations[key]?.lastAssigned = try row[2]
        }
        try CheckedRow.forEach(
            database,
            sql: """
                SELECT device_id, hub, last_connected, coalesce(last_time, 0), lower(registration_id) FROM device_totals
                ORDER BY device_id
                """
        ) { row in
            let device = try Device(
                id: row[0],
                hub: row[1],
                lastConnected: row[2],
                lastTime: row[3],
                registrationKey: row[4]
            )
            facts.devices[device.id] = device
            facts.spellings[folded(device.id), default: []].append(device.id)
        }
        for row in try CheckedRow.all(
            database,
            sql:
                "SELECT DISTINCT instance, id_scope FROM context WHERE service = 'dps' AND id_scope <> '' ORDER BY 1, 2"
        ) {
            facts.scopes[try row[0], default: []].insert(folded(try row[1]))
        }
        facts.instances = try String.checkedAll(
            database,
            sql: "SELECT DISTINCT instance FROM coverage WHERE service = 'dps' ORDER BY 1"
        )
        facts.covered = try coverage(database)
        return facts
    }

    /// The latest stretch of each hub's connections without a hole longer than `ObservationCheck.longestHole`.
    private static func coverage(_ database: Database) throws -> [String: ClosedRange<Int64>] {
        var covered: [String: ClosedRange<Int64>] = [:]
        try CheckedRow.forEach(
            database,
            sql: """
                SELECT instance, first_time, last_time FROM coverage
                WHERE service = 'hub' AND tells_of = 'connections' ORDER BY instance, first_time
                """
        ) { row in
            let (hub, first, last): (String, Int64, Int64) = (try row[0], try row[1], try row[2])
            guard first <= last else { throw StoreError.damaged("an hour ends before it begins") }
            if let known = covered[hub], first - known.upperBound <= ObservationCheck.longestHole {
                covered[hub] = known.lowerBound...max(known.upperBound, last)
            } else {
                covered[hub] = first...last
            }
        }
        return covered
    }

    /// The devices that carry one of the names: to the letter, else in another case unless that is to be exact.
    func devices(named names: [String?], exactly: Bool = false) -> [Device] {
        var found: [String: Device] = [:]
        for name in names.compactMap(\.self) {
            if let exact = devices[name] {
                found[exact.id] = exact
            } else if !exactly {
                for id in spellings[folded(name)] ?? [] { found[id] = devices[id] }
            }
        }
        return found.values.sorted { $0.id < $1.id }
    }
}
