import AzureLogs
import Basics
import EventStore
import GRDB

extension Coverage {
    /// Adds the hours that a part knows of the whole fleet: it counts no records of its own there.
    ///
    /// - Parameter since: hours that end before this time are left out.
    /// - Throws: `DatabaseError`.
    mutating func addFleet(_ instances: Instances, since: Int64, _ database: Database) throws {
        let rows = try CheckedRow.all(
            database,
            sql: """
                SELECT service, instance, category, hour, first_time, last_time FROM fleet_hour WHERE hour > ?
                ORDER BY service, instance, category, hour
                """,
            arguments: [since == .min ? Int64.min : since - Microseconds.hour]
        )
        var fleet: [Stream: [Hour]] = [:]
        for row in rows {
            let instance = instances.number(try row[0], try row[1])
            guard instance != 0, let category = LogCategory(rawValue: try row[2]) else { continue }
            let stream = Stream(instance: instance, category: category)
            let hour = Hour(start: try row[3], records: 0, first: try row[4], last: try row[5])
            fleet[stream, default: []].append(hour)
        }
        for (stream, hours) in fleet { add(hours, to: stream) }
    }
}
