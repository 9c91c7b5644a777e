import GRDB

/// Keeps raw texts once: a block stays only where a line in it is what an event is cited by.
///
/// What is delivered again is known only after its texts were kept, so they are looked at when a file ends that brought
/// something known. A block that holds one cited line stays whole.
enum RawTextOwners {
    /// Removes the blocks of files of which no event is cited any more.
    static func dropUncited(of files: Set<Int>, _ connection: Database) throws {
        for file in files.sorted() {
            let blocks = try Row.fetchAll(
                connection,
                sql: "SELECT first_line, last_line FROM raw_block WHERE file = ? ORDER BY first_line",
                arguments: [file]
            )
            if blocks.isEmpty { continue }
            // The file's own times bound the search: events have no index by their file.
            let cited = try Int.fetchAll(
                connection,
                sql: """
                    SELECT e.line FROM file f CROSS JOIN event e ON e.time BETWEEN f.first_time AND f.last_time
                    WHERE f.id = ? AND e.file = f.id ORDER BY e.line
                    """,
                arguments: [file]
            )
            var next = 0
            for block in blocks {
                let (first, last): (Int, Int) = (block[0], block[1])
                while next < cited.count, cited[next] < first { next += 1 }
                if next < cited.count, cited[next] <= last { continue }
                try connection.execute(
                    sql: "DELETE FROM raw_block WHERE file = ? AND first_line = ?",
                    arguments: [file, first]
                )
            }
        }
    }
}
