import GRDBSQLite

/// Settles rows whose key was taken: true collisions, duplicates, and repetitions that count.
///
/// A record with an identity of its own is one event wherever it stands. One without keeps, inside of one file, as many
/// copies as it has lines there, and across files the largest of these numbers. The place that is kept is the smallest
/// (path, line), so that it does not depend on the order of reading.
final class DuplicateResolver {
    /// What was found.
    struct Outcome {
        var added = 0
        var duplicates = 0
        /// Files by whose lines events are no longer cited.
        var displaced: Set<Int> = []
        /// Lines of the current file that its records are not cited by, or are no longer.
        var lost: [Int] = []
        /// The time of the earliest event that was added or changed; `.max` for none.
        var earliest = Int64.max
        /// The events that were added or changed, as they stand now.
        var settled: [SettledEvent] = []

        fileprivate mutating func settle(_ row: EventRow, copies: Int64, file: Int, line: Int) {
            settled.append(SettledEvent(row: row, copies: Int(copies), file: file, line: line))
            earliest = min(earliest, row.time)
        }
    }

    private let inserter: EventInserter
    private let lookUp: PreparedStatement
    private let setCopies: PreparedStatement
    private let setPlace: PreparedStatement
    private let countRepeat: PreparedStatement
    private let readRepeat: PreparedStatement
    private let clearRepeats: PreparedStatement

    init(_ handle: OpaquePointer, _ inserter: EventInserter) throws {
        self.inserter = inserter
        // In SQLite's temporary store, which goes to disk when it grows: memory stays flat.
        let table = """
            CREATE TEMP TABLE IF NOT EXISTS repeats(
                time INTEGER NOT NULL, hash INTEGER NOT NULL, seen INTEGER NOT NULL, PRIMARY KEY(time, hash)
            ) WITHOUT ROWID
            """
        try PreparedStatement(handle, table).run()
        lookUp = try PreparedStatement(
            handle,
            """
            SELECT identity, context, network, agent, target, duration, correlation, copies, file, line
            FROM event WHERE time = ? AND hash = ?
            """
        )
        setCopies = try PreparedStatement(handle, "UPDATE event SET copies = ? WHERE time = ? AND hash = ?")
        setPlace = try PreparedStatement(handle, "UPDATE event SET file = ?, line = ? WHERE time = ? AND hash = ?")
        countRepeat = try PreparedStatement(
            handle,
            """
            INSERT INTO temp.repeats(time, hash, seen) VALUES(?, ?, ?)
            ON CONFLICT(time, hash) DO UPDATE SET seen = seen + 1
            """
        )
        readRepeat = try PreparedStatement(handle, "SELECT seen FROM temp.repeats WHERE time = ? AND hash = ?")
        clearRepeats = try PreparedStatement(handle, "DELETE FROM temp.repeats")
    }

    /// Forgets the counts of the file before.
    func beginFile() throws { try clearRepeats.run() }

    /// Settles one doubtful row of the current file.
    ///
    /// - Parameters:
    ///   - row: the row; its hash is moved on after a collision.
    ///   - correlations: the batch's texts.
    ///   - file: the file's id.
    ///   - isTaken: whether the row certainly was not inserted.
    ///   - path: gives a file's path by its id.
    func settle(
        _ row: EventRow,
        _ correlations: [String],
        file: Int,
        isTaken: Bool,
        path: (Int) throws -> String,
        into outcome: inout Outcome
    ) throws {
        var row = row
        while true {
            lookUp.bind(1, row.time)
            lookUp.bind(2, row.hash)
            guard try lookUp.next() else {
                // The key was free after a collision moved the hash on.
                if try inserter.insert([row], correlations, file: file).taken.isEmpty { outcome.added += 1 }
                outcome.settle(row, copies: 1, file: file, line: row.line)
                return
            }
            let isSame = matches(row, correlations)
            let copies = lookUp.integer(7)
            let storedFile = Int(lookUp.integer(8))
            let storedLine = Int(lookUp.integer(9))
            lookUp.reset()
            if !isSame {
                row.hash &+= 1
                continue
            }
            let isMine = storedFile == file && storedLine == row.line
            if isMine, !isTaken, try seen(row) == 0 {
                // The row that this very record inserted: no other record stands on its line.
                try count(row, from: 1)
                outcome.added += 1
                outcome.settle(row, copies: 1, file: file, line: row.line)
                return
            }
            return try duplicate(row, copies, storedFile, storedLine, file, path, &outcome)
        }
    }

    private func seen(_ row: EventRow) throws -> Int64 {
        readRepeat.bind(1, row.time)
        readRepeat.bind(2, row.hash)
        guard try readRepeat.next() else { return 0 }
        defer { readRepeat.reset() }
        return readRepeat.integer(0)
    }

    private func count(_ row: EventRow, from first: Int64) throws {
        countRepeat.bind(1, row.time)
        countRepeat.bind(2, row.hash)
        countRepeat.bind(3, first)
        try countRepeat.run()
    }

    private func duplicate(
        _ row: EventRow,
        _ copies: Int64,
        _ storedFile: Int,
        _ storedLine: Int,
        _ file: Int,
        _ path: (Int) throws -> String,
        _ outcome: inout Outcome
    ) throws {
        if !row.isStrong {
            // Copies that this file holds further up and that met no conflict were not counted yet.
            let mineBefore = storedFile == file && storedLine <= row.line
            try count(row, from: mineBefore ? copies + 1 : 1)
            let mine = try seen(row)
            if mine > copies {
                setCopies.bind(1, mine)
                setCopies.bind(2, row.time)
                setCopies.bind(3, row.hash)
                try setCopies.run()
                outcome.added += 1
                outcome.lost.append(row.line)
                outcome.settle(row, copies: mine, file: storedFile, line: storedLine)
                return
            }
        }
        outcome.duplicates += 1
        let here = try path(file)
        let there = try path(storedFile)
        if here < there || (here == there && row.line < storedLine) {
            setPlace.bind(1, Int64(file))
            setPlace.bind(2, Int64(row.line))
            setPlace.bind(3, row.time)
            setPlace.bind(4, row.hash)
            try setPlace.run()
            if storedFile == file {
                outcome.lost.append(storedLine)
            } else {
                outcome.displaced.insert(storedFile)
            }
            outcome.settle(row, copies: copies, file: file, line: row.line)
        } else {
            outcome.lost.append(row.line)
        }
    }

    private func matches(_ row: EventRow, _ correlations: [String]) -> Bool {
        let ids = [row.identity, row.context, row.network, row.agent, row.target]
        for (column, id) in ids.enumerated() where lookUp.integer(Int32(column)) != Int64(id) { return false }
        let duration = lookUp.isNull(5) ? -1 : lookUp.integer(5)
        if duration != row.duration { return false }
        switch row.correlationKind {
        case 0: return lookUp.isNull(6)
        case 1:
            var words = (row.correlation0.bigEndian, row.correlation1.bigEndian)
            return lookUp.isBlob(6) && withUnsafeBytes(of: &words) { $0.elementsEqual(lookUp.bytes(6)) }
        default: return !lookUp.isBlob(6) && lookUp.bytes(6) == Array(correlations[Int(row.correlation0)].utf8)
        }
    }
}
