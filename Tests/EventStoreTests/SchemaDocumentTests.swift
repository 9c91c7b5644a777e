import GRDB
import TestSupport
import Testing

@testable import EventStore

@Suite struct SchemaDocumentTests {
    @Test func everyTableViewAndColumnIsDocumented() throws {
        let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
        let document = String(decoding: try TestFolder.read(root + "/docs/schema.md"), as: UTF8.self)
        let database = try LogDatabase.inMemory()
        let names = try database.access.read { connection in
            try String.fetchAll(
                connection,
                sql: """
                    SELECT DISTINCT name FROM (
                        SELECT name FROM sqlite_master WHERE type IN ('table', 'view')
                        UNION ALL
                        SELECT c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type IN ('table', 'view')
                    ) WHERE name NOT LIKE 'sqlite_%' AND name NOT LIKE 'grdb_%' ORDER BY name
                    """
            )
        }
        #expect(names.filter { !document.contains("`\($0)`") && $0 != "identifier" } == [])
    }
}
