import GRDB
import Glibc
import LogIngest

/// What the ledger knows of a file's latest generation.
struct LedgerEntry: Sendable {
    var id: Int
    var path: String
    var generation: Int
    var container: String
    var bytesRead: Int
    var content: [UInt8]
    var resumeOffset: Int
    var resumeLine: Int
    /// What decided the order of its dates, see `FileDates.Basis`.
    var dates = ""

    /// What the ledger knows of files that a run may need, the latest generation of each path last.
    ///
    /// These are files of the same name, members of archives of that name, files as long as one of them (a copy is
    /// found by its content), and files whose dates stayed open. A night reads some hundred files beside a ledger of
    /// many thousand, so the others are passed over.
    ///
    /// - Parameters:
    ///   - paths: what is to be read, `-` for standard input.
    ///   - options: what the ledger calls them, and whether known contents are read again.
    static func concerning(_ paths: [String], _ options: IngestOptions, _ database: Database) throws -> [LedgerEntry] {
        var names = Set<ExactText>(minimumCapacity: paths.count)
        var sizes: Set<Int> = []
        for path in paths {
            names.insert(ExactText(options.name?(path) ?? path))
            if path == "-" || options.readsAgain { continue }
            if let status = InputFiles.status(path) { sizes.insert(Int(status.st_size)) }
        }
        let rows = try PreparedStatement(
            database,
            """
            SELECT path, bytes_read, dates, id, generation, container, content, resume_offset, resume_line FROM file
            """
        )
        var found: [LedgerEntry] = []
        while try rows.next() {
            let path = rows.text(0)
            let bytesRead = Int(rows.integer(1))
            let dates = rows.text(2)
            let isNeeded =
                sizes.contains(bytesRead) || dates == FileDates.Basis.undecided.rawValue
                || names.contains(ExactText(path)) || isMember(path, of: names)
            if !isNeeded { continue }
            found.append(
                LedgerEntry(
                    id: Int(rows.integer(3)),
                    path: path,
                    generation: Int(rows.integer(4)),
                    container: rows.text(5),
                    bytesRead: bytesRead,
                    content: rows.bytes(6),
                    resumeOffset: Int(rows.integer(7)),
                    resumeLine: Int(rows.integer(8)),
                    dates: dates
                )
            )
        }
        return found.sorted { one, other in
            // By their bytes: to Swift, texts of other bytes can be equal.
            if one.path.utf8.elementsEqual(other.path.utf8) { return one.generation < other.generation }
            return one.path.utf8.lexicographicallyPrecedes(other.path.utf8)
        }
    }

    /// Whether a path is that of a member, at any depth, of an archive of one of the names.
    private static func isMember(_ path: String, of names: Set<ExactText>) -> Bool {
        path.utf8.indices.contains { index in
            path.utf8[index] == FileReader.memberMark && names.contains(ExactText(String(path[..<index])))
        }
    }
}
