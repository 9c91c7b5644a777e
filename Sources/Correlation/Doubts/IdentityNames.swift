import EventStore
import GRDB

/// Finds the numbers of ids that damaged records name.
final class IdentityNames {
    private let database: Database
    private var known: [String: Int] = [:]

    init(_ database: Database) { self.database = database }

    /// The number of an id; 0 for one that nothing else names, since it may be damaged itself.
    ///
    /// - Parameter isFolded: whether the id is a registration's, which compares without case.
    func number(_ name: String?, isFolded: Bool) throws -> Int {
        guard let name else { return 0 }
        let key = (isFolded ? "r" : "d") + name
        if let number = known[key] { return number }
        let condition = isFolded ? "folded = ? ORDER BY name LIMIT 1" : "name = ?"
        let found = try Int.checkedOne(
            database,
            sql: "SELECT id FROM identity WHERE \(condition)",
            arguments: [isFolded ? name.lowercased() : name]
        )
        known[key] = found ?? 0
        return found ?? 0
    }
}
