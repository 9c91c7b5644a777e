import GRDB
import Glibc
import TestSupport
import Testing

@testable import EventStore

@Suite struct LogDatabaseTests {
    @Test func aNewDatabaseIsForItsOwnerAlone() throws {
        let folder = try TestFolder()
        let path = folder.path + "/a.db"
        _ = try LogDatabase.open(path)
        var status = stat()
        #expect(stat(path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
    }

    @Test func aReadOnlyDatabaseCannotBeWritten() throws {
        let folder = try TestFolder()
        let path = folder.path + "/a.db"
        _ = try LogDatabase.open(path)
        let database = try LogDatabase.open(path, .readOnly)
        #expect(throws: (any Error).self) { try database.access.write { try $0.execute(sql: "DELETE FROM event") } }
    }

    @Test func whatIsNoDatabaseIsSaidSo() throws {
        let folder = try TestFolder()
        let path = try folder.write(String(repeating: "this is a text, not a database. ", count: 100), to: "a.db")
        let error = #expect(throws: StoreError.self) { try LogDatabase.open(path) }
        #expect(error?.code == .notADatabase)
    }

    @Test func aDatabaseOfANewerVersionIsNotTouched() throws {
        let folder = try TestFolder()
        let path = folder.path + "/a.db"
        let database = try LogDatabase.open(path)
        try database.access.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES('999')") }
        let error = #expect(throws: StoreError.self) { try LogDatabase.open(path) }
        #expect(error?.code == .newerVersion)
    }

    @Test func aFileThatIsNoLongerAtItsPathIsNoticed() throws {
        let folder = try TestFolder()
        let path = folder.path + "/a.db"
        let database = try LogDatabase.open(path)
        try database.checkPlace()
        try LogDatabase.open(path, .readOnly).checkPlace()
        try LogDatabase.inMemory().checkPlace()
        rename(path, path + ".away")
        #expect(throws: StoreError.self) { try database.checkPlace() }
        try folder.write("another file", to: "a.db")
        #expect(throws: StoreError.self) { try database.checkPlace() }
        rename(path + ".away", path)
        try database.checkPlace()
    }

    @Test func aMissingDatabaseIsNotMadeByReading() throws {
        let folder = try TestFolder()
        let error = #expect(throws: StoreError.self) { try LogDatabase.open(folder.path + "/none.db", .readOnly) }
        #expect(error?.code == .cannotOpen)
    }

    @Test func theSecondWriterIsToldWhoHoldsTheLock() throws {
        let folder = try TestFolder()
        let path = folder.path + "/a.db"
        let lock = try DatabaseLock(for: path, owner: "dpslens ingest")
        let error = #expect(throws: StoreError.self) { try DatabaseLock(for: path, owner: "another") }
        #expect(error?.code == .locked)
        #expect(error?.description.contains("process \(getpid())") == true)
        withExtendedLifetime(lock) {}
    }

    @Test func theLockIsFreeWhenItsHolderIsGone() throws {
        let folder = try TestFolder()
        let path = folder.path + "/a.db"
        do { _ = try DatabaseLock(for: path, owner: "first") }
        _ = try DatabaseLock(for: path, owner: "second")
    }

    @Test func everyTableIsStrict() throws {
        let database = try LogDatabase.inMemory()
        let loose = try database.access.read { connection in
            try String.fetchAll(
                connection,
                sql: "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0"
            )
        }
        #expect(loose.filter { !$0.hasPrefix("sqlite_") && !$0.hasPrefix("grdb_") } == [])
    }

    @Test func aQueryCannotChangeTheDatabase() throws {
        let database = try LogDatabase.inMemory()
        #expect(throws: StoreError.self) { try QueryRunner.run("DELETE FROM event", in: database) }
        #expect(throws: StoreError.self) { try QueryRunner.run("SELECT 1; SELECT 2", in: database) }
        #expect(throws: StoreError.self) { try QueryRunner.run("", in: database) }
        #expect(try QueryRunner.run("SELECT 1 AS a", in: database).rows == [[.integer(1)]])
    }

    /// A run that was killed while it made the file left a mark in it and a journal that takes it back.
    @Test func aDatabaseWhoseMakingWasTakenBackIsMarkedAnew() throws {
        let folder = try TestFolder()
        let path = folder.path + "/a.db"
        do {
            let queue = try DatabaseQueue(path: path)
            try queue.writeWithoutTransaction {
                try $0.execute(sql: "PRAGMA page_size = 16384; PRAGMA application_id = \(DatabaseFile.applicationId)")
            }
            try queue.close()
        }
        #expect(try TestFolder.read(path).count == 16384)
        // A journal of SQLite without pages, of a file that had none (https://www.sqlite.org/fileformat.html, section 3).
        var journal: [UInt8] = [0xD9, 0xD5, 0x05, 0xF9, 0x20, 0xA1, 0x63, 0xD7] + [UInt8](repeating: 0, count: 12)
        journal += [0, 0, 2, 0] + [0, 0, 0x40, 0]
        journal += [UInt8](repeating: 0, count: 512 - journal.count)
        try folder.write(journal, to: "a.db-journal")
        let database = try LogDatabase.open(path)
        let id = try database.access.read { try Int.checkedOne($0, sql: "PRAGMA application_id") }
        #expect(id == Int(DatabaseFile.applicationId))
        // In the file itself, where the next run looks for it, however this one ends.
        #expect(Array(try TestFolder.read(path)[68..<72]) == Array("dpsl".utf8))
    }
}
