public import GRDB

/// Brings the ledger of an attached database into the open one: files with their rejects, and what exports of DPS said.
public enum LedgerUnion {
    private static let columns = """
        container, state, note, bytes_read, bytes_inflated, content, lines, stored, duplicates, ignored, rejected,
        resume_offset, resume_line, formats, dates, dates_why, last_time, first_time, disorder
        """

    /// What came of it.
    public struct Outcome: Sendable {
        /// Whether exports of DPS said something new.
        public var hasNewExports = false
        /// Whether there are files that were not known.
        public var hasNewFiles = false
    }

    /// Takes all files, and makes the table `map_file` from the attached ids to those of the open database.
    ///
    /// There `is_copy` is 1 for a file whose content is that of another one, `is_new` for one that was not known, or known with
    /// other content. Of files with one content, that with the smallest path is the original, in whatever order they come.
    ///
    /// - Parameter countsExports: whether what several exports say is accounted for here; in one of the parts, since all have it.
    /// - Throws: `DatabaseError`.
    public static func take(_ connection: Database, countsExports: Bool) throws -> Outcome {
        var outcome = Outcome()
        try connection.execute(
            sql: """
                CREATE TEMP TABLE IF NOT EXISTS map_file(
                    source INTEGER PRIMARY KEY, id INTEGER NOT NULL, is_copy INTEGER NOT NULL, is_new INTEGER NOT NULL
                );
                DELETE FROM temp.map_file;
                """
        )
        let files = try CheckedRow.all(
            connection,
            sql: "SELECT id, path, generation, hex(content), copy_of FROM source.file ORDER BY id"
        )
        for row in files {
            let (id, path, generation): (Int64, String, Int) = (try row[0], try row[1], try row[2])
            let (content, copyOf): (String, Int64?) = (try row[3], try row[4])
            // 1. The same file, read before: as it was, or grown since.
            if let known = try CheckedRow.one(
                connection,
                sql: "SELECT id, hex(content), copy_of FROM main.file WHERE path = ? AND generation = ?",
                arguments: [path, generation]
            ) {
                let number: Int64 = try known[0]
                let isKnown = try known[1] == content
                try map(id, number, isCopy: (try known[2] as Int64?) != nil, isNew: !isKnown, connection)
                if isKnown { continue }
                outcome.hasNewFiles = true
                try replace(number, by: id, connection)
                continue
            }
            // 2. Another path. Its content may be known from another file of either database.
            outcome.hasNewFiles = true
            let sameContent =
                copyOf == nil
                ? try Int64.checkedOne(
                    connection,
                    sql:
                        """
                        SELECT m.id FROM main.file m JOIN source.file s ON s.content = m.content
                        WHERE s.id = ? AND length(s.content) > 0 AND m.copy_of IS NULL LIMIT 1
                        """,
                    arguments: [id]
                )
                : try Int64.checkedOne(
                    connection,
                    sql: "SELECT id FROM temp.map_file WHERE source = ?",
                    arguments: [copyOf]
                )
            let original = try sameContent.map { file in
                try Int64.checkedOne(
                    connection,
                    sql: "SELECT coalesce(copy_of, id) FROM main.file WHERE id = ?",
                    arguments: [file]
                )
            }
            if let original = original ?? nil, copyOf == nil,
                try swapPaths(original, with: id, path, generation, connection)
            {
                continue
            }
            try connection.execute(
                sql: """
                    INSERT INTO main.file(path, generation, \(columns), copy_of)
                    SELECT path, generation, \(columns), ? FROM source.file WHERE id = ?
                    """,
                arguments: [original ?? nil, id]
            )
            let number = connection.lastInsertedRowID
            try map(id, number, isCopy: original != nil, isNew: true, connection)
            if original == nil {
                try takeRows(of: id, to: number, connection)
            } else {
                try empty(number, connection)
            }
        }
        outcome.hasNewExports = try takeExports(connection, isCounting: countsExports)
        return outcome
    }

    private static func map(
        _ source: Int64,
        _ id: Int64,
        isCopy: Bool,
        isNew: Bool,
        _ connection: Database
    ) throws {
        try connection.execute(
            sql: "INSERT INTO temp.map_file(source, id, is_copy, is_new) VALUES(?, ?, ?, ?)",
            arguments: [source, id, isCopy, isNew]
        )
    }

