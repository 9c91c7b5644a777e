import AzureLogs
import GRDB
import LogIngest

/// Files without records of their own: known, unreadable, refused, and archives.
extension FileWriter {
    /// A file whose content is known: under its path, or under another.
    func unchanged(
        _ start: FileStart,
        _ copyOf: Int?,
        _ content: [UInt8],
        _ bytes: Int,
        _ connection: Database
    ) throws {
        report.files += 1
        report.filesUnchanged += 1
        report.bytesRead += bytes
        guard let copyOf, copyOf != 0 else { return }
        try transaction.open(connection)
        file = FileInHand()
        try connection.execute(
            sql: """
                INSERT INTO file(path, generation, container, state, note, bytes_read, bytes_inflated, content, lines,
                    stored, duplicates, ignored, rejected, resume_offset, resume_line, copy_of, formats, dates, dates_why)
                SELECT ?, ?, container, state, note, bytes_read, bytes_inflated, content, 0, 0, 0, 0, 0,
                    resume_offset, resume_line, coalesce(copy_of, id), formats, dates, dates_why
                FROM file WHERE id = ?
                """,
            arguments: [start.path, start.generation, copyOf]
        )
        try endFile(connection)
    }

    /// A file that could not be opened or read.
    func unreadable(_ start: FileStart, _ why: String, _ connection: Database) throws {
        report.files += 1
        report.filesRejected += 1
        report.filesUnreadable += 1
        try alone(start, connection) {
            try insert(
                Reject(line: 0, offset: 0, reason: RejectReason.unreadableFile.rawValue, detail: why, sample: ""),
                connection
            )
            try connection.execute(
                sql: "UPDATE file SET state = 'unreadable', note = ? WHERE id = ?",
                arguments: [why, file.id]
            )
        }
    }

    /// A file of a format that is not read: one reject, which the balance file.counts as a record.
    func refused(
        _ start: FileStart,
        _ format: RefusedFormat,
        _ bytes: Int,
        _ content: [UInt8],
        _ connection: Database
    ) throws {
        report.files += 1
        report.filesRejected += 1
        report.lines += 1
        report.rejected += 1
        report.bytesRead += bytes
        let reason = format.mayHoldLogs ? RejectReason.unsupportedFormat : .notALogFormat
        try alone(start, connection) {
            try insert(
                Reject(line: 0, offset: 0, reason: reason.rawValue, detail: format.detail, sample: ""),
                connection
            )
            try connection.execute(
                sql: """
                    UPDATE file SET container = 'unknown', state = 'unreadable', note = ?, bytes_read = ?, content = ?,
                        lines = 1, rejected = 1, formats = ?
                    WHERE id = ?
                    """,
                arguments: [format.detail, bytes, DatabaseBytes.data(content), format.name, file.id]
            )
        }
    }

    /// An archive after its members; what older generations said of members that are gone is taken back.
    func archive(_ start: FileStart, _ end: FileEnd, _ connection: Database) throws {
        report.files += 1
        if end.ending != .complete { report.filesRejected += 1 }
        report.bytesRead += end.bytesRead
        try alone(start, connection) {
            let prefix = FileReader.path(of: "", in: start.path)
            let gone = try String.checkedAll(
                connection,
                sql: "SELECT DISTINCT path FROM file WHERE substr(path, 1, ?) = ? AND id < ?",
                arguments: [prefix.unicodeScalars.count, prefix, firstMember]
            )
            let kept = Set(
                try String.checkedAll(
                    connection,
                    sql: "SELECT path FROM file WHERE substr(path, 1, ?) = ? AND id >= ?",
                    arguments: [prefix.unicodeScalars.count, prefix, firstMember]
                )
            )
            for path in gone where !kept.contains(path) { try retire(path, connection) }
            try noteEnding(end, connection)
            try connection.execute(
                sql: """
                    UPDATE file SET container = ?, state = ?, note = ?, bytes_read = ?, bytes_inflated = ?, content = ?,
                        formats = ?
                    WHERE id = ?
                    """,
                arguments: [
                    end.container, end.ending.state, end.ending.note, end.bytesRead, end.bytesInflated,
                    DatabaseBytes.data(end.content), end.formats.joined(separator: ", "), file.id,
                ]
            )
        }
    }

    /// A file without records of its own.
    private func alone(_ start: FileStart, _ connection: Database, _ body: () throws -> Void) throws {
        try transaction.open(connection)
        file = FileInHand()
        file.id = try nextFile(connection)
        try insertFile(start, connection)
        paths[file.id] = start.path
        try body()
        try endFile(connection)
    }
}
