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
    /// - Returns: the positions of rows that may not have been inserted because their key is taken, and of those that
    ///   certainly were not.
    func insert(_ rows: [EventRow], _ correlations: [String], file: Int) throws -> (doubtful: [Int], taken: [Int]) {
        var doubtful: [Int] = []
        var taken: [Int] = []
        var at = 0
        while at < rows.count {
            var end = at
            while end < rows.count, end - at < Self.width, !rows[end].sharesLine { end += 1 }
            if end - at == Self.width {
                for index in 0..<Self.width { bind(many, Int32(index) * 11, rows[at + index], correlations, file) }
                try many.run()
                if sqlite3_changes(handle) < Int32(Self.width) { doubtful.append(contentsOf: at..<end) }
                at = end
                continue
            }
            for index in at..<max(end, at + 1) {
                bind(one, 0, rows[index], correlations, file)
                try one.run()
                if sqlite3_changes(handle) == 0 { taken.append(index) }
            }
            at = max(end, at + 1)
        }
        return (doubtful, taken)
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
        statement.bindId(offset + 3, row.identity)
        statement.bind(offset + 4, Int64(row.context))
        statement.bindId(offset + 5, row.network)
        statement.bindId(offset + 6, row.agent)
        statement.bindId(offset + 7, row.target)
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
