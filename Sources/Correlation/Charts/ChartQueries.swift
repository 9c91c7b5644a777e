import AzureLogs
import Basics
import EventStore
import GRDB

/// How the charts' numbers are read: one pass over each table, sums in Swift.
extension FleetCharts {
    /// Attempts by how they ended, over time and in all, and the delays of those that connected.
    mutating func readAttempts(_ range: ClosedRange<Int64>, _ connection: Database) throws {
        let rows = try PreparedStatement(
            connection,
            """
            SELECT started, outcome, coalesce(journey, ''), hub IS NOT NULL, contact_time - ended
            FROM attempt
            WHERE started BETWEEN ? AND ?
            """
        )
        rows.bind(1, range.lowerBound)
        rows.bind(2, range.upperBound)
        var counts: [End: Int] = [:]
        var delays = [Int](repeating: 0, count: Self.delayBounds.count + 1)
        while try rows.next() {
            let (outcome, journey) = (rows.text(1), rows.text(2))
            let end = End(outcome: outcome, journey: journey, isHubKnown: rows.integer(3) != 0, attempts: 0)
            counts[end, default: 0] += 1
            buckets[place(rows.integer(0))].attempts[journey.isEmpty ? outcome : journey, default: 0] += 1
            if journey == "connected", !rows.isNull(4) {
                let delay = rows.integer(4)
                delays[Self.delayBounds.firstIndex { delay <= $0 } ?? Self.delayBounds.count] += 1
            }
        }
        ends = counts.map { End(outcome: $0.outcome, journey: $0.journey, isHubKnown: $0.isHubKnown, attempts: $1) }
            .sorted {
                ($0.outcome, $0.journey, $0.isHubKnown ? 1 : 0) < ($1.outcome, $1.journey, $1.isHubKnown ? 1 : 0)
            }
        self.delays = delays.contains { $0 > 0 } ? delays : []
    }

    /// Connections and errors of hubs over time; which of the errors are not normal is known after `readTroubles`.
    ///
    /// - Returns: the contexts of errors.
    mutating func readEvents(_ range: ClosedRange<Int64>, _ connection: Database) throws -> Set<Int64> {
        let contexts = try CheckedRow.all(
            connection,
            sql: "SELECT id, kind, outcome FROM context WHERE kind IN ('connect', 'disconnect')"
        )
        var connects = Set<Int64>()
        var errors = Set<Int64>()
        for row in contexts {
            let outcome: String = try row[2]
            if outcome == "connected" { connects.insert(try row[0]) }
            if outcome == "refused" || outcome == "dropped" { errors.insert(try row[0]) }
        }
        let events = try PreparedStatement(
            connection,
            "SELECT time, context, copies FROM event WHERE time BETWEEN ? AND ?"
        )
        events.bind(1, range.lowerBound)
        events.bind(2, range.upperBound)
        while try events.next() {
            let context = events.integer(1)
            if connects.contains(context) {
                buckets[place(events.integer(0))].connections += Int(events.integer(2))
            } else if errors.contains(context) {
                buckets[place(events.integer(0))].normalErrors += Int(events.integer(2))
            }
        }
        return errors
    }

    /// Errors that nothing explains over time; they are taken out of the normal ones, among which `errors` counted them.
    mutating func readTroubles(_ range: ClosedRange<Int64>, of errors: Set<Int64>, _ connection: Database) throws {
        let troubles = try PreparedStatement(
            connection,
            "SELECT time, code, copies, context FROM unexplained WHERE time BETWEEN ? AND ?"
        )
        troubles.bind(1, range.lowerBound)
        troubles.bind(2, range.upperBound)
        while try troubles.next() {
            let (bucket, copies) = (place(troubles.integer(0)), Int(troubles.integer(2)))
            let code = troubles.isNull(1) ? 0 : Int(troubles.integer(1))
            if HubCode.isThrottle(code) {
                buckets[bucket].hubThrottled += copies
            } else {
                buckets[bucket].hubErrors += copies
            }
            // Errors of other kinds than those counted above were never among the normal ones.
            if errors.contains(troubles.integer(3)) {
                buckets[bucket].normalErrors = max(0, buckets[bucket].normalErrors - copies)
            }
        }
    }

    /// In which buckets there are logs at all.
    mutating func readCoverage(_ connection: Database) throws {
        let hours = try PreparedStatement(
            connection,
            "SELECT DISTINCT h.hour, n.service FROM coverage_hour h JOIN instance n ON n.id = h.instance"
        )
        guard let begin = buckets.first?.time else { return }
        let end = begin + Int64(buckets.count) * step
        while try hours.next() {
            let hour = hours.integer(0)
            guard hour + Microseconds.hour > begin, hour < end else { continue }
            let isDPS = hours.text(1) == "dps"
            for bucket in place(max(hour, begin))...place(min(hour + Microseconds.hour - 1, end - 1)) {
                if isDPS { buckets[bucket].hasDPSLogs = true } else { buckets[bucket].hasHubLogs = true }
            }
        }
    }

    /// Assignments by hub, beside the weights that an export gives.
    mutating func readShares(_ range: ClosedRange<Int64>, _ connection: Database) throws {
        let rows = try CheckedRow.all(
            connection,
            sql: """
                SELECT h.name, count(*), (SELECT max(l.weight) FROM linked_hub l
                    WHERE lower(l.hub) = lower(h.name) OR lower(l.hub) LIKE lower(h.name) || '.%')
                FROM attempt a JOIN instance h ON h.id = a.hub
                WHERE a.started BETWEEN ? AND ? AND a.basis <> 'inferred' GROUP BY h.name
                """,
            arguments: [range.lowerBound, range.upperBound]
        )
        shares = try rows.map { try Share(hub: $0[0], assigned: $0[1], weight: $0[2]) }
            .sorted { ($1.assigned, $0.hub) < ($0.assigned, $1.hub) }
    }

    /// One device's events by bucket.
    func heatRow(_ device: String, _ range: ClosedRange<Int64>, _ connection: Database) throws -> HeatRow {
        var row = HeatRow(device: device, events: [Int](repeating: 0, count: buckets.count))
        let ids = try Int.checkedAll(
            connection,
            sql: "SELECT id FROM identity WHERE folded = ?",
            arguments: [device.lowercased()]
        )
        for id in ids {
            for time in try DeviceTimes.times(of: id, connection) where range.contains(time) {
                row.events[place(time)] += 1
            }
        }
        return row
    }
}
