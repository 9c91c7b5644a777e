public import GRDB

/// The database of one fleet: opened, migrated and ready to be read or written.
public struct LogDatabase: Sendable {
    /// GRDB's access to the database; writes are serialised, reads see one snapshot.
    public let access: any DatabaseWriter

    /// Opens a database in memory, for tests and for rule cases.
    ///
    /// - Throws: `DatabaseError` if SQLite refuses.
    public static func inMemory() throws -> LogDatabase {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        let queue = try DatabaseQueue(configuration: configuration)
        try SchemaMigrations.migrator.migrate(queue)
        return LogDatabase(access: queue)
    }
}
