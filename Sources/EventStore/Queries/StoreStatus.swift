import GRDB

/// What a database holds, and how reading went.
public struct StoreStatus: Sendable, Hashable {
    /// A word and a number.
    public struct Count: Sendable, Hashable {
        /// What is counted.
        public var name: String
        /// How many.
        public var count: Int

        /// A word and how often it was met.
        public init(name: String, count: Int) {
            self.name = name
            self.count = count
        }
    }

    /// Files by state.
    public var files: [Count] = []
    /// Records over all files; `seconds` is not known here.
    public var totals = IngestReport()
    /// Events by kind.
    public var kinds: [Count] = []
    /// Ignored records by category.
    public var ignored: [Count] = []
    /// Rejected records and files by reason.
    public var rejects: [Count] = []
    /// Time of the first event, microseconds since 1970; nil without events.
    public var first: Int64?
    /// Time of the last event.
    public var last: Int64?
    /// Registration records and enrollments from exports.
    public var snapshots = 0
    /// What files were taken for, the latest generation of each path.
    public var formats: [Count] = []
    /// Files of which there is something to know: archives, dates that had to be decided, what was not read to its end.
    public var notes: [FileNote] = []
    /// How many such files there are; `notes` holds the first ones.
    public var notedFiles = 0

    /// What a file was taken for, and what is to be known of it.
    public struct FileNote: Sendable, Hashable {
        /// The path, or `archive!member`.
        public var path: String
        /// What it was taken for, from the outside inwards.
        public var formats: String
        /// What decided the order of its dates, and what is wrong with it.
        public var notes: [String]
    }

    /// How many notes are read.
    static let mostNotes = 20

    /// Reads the status.
    ///
    /// - Throws: `DatabaseError`.
    public static func load(_ database: LogDatabase) throws -> StoreStatus {
        try database.access.read { connection in
            var status = StoreStatus()
            status.files = try counts(connection, "SELECT state, count(*) FROM file GROUP BY 1")
            let sums = """
                SELECT count(*), coalesce(sum(copy_of IS NOT NULL), 0), coalesce(sum(state <> 'complete'), 0),
                    coalesce(sum(lines), 0), coalesce(sum(stored), 0), coalesce(sum(duplicates), 0),
                    coalesce(sum(ignored), 0), coalesce(sum(rejected), 0), coalesce(sum(bytes_read), 0),
                    coalesce(sum(bytes_inflated), 0)
                FROM file
                """
            if let row = try CheckedRow.one(connection, sql: sums) {
                status.totals.files = try row[0]
                status.totals.filesUnchanged = try row[1]
                status.totals.filesRejected = try row[2]
                status.totals.lines = try row[3]
                status.totals.stored = try row[4]
                status.totals.duplicates = try row[5]
                status.totals.ignored = try row[6]
                status.totals.rejected = try row[7]
                status.totals.bytesRead = try row[8]
                status.totals.bytesInflated = try row[9]
            }
            status.kinds = try counts(
                connection,
                """
                SELECT c.kind, sum(e.n) FROM (\(try isCounted(connection) ? countedContexts : scannedContexts)) e
                JOIN context c ON c.id = e.context WHERE e.n > 0 GROUP BY 1
                """
            )
            status.ignored = try counts(connection, "SELECT category, sum(records) FROM ignored GROUP BY 1")
            status.rejects = try counts(connection, "SELECT reason, count(*) FROM reject GROUP BY 1")
            status.formats = try counts(
                connection,
                "SELECT formats, count(*) FROM \(latestFiles) WHERE formats <> '' GROUP BY 1"
            )
            let noted = "\(latestFiles) WHERE dates_why <> '' OR note <> '' OR container IN ('zip', 'tar')"
            status.notedFiles = try Int.checkedOne(connection, sql: "SELECT count(*) FROM \(noted)") ?? 0
            status.notes = try CheckedRow.all(
                connection,
                sql: "SELECT path, formats, dates_why, note FROM \(noted) ORDER BY path LIMIT \(mostNotes)"
            ).map { row in
                FileNote(
                    path: try row[0],
                    formats: try row[1],
                    notes: try [row[2] as String, row[3]].filter { !$0.isEmpty }
                )
            }
            status.first = try Int64.checkedOne(connection, sql: "SELECT min(time) FROM event")
            status.last = try Int64.checkedOne(connection, sql: "SELECT max(time) FROM event")
            status.snapshots =
                try Int.checkedOne(
                    connection,
                    sql: "SELECT (SELECT count(*) FROM registration_record) + (SELECT count(*) FROM enrollment)"
                ) ?? 0
            return status
        }
    }

    /// Records of each context that are in the database, as the sweep counted them: quick at any size.
    public static let countedContexts = """
        SELECT t.context AS context, t.records - coalesce(p.records, 0) AS n
        FROM context_total t LEFT JOIN pruned_total p ON p.context = t.context
        """

    /// The latest generation of each path.
    private static let latestFiles = """
        (SELECT * FROM file f WHERE NOT EXISTS (
            SELECT 1 FROM file g WHERE g.path = f.path AND g.generation > f.generation))
        """

    /// The same, counted now.
    private static let scannedContexts = "SELECT context, sum(copies) AS n FROM event GROUP BY context"

    /// Whether the sweep has counted all events that are there.
    private static func isCounted(_ connection: Database) throws -> Bool {
        let isDerived =
            try String.checkedOne(connection, sql: "SELECT value FROM setting WHERE name = 'derived'") != nil
        return try isDerived && Revision.changedSince(connection) == nil
    }

    private static func counts(_ connection: Database, _ sql: String) throws -> [Count] {
        try CheckedRow.all(connection, sql: sql)
            .map { Count(name: try $0[0], count: try $0[1]) }
            .sorted { ($1.count, $0.name) < ($0.count, $1.name) }
    }
}
