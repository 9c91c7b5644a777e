import GRDB

/// The versions of the database's form, oldest first; a version once released is never edited.
enum SchemaMigrations {
    /// The migrator that brings a database to the form of this build.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            for sql in SchemaTables.all + SchemaViews.all {
                try database.execute(sql: sql)
            }
        }
        return migrator
    }
}
