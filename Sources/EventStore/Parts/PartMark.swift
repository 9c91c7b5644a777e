public import GRDB

/// What a database says of itself: a part, a union of parts, or neither.
public enum PartMark {
    /// The part that a database is; nil for a whole one.
    ///
    /// - Throws: `DatabaseError`.
    public static func of(_ database: LogDatabase) throws -> PartNumber? {
        try database.access.read { connection in try PartMark.of(connection) }
    }

    /// The same on a connection, of a schema that is attached to it.
    public static func of(_ connection: Database, schema: String = "main") throws -> PartNumber? {
        try String.checkedOne(connection, sql: "SELECT value FROM \(schema).setting WHERE name = 'part'")
            .flatMap { PartNumber($0) }
    }

    /// Whether a database is a union of parts, whose events may stand elsewhere.
    public static func isMerged(_ connection: Database) throws -> Bool {
        try Bool.checkedOne(connection, sql: "SELECT EXISTS (SELECT 1 FROM setting WHERE name = 'merged')") ?? false
    }

    /// What a database is, as far as commands that change its events are concerned.
    private enum Kind {
        case empty, whole, union
        case part(PartNumber)
    }

    private static func kind(_ database: LogDatabase) throws -> Kind {
        try database.access.read { connection in
            if let part = try of(connection) { return .part(part) }
            if try isMerged(connection) { return .union }
            let hasFiles = try Bool.checkedOne(connection, sql: "SELECT EXISTS (SELECT 1 FROM file)") ?? false
            return hasFiles ? .whole : .empty
        }
    }

    /// Refuses to read logs, or whole databases, into one that is a part or a union of parts.
    ///
    /// - Throws: `StoreError`.
    public static func refuseLogs(_ database: LogDatabase) throws {
        switch try kind(database) {
        case .empty, .whole: return
        case .part(let part):
            throw StoreError(
                .failed,
                "\(database.path) is part \(part) of a fleet; read logs with `dpslens ingest --part \(part)`"
            )
        case .union:
            throw StoreError(
                .failed,
                "\(database.path) was united from parts; read logs into the parts and run `dpslens merge` again"
            )
        }
    }

    /// Refuses a database that may not become, or is not, a part.
    ///
    /// - Throws: `StoreError`.
    public static func check(_ database: LogDatabase, is part: PartNumber) throws {
        switch try kind(database) {
        case .empty: return
        case .part(let known):
            if known == part { return }
            throw StoreError(.failed, "\(database.path) is part \(known), not \(part); give another path with --db")
        case .whole, .union:
            throw StoreError(.failed, "\(database.path) holds a whole fleet; give part \(part) another path with --db")
        }
    }

    /// Refuses a database in which parts may not be united, since what it holds would be lost.
    ///
    /// - Throws: `StoreError`.
    public static func checkUnion(_ database: LogDatabase) throws {
        switch try kind(database) {
        case .empty, .union: return
        case .part(let part):
            throw StoreError(.failed, "\(database.path) is part \(part) itself; give another path with --db")
        case .whole:
            throw StoreError(
                .failed,
                "\(database.path) holds logs that were read into it, and is no union of parts; give another path with --db"
            )
        }
    }

    /// Says that what has arrived in a part so far is known to a union.
    ///
    /// - Throws: `DatabaseError`.
    public static func noteUnited(_ database: LogDatabase) throws {
        try database.access.write { try Revision.keepNight($0) }
    }
}
