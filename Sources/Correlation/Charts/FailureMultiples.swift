import EventStore
import GRDB

/// Failures by group, hub, SDK, protocol and network: which value they belong to, and when.
extension FleetCharts {
    private static let attributes = ["enrollment group", "hub", "SDK", "protocol", "network"]

    /// Refused attempts at DPS, and errors of hubs that nothing explains, by each attribute.
    mutating func readMultiples(_ range: ClosedRange<Int64>, _ connection: Database) throws {
        var failures = Self.attributes.map { _ in [String: [Int]]() }
        func add(_ attribute: Int, _ value: String, _ bucket: Int, _ count: Int) {
            if value.isEmpty { return }
            failures[attribute][value, default: [Int](repeating: 0, count: buckets.count)][bucket] += count
        }
        let troubles = try PreparedStatement(
            connection,
            """
            SELECT u.time, u.copies, coalesce(t.enrollment_group, ''), c.instance, coalesce(a.sdk, ''), c.protocol,
                coalesce(n.address, '')
            FROM unexplained u
            JOIN context c ON c.id = u.context
            LEFT JOIN agent a ON a.id = u.agent
            LEFT JOIN network n ON n.id = u.network
            LEFT JOIN device_total d ON d.device = u.identity
            LEFT JOIN registration_total t ON t.registration = d.registration
            WHERE u.time BETWEEN ? AND ?
            """
        )
        troubles.bind(1, range.lowerBound)
        troubles.bind(2, range.upperBound)
        while try troubles.next() {
            let (bucket, copies) = (place(troubles.integer(0)), Int(troubles.integer(1)))
            for attribute in Self.attributes.indices {
                add(attribute, troubles.text(Int32(attribute + 2)), bucket, copies)
            }
        }
        let attempts = try PreparedStatement(
            connection,
            """
            SELECT a.started, coalesce(a.enrollment_group, ''), c.protocol, coalesce(n.address, '') FROM attempt a
            JOIN context c ON c.id = a.context
            LEFT JOIN network n ON n.id = a.network
            WHERE a.outcome IN ('failed', 'disabled', 'throttled') AND a.started BETWEEN ? AND ?
            """
        )
        attempts.bind(1, range.lowerBound)
        attempts.bind(2, range.upperBound)
        while try attempts.next() {
            let bucket = place(attempts.integer(0))
            for (column, attribute) in [(1, 0), (2, 3), (3, 4)] {
                add(attribute, attempts.text(Int32(column)), bucket, 1)
            }
        }
        let devices = try populations(connection)
        for (attribute, name) in Self.attributes.enumerated() {
            let ordered = failures[attribute].map { (value: $0.key, failures: $0.value, total: $0.value.reduce(0, +)) }
                .sorted { ($1.total, $0.value) < ($0.total, $1.value) }
            multiples += ordered.prefix(Self.values).map {
                Multiple(
                    attribute: name,
                    value: $0.value,
                    failures: $0.failures,
                    devices: devices[attribute][$0.value] ?? 0
                )
            }
            if ordered.count > Self.values { multiplesLeftOut[name] = ordered.count - Self.values }
        }
    }

    /// How many devices have each value.
    private func populations(_ connection: Database) throws -> [[String: Int]] {
        try [
            "SELECT enrollment_group, count(*) FROM registration_total WHERE enrollment_group IS NOT NULL GROUP BY 1",
            "SELECT h.name, count(*) FROM device_total d JOIN instance h ON h.id = d.hub GROUP BY 1",
            "SELECT a.sdk, count(*) FROM device_total d JOIN agent a ON a.id = d.agent GROUP BY 1",
            "SELECT protocol, count(*) FROM device_total WHERE protocol IS NOT NULL GROUP BY 1",
            "SELECT n.address, count(*) FROM device_total d JOIN network n ON n.id = d.network GROUP BY 1",
        ].map { sql in
            Dictionary(
                try CheckedRow.all(connection, sql: sql).map { (try $0[0] as String, try $0[1] as Int) },
                uniquingKeysWith: +
            )
        }
    }
}
