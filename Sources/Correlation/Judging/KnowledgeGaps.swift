import AzureLogs
import EventStore
import GRDB

/// What cannot be told of a fleet, and what would tell it.
enum KnowledgeGaps {
    /// The most places with unreadable records that are told of one by one.
    private static let mostPlaces = 4

    /// Sentences in a fixed order; none where nothing is missing.
    static func load(_ database: Database) throws -> [String] {
        try unread(database) + nameless(database) + unassigned(database)
    }

    /// Times of which records could not be read, with the journeys that hang on them.
    private static func unread(_ database: Database) throws -> [String] {
        let rows = try CheckedRow.all(
            database,
            sql: """
                SELECT service, coalesce(instance, ''), min(begins), max(ends), count(*), min(evidence) FROM doubts
                GROUP BY 1, 2 ORDER BY 1, 2
                """
        )
        if rows.isEmpty { return [] }
        let journeys =
            try Int.checkedOne(database, sql: "SELECT count(*) FROM attempt WHERE reason = 'rejected-records'") ?? 0
        var told = try rows.prefix(mostPlaces).map { row in
            let who =
                switch (try row[0] as String, try row[1] as String) {
                case ("export", _): "an export of DPS"
                case ("", _): "a hub or DPS instance that is not known"
                case (let service, ""): service == "dps" ? "a DPS instance" : "a hub"
                case (_, let name): name
                }
            return try "records of \(who)\(span(row[2], row[3])) could not be read (\(row[5] as String))"
        }
        if rows.count > mostPlaces { told.append("and of \(rows.count - mostPlaces) more") }
        let effect =
            journeys == 0
            ? "what was not seen there may have happened"
            : "what was not seen there may have happened: \(journeys) \(journeys == 1 ? "journey is" : "journeys are") undetermined for it"
        return [told.joined(separator: ", ") + "; " + effect + " (dpslens rejects)"]
    }

    private static func span(_ from: Int64, _ to: Int64) -> String {
        let isOpen = to >= 253_402_300_799_000_000
        let (begin, end) = (Timestamp.format(microseconds: from), Timestamp.format(microseconds: to))
        if from == 0 { return isOpen ? "" : " up to \(end)" }
        if isOpen { return " from \(begin) on" }
        return from == to ? " at \(begin)" : " from \(begin) to \(end)"
    }

    /// Hubs' records that name no hub, as a query's projection leaves them.
    private static func nameless(_ database: Database) throws -> [String] {
        let records =
            try Int.checkedOne(
                database,
                sql: """
                    SELECT coalesce(sum(n), 0) FROM (\(StoreStatus.countedContexts)) e JOIN context c ON c.id = e.context
                    WHERE c.service = 'hub' AND c.instance = ''
                    """
            ) ?? 0
        if records == 0 { return [] }
        return [
            "\(records) records of hubs name no hub, so nothing is said of assignments and coverage: let the query project the resource id as well (project …, _ResourceId)"
        ]
    }

    /// Devices that DPS let in without saying where to.
    private static func unassigned(_ database: Database) throws -> [String] {
        let devices =
            try Int.checkedOne(
                database,
                sql: "SELECT count(DISTINCT registration) FROM attempt WHERE reason = 'assignment-not-logged'"
            ) ?? 0
        if devices == 0 { return [] }
        let strangers =
            try Int.checkedOne(database, sql: "SELECT count(*) FROM device_total WHERE registration IS NULL") ?? 0
        var text =
            "of \(devices) \(devices == 1 ? "registration" : "registrations") that DPS let in no log names the hub: read the registration list as well (az iot dps enrollment-group registration list, az iot dps enrollment registration show)"
        if strangers > 0 {
            text +=
                "; \(strangers) \(strangers == 1 ? "device" : "devices") at the hubs have no registration under their id: if enrollments give other device ids, read the enrollments as well (az iot dps enrollment list)"
        }
        return [text]
    }
}
