public import EventStore
import GRDB

/// At which times a device or registration that is known by name has events.
public enum NamedTimes {
    /// The times of the events of any of these names, ascending, each once; microseconds since 1970.
    ///
    /// - Parameters:
    ///   - names: registration and device ids in any case; those that no log names have no times.
    ///   - range: other times are left out.
    /// - Throws: `DatabaseError`.
    public static func of(
        _ names: [String],
        in range: ClosedRange<Int64>,
        from database: LogDatabase
    ) throws -> [Int64] {
        try database.access.read { connection in
            var times = Set<Int64>()
            for name in Set(names.map { $0.lowercased() }) where !name.isEmpty {
                let identities = try Int.checkedAll(
                    connection,
                    sql: "SELECT id FROM identity WHERE folded = ? ORDER BY id",
                    arguments: [name]
                )
                for identity in identities {
                    times.formUnion(try DeviceTimes.times(of: identity, connection).filter(range.contains))
                }
            }
            return times.sorted()
        }
    }
}
