import AzureLogs
import GRDB

/// The versions of the database's form, oldest first; a version once released is never edited.
enum SchemaMigrations {
    /// The migrator that brings a database to the form of this build.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            for sql in SchemaTables.first { try database.execute(sql: sql) }
        }
        migrator.registerMigration("2") { database in
            try database.execute(sql: SchemaTables.linkedHubs)
            try database.execute(sql: SchemaHistory.tables)
            try database.execute(sql: "ALTER TABLE file ADD COLUMN last_time INTEGER")
            // What is derived is made again by the newest version alone.
        }
        migrator.registerMigration("3") { database in try renewDerived(database) }
        migrator.registerMigration("4") { database in
            try database.execute(sql: SchemaTables.placesOfRejects)
            try renewDerived(database)
        }
        // A file's content is looked for among all that were read, once a file.
        migrator.registerMigration("contents") { database in
            try database.execute(sql: "CREATE INDEX file_content ON file(content)")
        }
        migrator.registerMigration("formats") { database in
            try database.execute(sql: SchemaTables.formatsOfFiles)
            try renewDerived(database)
        }
        migrator.registerMigration("nights") { database in try database.execute(sql: SchemaHistory.nights) }
        // Views took the names of the glossary; what is derived follows the rules of this build.
        migrator.registerMigration("glossary") { database in try renewDerived(database) }
        // The contacts of devices to look at are kept device by device.
        migrator.registerMigration("runs") { database in try renewDerived(database) }
        // Contexts say what stands behind a failure, and runs of failures are derived once.
        migrator.registerMigration("failures") { database in
            try database.execute(sql: "ALTER TABLE context ADD COLUMN failure TEXT")
            try classifyFailures(database)
            try renewDerived(database)
        }
        migrator.registerMigration("raw blocks") { database in
            try database.execute(sql: SchemaTables.rawBlocksInPages)
        }
        // Views that rules read elsewhere as well: a column more, and no join with a condition of its own.
        migrator.registerMigration("portable") { database in try renewViews(database) }
        migrator.registerMigration("anchors") { database in try database.execute(sql: SchemaHistory.anchors) }
        migrator.registerMigration("parts") { database in try database.execute(sql: SchemaTables.parts) }
        // Failures that name no reason and upgrades of the service have classes of their own; coverage says what it tells of.
        migrator.registerMigration("categories") { database in
            try classifyFailures(database)
            try renewDerived(database)
        }
        // Devices have the time of their first refusal.
        migrator.registerMigration("first refusals") { database in try renewDerived(database) }
        return migrator
    }

    /// Says of every context what stands behind its failure, by the classes of this build.
    private static func classifyFailures(_ database: Database) throws {
        let update = try database.makeStatement(sql: "UPDATE context SET failure = ? WHERE id = ?")
        let columns = "id, kind, outcome, code, error_message, result_description, attestation"
        for row in try CheckedRow.all(database, sql: "SELECT \(columns) FROM context WHERE outcome <> ''") {
            let failure = try FailureClass.of(
                EventKind(rawValue: row[1]) ?? .other,
                outcome: EventOutcome(rawValue: row[2]) ?? .other,
                code: row[3] ?? 0,
                texts: [row[4], row[5]],
                attestation: row[6]
            )
            if let failure { try update.execute(arguments: [failure.rawValue, try row[0] as Int]) }
        }
    }

    /// Makes views and derived tables again: they follow from the events, which stay.
    private static func renewDerived(_ database: Database) throws {
        try dropViews(database)
        for table in DerivedTables.names { try database.execute(sql: "DROP TABLE IF EXISTS \(table)") }
        try database.execute(sql: "DELETE FROM setting WHERE name IN ('derived', 'findings')")
        for sql in SchemaDerived.all + SchemaViews.all { try database.execute(sql: sql) }
    }

    /// Makes the views again; the tables stay as they are.
    private static func renewViews(_ database: Database) throws {
        try dropViews(database)
        for sql in SchemaViews.all { try database.execute(sql: sql) }
    }

    private static func dropViews(_ database: Database) throws {
        for view in try String.checkedAll(database, sql: "SELECT name FROM sqlite_master WHERE type = 'view'") {
            try database.execute(sql: "DROP VIEW \(view)")
        }
    }
}
