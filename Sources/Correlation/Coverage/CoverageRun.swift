import AzureLogs
import Basics
public import EventStore
import GRDB

/// Hours in a row for which records of one resource and category were read.
public struct CoverageRun: Sendable, Hashable {
    /// `dps` or `hub`.
    public var service: String
    /// Name of the DPS instance or hub.
    public var instance: String
    /// Log category.
    public var category: String
    /// Beginning of the first hour, as text in UTC.
    public var from: String
    /// Beginning of the last hour, as text in UTC.
    public var to: String
    /// How many hours.
    public var hours: Int
    /// How many records.
    public var records: Int

    /// A run of hours.
    public init(
        service: String,
        instance: String,
        category: String,
        from: String,
        to: String,
        hours: Int,
        records: Int
    ) {
        self.service = service
        self.instance = instance
        self.category = category
        self.from = from
        self.to = to
        self.hours = hours
        self.records = records
    }

    /// All runs of a database that is up to date, in total order.
    ///
    /// - Throws: `DatabaseError`.
    public static func load(_ database: LogDatabase) throws -> [CoverageRun] {
        try database.access.read { connection in
            var runs: [CoverageRun] = []
            let hours = try PreparedStatement(
                connection,
                "SELECT hour, records FROM coverage_hour WHERE instance = ? AND category = ? ORDER BY hour"
            )
            for row in try CheckedRow.all(connection, sql: streams) {
                hours.bind(1, try row[0] as Int64)
                hours.bind(2, try row[3] as String)
                var first: Int64?
                var (last, records): (Int64, Int64) = (0, 0)
                func end() throws {
                    guard let first else { return }
                    let run = try CoverageRun(
                        service: row[1],
                        instance: row[2],
                        category: row[3],
                        from: text(first),
                        to: text(last),
                        hours: Int((last - first) / Microseconds.hour) + 1,
                        records: Int(records)
                    )
                    runs.append(run)
                }
                while try hours.next() {
                    let hour = hours.integer(0)
                    if first == nil || hour != last + Microseconds.hour {
                        try end()
                        (first, records) = (hour, 0)
                    }
                    last = hour
                    records += hours.integer(1)
                }
                try end()
            }
            return runs
        }
    }

    private static let streams = """
        SELECT DISTINCT h.instance, n.service, n.name, h.category FROM coverage_hour h JOIN instance n ON n.id = h.instance
        ORDER BY n.service, n.name, h.category
        """

    /// As the views write times.
    private static func text(_ hour: Int64) -> String {
        Timestamp.format(microseconds: hour).dropLast() + ".000000Z"
    }

    /// The runs as a table: `service`, `instance`, `category`, `from_hour`, `to_hour`, `hours`, `records`.
    public static func table(_ runs: [CoverageRun]) -> ResultTable {
        ResultTable(
            columns: ["service", "instance", "category", "from_hour", "to_hour", "hours", "records"],
            rows: runs.map { run in
                [
                    .text(run.service), .text(run.instance), .text(run.category), .text(run.from), .text(run.to),
                    .integer(Int64(run.hours)), .integer(Int64(run.records)),
                ]
            }
        )
    }
}
