import GRDB

/// The transaction that small files share: the files of one hour touch the same pages, which a transaction a file would
/// write to the journal again and again.
///
/// Only whole files are committed. Not `Sendable`: the writing task owns it.
final class SharedTransaction {
    private let walCheckpointer: WALCheckpointer?
    private var files = 0
    private var records = 0
    /// The time of the earliest event that its files added or changed; `.max` for none.
    private var changed = Int64.max
    /// Whether it says of records that they cannot be read, or that they can after all: what is said of absence rests on
    /// that.
    private var hasOtherRejects = false

    /// A transaction that is not open yet.
    ///
    /// - Parameter walCheckpointer: told of commits; nil for a database without a WAL.
    init(_ walCheckpointer: WALCheckpointer?) { self.walCheckpointer = walCheckpointer }

    /// Full after an hour of forty small files, or one large one: then the pages are shared, and little is to be read
    /// again after a kill.
    private var isFull: Bool { records >= 40_000 || files >= 64 }

    /// Opens it unless it is open.
    func open(_ connection: Database) throws {
        if !connection.isInsideTransaction { try connection.beginTransaction(.immediate) }
    }

    /// Notes that what is known of records that cannot be read has changed.
    func noteRejects() { hasOtherRejects = true }

    /// Counts a whole file in, and commits if there are enough.
    ///
    /// - Parameter changed: the time of the earliest event that the file added or changed; `.max` for none.
    func add(records: Int, changed: Int64, _ connection: Database) throws {
        files += 1
        self.records += records
        self.changed = min(self.changed, changed)
        if isFull { try commit(connection) }
    }

    /// Commits the whole files that it holds.
    func commit(_ connection: Database) throws {
        guard connection.isInsideTransaction else { return }
        if changed != .max || hasOtherRejects { try Revision.raise(connection, since: changed) }
        try connection.commit()
        (files, records, changed, hasOtherRejects) = (0, 0, .max, false)
        try walCheckpointer?.committed(connection)
    }

    /// Gives up what is open if a half file is in it, and commits it else.
    ///
    /// Whole files that share the transaction with a half one go with it; the next run reads them again.
    func end(hasHalfFile: Bool, _ connection: Database) throws {
        if hasHalfFile, connection.isInsideTransaction { try connection.rollback() }
        try commit(connection)
    }
}
