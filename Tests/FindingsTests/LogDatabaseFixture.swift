import EventStore

/// Databases for tests.
enum LogDatabaseFixture {
    static func empty() throws -> LogDatabase { try LogDatabase.inMemory() }
}
