import EventStore
import GRDB

/// Takes back what was said of journeys on which a record that could not be read may have a bearing.
///
/// What is taken back is kept in `doubted`, so that a later run judges again by what is doubtful then.
enum DoubtCheck {
    private static let columns =
        "journey, reason, covered, contact_time, contact_hub, contact_code, contact_file, contact_line"

    /// Gives the attempts back what they were before doubts.
    ///
    /// - Returns: their numbers.
    static func undo(_ database: Database) throws -> Set<Int64> {
        let doubted = try Set(Int64.checkedAll(database, sql: "SELECT attempt FROM doubted"))
        if !doubted.isEmpty {
            try database.execute(
                sql: """
                    UPDATE attempt SET (\(columns)) = (SELECT \(columns) FROM doubted WHERE attempt = attempt.id)
                    WHERE id IN (SELECT attempt FROM doubted)
                    """
            )
            try database.execute(sql: "DELETE FROM doubted")
        }
        try database.execute(sql: "DELETE FROM doubt")
        return doubted
    }

    /// Judges all journeys by the doubts.
    ///
    /// - Parameter before: the attempts that were in doubt in the run before.
    /// - Returns: the lowest number of an attempt that is said otherwise than before; nil for none.
    static func apply(
        _ doubts: [Doubt],
        before: Set<Int64>,
        _ instances: Instances,
        _ configuration: CorrelationConfiguration,
        _ database: Database
    ) throws -> Int64? {
        try write(doubts, database)
        var services: [Int: String] = [:]
        for (number, entry) in instances.names.enumerated().dropFirst() { services[number] = entry.service }
        let devices =
            try Int.checkedOne(
                database,
                sql: "SELECT max((SELECT count(*) FROM device_total), (SELECT count(*) FROM registration_total))"
            ) ?? 0
        let judge = DoubtJudge(DoubtSpans(doubts, instances: services), configuration, devices: devices)
        let now = judge.isIdle ? [] : try apply(judge, database)
        return before.symmetricDifference(now).min()
    }

    private static func apply(_ judge: DoubtJudge, _ database: Database) throws -> Set<Int64> {
        let rows = try PreparedStatement(
            database,
            """
            SELECT id, registration, ended, started, hub, coalesce(basis, ''), journey, coalesce(reason, ''),
                contact_time, device, covered
            FROM attempt WHERE journey IS NOT NULL ORDER BY id
            """
        )
        let next = try PreparedStatement(
            database,
            "SELECT min(started) FROM attempt WHERE registration = ? AND ended > ?"
        )
        let keep = try PreparedStatement(
            database,
            "INSERT INTO doubted(attempt, \(columns)) SELECT id, \(columns) FROM attempt WHERE id = ?"
        )
        let weaken = try PreparedStatement(
            database,
            """
            UPDATE attempt SET journey = 'undetermined', reason = 'rejected-records', covered = 0, contact_time = NULL,
                contact_hub = NULL, contact_code = NULL, contact_file = ?, contact_line = ?
            WHERE id = ?
            """
        )
        let uncover = try PreparedStatement(database, "UPDATE attempt SET covered = 0 WHERE id = ?")
        var now = Set<Int64>()
        var found: [(id: Int64, doubt: DoubtJudge.Verdict)] = []
        while try rows.next() {
            guard let journey = Journey(rawValue: rows.text(6)) else { continue }
            var told = DoubtJudge.Told(
                registration: Int(rows.integer(1)),
                ended: rows.integer(2),
                started: rows.integer(3),
                hub: Int(rows.integer(4)),
                basis: rows.text(5),
                journey: journey,
                reason: rows.text(7),
                contact: rows.isNull(8) ? nil : rows.integer(8),
                device: Int(rows.integer(9)),
                isCovered: rows.integer(10) != 0
            )
            if told.needsNext {
                next.bind(1, Int64(told.registration))
                next.bind(2, told.ended)
                if try next.next(), !next.isNull(0) { told.next = next.integer(0) }
                next.reset()
            }
            if let doubt = judge.judge(told) { found.append((rows.integer(0), doubt)) }
        }
        for (id, doubt) in found {
            keep.bind(1, id)
            try keep.run()
            now.insert(id)
            switch doubt {
            case .notCovered:
                uncover.bind(1, id)
                try uncover.run()
            case .undetermined(let place):
                weaken.bind(1, Int64(place.file))
                weaken.bind(2, Int64(place.line))
                weaken.bind(3, id)
                try weaken.run()
            }
        }
        return now
    }

    /// The end of the year 9999, the last that times are read of.
    private static let endOfTime: Int64 = 253_402_300_799_999_999

    private static func write(_ doubts: [Doubt], _ database: Database) throws {
        let insert = try RowInserter<DoubtColumn>(database)
        for doubt in doubts {
            try insert.write { row in
                row.bind(.service, doubt.service)
                row.bind(.instance, Int64(doubt.instance))
                row.bind(.identity, Int64(doubt.identity))
                row.bind(.reach, doubt.reach.rawValue)
                row.bind(.begins, max(0, doubt.from))
                row.bind(.ends, min(endOfTime, doubt.to))
                row.bind(.records, Int64(doubt.records))
                row.bind(.file, Int64(doubt.file))
                row.bind(.line, Int64(doubt.line))
            }
        }
    }
}
