import GRDB
import LogIngest

/// Which ids belong together: a registration and the devices that it was given stay in one part.
///
/// Ids are folded: registrations compare without case, and devices whose ids differ in case alone go where these go.
public struct DeviceLinks: Sendable {
    private var parents: [ExactText: ExactText] = [:]

    /// No links: each id is alone.
    public init() {}

    /// The id that stands for all that belong together: the smallest of them, byte by byte.
    public func leader(of id: String) -> String { leader(ExactText(id)).text }

    private func leader(_ id: ExactText) -> ExactText {
        var id = id
        while let parent = parents[id] { id = parent }
        return id
    }

    /// Says that two folded ids belong together.
    public mutating func join(_ one: String, _ other: String) {
        let ids = [ExactText(one), ExactText(other)]
        let (a, b) = (leader(ids[0]), leader(ids[1]))
        if a == b { return }
        let (first, last) = a.text.utf8.lexicographicallyPrecedes(b.text.utf8) ? (a, b) : (b, a)
        parents[last] = first
        // The way up stays short: whoever was asked for points to the leader.
        for id in ids where id != first { parents[id] = first }
    }

    /// Adds the links that a database knows.
    ///
    /// - Throws: `DatabaseError`.
    public mutating func add(_ database: LogDatabase) throws {
        for pair in try Self.pairs(in: database) { join(pair.registration, pair.device) }
    }

    /// Pairs of different folded ids, as DPS logged them and as its exports say, in the order of their texts.
    ///
    /// - Throws: `DatabaseError`.
    public static func pairs(in database: LogDatabase) throws -> [(registration: String, device: String)] {
        let rows = try database.access.read { connection in
            try CheckedRow.all(connection, sql: pairs).map { ((try $0[0] as String), (try $0[1] as String)) }
        }
        return rows.map { ($0.lowercased(), $1.lowercased()) }.filter { $0.utf8.elementsEqual($1.utf8) == false }
    }

    private static let pairs = """
        SELECT r.folded AS registration, d.folded AS device
        FROM (SELECT DISTINCT identity, target FROM event WHERE target IS NOT NULL) e
        JOIN identity r ON r.id = e.identity
        JOIN identity d ON d.id = e.target
        WHERE r.folded <> d.folded
        UNION SELECT folded, device_id FROM registration_record WHERE device_id IS NOT NULL AND device_id <> registration_id
        UNION SELECT folded, device_id FROM enrollment WHERE kind = 'individual' AND device_id IS NOT NULL AND device_id <> name
        ORDER BY 1, 2
        """
}
