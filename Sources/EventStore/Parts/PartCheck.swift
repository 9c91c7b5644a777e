import GRDB

/// Whether parts were cut by the links that they have now.
///
/// Ids that turned out to belong together after the parts were cut may stand in two of them; then neither part sees what the
/// other does, and would call a device silent that is not. It does not find an id that was put into the wrong part alone: that
/// is no harm, since all of its records are there.
public enum PartCheck {
    /// Refuses parts among which ids are scattered that belong together.
    ///
    /// - Parameter parts: the databases with what they derived, and which parts they are.
    /// - Throws: `StoreError` that names two such ids; `DatabaseError`.
    public static func links(_ parts: [(database: LogDatabase, number: PartNumber)]) throws {
        var links = DeviceLinks()
        var linked: Set<String> = []
        for part in parts {
            for pair in try DeviceLinks.pairs(in: part.database) {
                links.join(pair.registration, pair.device)
                linked.insert(pair.registration)
                linked.insert(pair.device)
            }
        }
        var places: [String: (id: String, part: PartNumber)] = [:]
        let ids = linked.sorted()
        for part in parts {
            for id in try part.database.access.read({ try known(ids, $0) }) {
                let leader = links.leader(of: id)
                guard let other = places[leader] else {
                    places[leader] = (id, part.number)
                    continue
                }
                if other.part == part.number { continue }
                throw StoreError(
                    .failed,
                    """
                    `\(other.id)` in part \(other.part) and `\(id)` in part \(part.number) belong together, as became known after \
                    the parts were cut; cut them anew: `dpslens split` takes parts as it takes readings (docs/parts.md)
                    """
                )
            }
        }
    }

    /// Those of some folded ids of which a part has records.
    private static func known(_ ids: [String], _ connection: Database) throws -> [String] {
        let seen = try PreparedStatement(
            connection,
            """
            SELECT 1 FROM identity i WHERE i.folded = ? AND (
                EXISTS (SELECT 1 FROM registration_total t WHERE t.registration = i.id)
                OR EXISTS (SELECT 1 FROM device_total t WHERE t.device = i.id)
            )
            """
        )
        return try ids.filter { id in
            seen.bind(1, id)
            defer { seen.reset() }
            return try seen.next()
        }
    }
}
