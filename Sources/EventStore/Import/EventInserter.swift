import AzureLogs
import GRDBSQLite

/// The hot loop: rows into table `event` by SQLite's own calls, 32 rows a statement.
///
/// It works on the raw handle of a connection and is used inside of that connection's access only.
final class EventInserter {
    private static let width = 32
    private let handle: OpaquePointer
    private let many: PreparedStatement
    private let one: PreparedStatement

    init(_ handle: OpaquePointer) throws {
        self.handle = handle
        let values = "(?,?,?,?,?,?,?,?,?,1,?,?)"
        let head = """
            INSERT OR IGNORE INTO event(time, hash, identity, context, network, agent, target, duration, correlation,
                copies, file, line) VALUES
            """
        one = try PreparedStatement(handle, "\(head) \(values)")
        many = try PreparedStatement(
            handle,
            "\(head) \(repeatElement(values, count: Self.width).joined(separator: ","))"
        )
    }

    /// Inserts rows.
    ///
    /// Rows that repeat the one before them go one by one behind all others, because a statement of many rows does not
    /// tell which of them was not inserted.
    ///
    /// - Parameter rows: in the order of `RowBatch.putInOrder`.
    /// - Returns: the positions of rows that may not have been inserted because their key is taken, and of those that
    ///   certainly were not.
    func insert(_ rows: [EventRow], _ correlations: [String], file: Int) throws -> (doubtful: [Int], taken: [Int]) {
        var doubtful: [Int] = []
        var taken: [Int] = []
        var waiting: [Int] = []
        waiting.reserveCapacity(Self.width)
        var repeated: [Int] = []
        for index in rows.indices {
            if rows[index].sharesLine {
                // In its turn, so that the first of equal rows is the one that is stored.
                for earlier in waiting { try insertOne(earlier, rows, correlations, file, &taken) }
                waiting.removeAll(keepingCapacity: true)
                try insertOne(index, rows, correlations, file, &taken)
                continue
            }
            if index > 0, rows[index].hash == rows[index - 1].hash, rows[index].time == rows[index - 1].time {
                repeated.append(index)
                continue
            }
            waiting.append(index)
            if waiting.count < Self.width { continue }
            for (place, row) in waiting.enumerated() { bind(many, Int32(place) * 11, rows[row], correlations, file) }
            try many.run()
            if sqlite3_changes(handle) < Int32(Self.width) { doubtful.append(contentsOf: waiting) }
            waiting.removeAll(keepingCapacity: true)
        }
        for index in waiting { try insertOne(index, rows, correlations, file, &taken) }
        for index in repeated { try insertOne(index, rows, correlations, file, &taken) }
        return (doubtful, taken)
    }

    private func insertOne(
        _ index: Int,
        _ rows: [EventRow],
        _ correlations: [String],
        _ file: Int,
        _ taken: inout [Int]
    ) throws {
        bind(one, 0, rows[index], correlations, file)
        try one.run()
        if sqlite3_changes(handle) == 0 { taken.append(index) }
    }

    private func bind(
        _ statement: PreparedStatement,
        _ offset: Int32,
        _ row: EventRow,
        _ correlations: [String],
        _ file: Int
    ) {
        statement.bind(offset + 1, row.time)
        statement.bind(offset + 2, row.hash)
        statement.bindId(offset + 3, Int(row.identity))
        statement.bind(offset + 4, Int64(row.context))
        statement.bindId(offset + 5, Int(row.network))
        statement.bindId(offset + 6, Int(row.agent))
        statement.bindId(offset + 7, Int(row.target))
        if row.duration >= 0 { statement.bind(offset + 8, row.duration) } else { statement.bindNull(offset + 8) }
        switch row.correlationKind {
        case 1: statement.bind(offset + 9, guid: row.correlation0, row.correlation1)
        case 2: statement.bind(offset + 9, correlations[Int(row.correlation0)])
        default: statement.bindNull(offset + 9)
        }
        statement.bind(offset + 10, Int64(file))
        statement.bind(offset + 11, Int64(row.line))
    }
}
