import EventStore
public import GRDB

/// When a device was well, as far as hubs say.
public enum DeviceHealth {
    /// The last time before another at which a hub accepted the device; nil for none that is kept.
    ///
    /// - Parameters:
    ///   - device: its identity.
    ///   - end: microseconds since 1970.
    /// - Throws: `DatabaseError`.
    public static func lastConnected(_ device: Int, before end: Int64, _ database: Database) throws -> Int64? {
        for time in try DeviceTimes.times(of: device, database).reversed() where time < end {
            let isConnect = try Bool.checkedOne(
                database,
                sql: """
                    SELECT EXISTS (
                        SELECT 1 FROM event e JOIN context c ON c.id = e.context
                        WHERE e.time = ? AND e.identity = ? AND c.kind = 'connect' AND c.outcome = 'connected')
                    """,
                arguments: [time, device]
            )
            if isConnect ?? false { return time }
        }
        return nil
    }
}
