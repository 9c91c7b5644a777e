import EventStore
import GRDB

/// What was read for a night: by its own run, by those that came to no end or were made for it before, and by `ingest` since
/// the night before.
///
/// What it does not say: which of these records fall into the night's window; that is in the report's numbers.
enum NightBalance {
    private static let name = "read-at-night"

    /// What was read for a night.
    ///
    /// - Parameters:
    ///   - run: what this run read.
    ///   - before: the balance in the report of the same night that is there already; nil if there is none.
    ///   - isFirst: whether no night was kept before, so that all that was read is for this one.
    /// - Returns: the run's balance with the records of all of it; files are those of this run.
    /// - Throws: `DatabaseError`, or `StoreError` for a damaged database.
    static func of(
        _ run: IngestReport,
        before: IngestReport?,
        isFirst: Bool,
        _ database: LogDatabase
    ) throws -> IngestReport {
        let (now, last) = try database.access.read { connection in
            (try Self.totals(connection), try Self.kept(connection))
        }
        var since = now - (last ?? (isFirst ? Records() : now))
        // Files that were read again in another form take the place of what was counted before: then the run's own count holds.
        let own = Records(run)
        if !since.covers(own) { since = own }
        let all = since + (before.map(Records.init) ?? Records())
        var balance = run
        (balance.stored, balance.duplicates) = (all.stored, all.duplicates)
        (balance.ignored, balance.rejected) = (all.ignored, all.rejected)
        balance.lines = all.stored + all.duplicates + all.ignored + all.rejected
        balance.filesRejected = max(run.filesRejected, before?.filesRejected ?? 0)
        return balance
    }

    /// Notes what has been read when a night is kept, in its transaction.
    static func keep(_ connection: Database) throws {
        let totals = try totals(connection)
        let words = [totals.stored, totals.duplicates, totals.ignored, totals.rejected].map(String.init)
        try connection.execute(
            sql: "INSERT OR REPLACE INTO setting(name, value) VALUES(?, ?)",
            arguments: [name, words.joined(separator: " ")]
        )
    }

    private static func kept(_ connection: Database) throws -> Records? {
        let sql = "SELECT value FROM setting WHERE name = ?"
        guard let text = try String.checkedOne(connection, sql: sql, arguments: [name]) else { return nil }
        let numbers = text.split(separator: " ").compactMap { Int($0) }
        guard numbers.count == 4, numbers.allSatisfy({ (0...Records.most).contains($0) }) else {
            throw StoreError.damaged("what was read at its last night is no balance")
        }
        return Records(stored: numbers[0], duplicates: numbers[1], ignored: numbers[2], rejected: numbers[3])
    }

    private static func totals(_ connection: Database) throws -> Records {
        let sql = """
            SELECT coalesce(sum(stored), 0), coalesce(sum(duplicates), 0), coalesce(sum(ignored), 0),
                coalesce(sum(rejected), 0)
            FROM file
            """
        guard let row = try CheckedRow.one(connection, sql: sql) else { return Records() }
        return Records(stored: try row[0], duplicates: try row[1], ignored: try row[2], rejected: try row[3])
    }
}

/// Records by what became of them.
private struct Records {
    /// More than any database holds.
    static let most = 1 << 48

    var stored = 0
    var duplicates = 0
    var ignored = 0
    var rejected = 0

    /// Whether there are at least as many of each kind.
    func covers(_ other: Records) -> Bool {
        stored >= other.stored && duplicates >= other.duplicates && ignored >= other.ignored
            && rejected >= other.rejected
    }

    static func + (a: Records, b: Records) -> Records {
        Records(
            stored: a.stored + b.stored,
            duplicates: a.duplicates + b.duplicates,
            ignored: a.ignored + b.ignored,
            rejected: a.rejected + b.rejected
        )
    }

    static func - (a: Records, b: Records) -> Records {
        Records(
            stored: a.stored - b.stored,
            duplicates: a.duplicates - b.duplicates,
            ignored: a.ignored - b.ignored,
            rejected: a.rejected - b.rejected
        )
    }
}

extension Records {
    /// Those of a balance.
    init(_ report: IngestReport) {
        let kinds = [report.stored, report.duplicates, report.ignored, report.rejected].map { kind in
            min(max(kind, 0), Self.most)
        }
        self.init(stored: kinds[0], duplicates: kinds[1], ignored: kinds[2], rejected: kinds[3])
    }
}
