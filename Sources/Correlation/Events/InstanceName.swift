import AzureLogs

/// A DPS instance or hub, in the order in which SQLite puts service and name: that of their bytes.
struct InstanceName: Sendable, Hashable, Comparable {
    var service: String
    var name: String

    static func < (a: InstanceName, b: InstanceName) -> Bool {
        if a.service != b.service { return a.service.utf8.lexicographicallyPrecedes(b.service.utf8) }
        return a.name.utf8.lexicographicallyPrecedes(b.name.utf8)
    }
}
