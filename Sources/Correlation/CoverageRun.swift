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

    /// The SELECT behind it, one row a run: `service`, `instance`, `category`, `from_hour`, `to_hour`, `hours`, `records`.
    public static let sql = """
        WITH numbered AS (
            SELECT service, instance, category, hour, hour_utc, records, last_time,
                hour / 3600000000 - ROW_NUMBER() OVER (PARTITION BY service, instance, category ORDER BY hour) AS run
            FROM coverage
        )
        SELECT service, instance, category, MIN(hour_utc) AS from_hour, MAX(hour_utc) AS to_hour, COUNT(*) AS hours,
            SUM(records) AS records
        FROM numbered
        GROUP BY service, instance, category, run
        ORDER BY service, instance, category, MIN(hour)
        """

    /// All runs of a database that is up to date, in total order.
    ///
    /// - Throws: `DatabaseError`.
    public static func load(_ database: LogDatabase) throws -> [CoverageRun] {
        try database.access.read { connection in
            try Row.fetchAll(connection, sql: sql).map { row in
                CoverageRun(
                    service: row[0],
                    instance: row[1],
                    category: row[2],
                    from: row[3],
                    to: row[4],
                    hours: row[5],
                    records: row[6]
                )
            }
        }
    }
}