    /// Puts what the attached database knows of a file in the place of what is known here, where it had less in it.
    private static func replace(_ id: Int64, by source: Int64, _ connection: Database) throws {
        for table in ["reject", "ignored", "file_resource", "part_repetition"] {
            try connection.execute(sql: "DELETE FROM main.\(table) WHERE file = ?", arguments: [id])
        }
        try connection.execute(
            sql: """
                UPDATE main.file SET (\(columns)) = (SELECT \(columns) FROM source.file WHERE id = ?), copy_of = NULL
                WHERE id = ?
                """,
            arguments: [source, id]
        )
        try takeRows(of: source, to: id, connection)
    }

    private static func takeRows(of source: Int64, to id: Int64, _ connection: Database) throws {
        for table in ["reject", "ignored", "file_resource"] {
            let names = try connection.columns(in: table).map(\.name).filter { $0 != "file" }.joined(separator: ", ")
            try connection.execute(
                sql: """
                    INSERT OR IGNORE INTO main.\(table)(file, \(names)) SELECT ?, \(names) FROM source.\(table) WHERE file = ?
                    """,
                arguments: [id, source]
            )
        }
    }

    /// Gives the path of an arriving file to the one here that has the same content, if it is the smaller of both; the other
    /// path becomes that of the copy.
    ///
    /// - Returns: whether it did; else the arriving file is the copy.
    private static func swapPaths(
        _ original: Int64,
        with source: Int64,
        _ path: String,
        _ generation: Int,
        _ connection: Database
    ) throws -> Bool {
        guard
            let known = try CheckedRow.one(
                connection,
                sql: "SELECT path, generation FROM main.file WHERE id = ? AND path > ?",
                arguments: [original, path]
            )
        else { return false }
        try connection.execute(
            sql: "UPDATE main.file SET path = ?, generation = ? WHERE id = ?",
            arguments: [path, generation, original]
        )
        try connection.execute(
            sql: """
                INSERT INTO main.file(path, generation, \(columns), copy_of)
                SELECT ?, ?, \(columns), ? FROM source.file WHERE id = ?
                """,
            arguments: [try known[0] as String, try known[1] as Int, original, source]
        )
        try empty(connection.lastInsertedRowID, connection)
        try map(source, original, isCopy: false, isNew: false, connection)
        return true
    }

    /// A copy counts nothing.
    private static func empty(_ copy: Int64, _ connection: Database) throws {
        try connection.execute(
            sql: """
                UPDATE main.file SET lines = 0, stored = 0, duplicates = 0, ignored = 0, rejected = 0,
                    first_time = NULL, last_time = NULL, disorder = NULL
                WHERE id = ?
                """,
            arguments: [copy]
        )
    }

    /// Takes what exports of DPS say; what two of them say alike is cited by the smaller path.
    private static func takeExports(_ connection: Database, isCounting: Bool) throws -> Bool {
        var isNew = false
        for table in ["registration_record", "enrollment", "linked_hub"] {
            let isSmaller = """
                (SELECT path FROM main.file WHERE id = f.id) < (SELECT path FROM main.file WHERE id = m.file)
                """
            let met = """
                main.\(table) m JOIN source.\(table) s ON s.hash = m.hash
                JOIN temp.map_file f ON f.source = s.file AND f.id <> m.file AND f.is_copy = 0
                """
            if isCounting {
                try connection.execute(
                    sql: """
                        INSERT INTO main.part_repetition(file, records)
                        SELECT CASE WHEN \(isSmaller) THEN m.file ELSE f.id END, count(*) FROM \(met)
                        WHERE f.is_new = 1 GROUP BY 1
                        ON CONFLICT(file) DO UPDATE SET records = records + excluded.records
                        """
                )
            }
            try connection.execute(
                sql: """
                    UPDATE main.\(table) AS t SET (file, line) = (u.id, u.line)
                    FROM (SELECT m.hash, f.id, s.line FROM \(met) WHERE \(isSmaller)) u WHERE u.hash = t.hash
                    """
            )
            let names = try connection.columns(in: table).map(\.name).filter { $0 != "file" }
            let values = names.map { "s.\($0)" }.joined(separator: ", ")
            try connection.execute(
                sql: """
                    INSERT OR IGNORE INTO main.\(table)(file, \(names.joined(separator: ", ")))
                    SELECT f.id, \(values) FROM source.\(table) s JOIN temp.map_file f ON f.source = s.file
                    """
            )
            if connection.changesCount > 0 { isNew = true }
        }
        return isNew
    }
}
