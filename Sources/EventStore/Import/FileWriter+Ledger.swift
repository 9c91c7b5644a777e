import AzureLogs
import GRDB
import LogIngest

/// The row of a file in the ledger, from its beginning to its end.
extension FileWriter {
    /// The number that the next file gets.
    func nextFile(_ connection: Database) throws -> Int {
        try Int.checkedOne(connection.cachedStatement(sql: "SELECT coalesce(max(id), 0) + 1 FROM file")) ?? 1
    }

    /// Takes back what was said of older generations of a path: what could not be read there is no longer in the file.
    ///
    /// Standard input has no content of its own to be replaced: each reading of it stands for itself.
    func retire(_ path: String, _ connection: Database) throws {
        if path == "-" { return }
        let older = "SELECT id FROM file WHERE path = ?"
        try connection.executeKept(sql: "DELETE FROM reject WHERE file IN (\(older))", arguments: [path])
        if connection.changesCount > 0 { transaction.noteRejects() }
        try connection.executeKept(sql: "DELETE FROM ignored WHERE file IN (\(older))", arguments: [path])
        try connection.executeKept(sql: "DELETE FROM file_resource WHERE file IN (\(older))", arguments: [path])
        try connection.executeKept(
            sql: """
                UPDATE file SET lines = stored + duplicates, ignored = 0, rejected = 0, state = 'complete',
                    note = 'replaced by a newer generation'
                WHERE path = ?
                """,
            arguments: [path]
        )
    }

    /// Begins the row of a file.
    func insertFile(_ start: FileStart, _ connection: Database) throws {
        try retire(start.path, connection)
        try connection.executeKept(
            sql: """
                INSERT INTO file(id, path, generation, container, state, note, bytes_read, bytes_inflated, content, lines,
                    stored, duplicates, ignored, rejected, resume_offset, resume_line, copy_of)
                VALUES(?, ?, ?, '', 'reading', '', 0, 0, x'', 0, 0, 0, 0, 0, 0, 1, NULL)
                """,
            arguments: [file.id, start.path, start.generation]
        )
    }

    /// Ends the row of the current file, with the balance.
    ///
    /// The order matters: `recount` sets right what the UPDATE then adds to, `forgetRepetition` takes back what it wrote, and
    /// `add` tells the run of what was read, whatever the row says by then.
    func finish(_ end: FileEnd, _ connection: Database) throws {
        guard let start = file.start else { return }
        try noteEnding(end, connection)
        if start.resumed != nil { try recount(connection) }
        try connection.executeKept(
            sql: """
                UPDATE file SET container = ?, state = ?, note = ?, bytes_read = ?, bytes_inflated = ?, content = ?,
                    lines = lines + ?, stored = stored + ?, duplicates = duplicates + ?, ignored = ignored + ?,
                    rejected = rejected + ?, resume_offset = ?, resume_line = ?,
                    last_time = max(coalesce(last_time, ?), ?), first_time = min(coalesce(first_time, ?), ?),
                    disorder = max(coalesce(disorder, 0), ?), formats = ?, dates = ?, dates_why = ?
                WHERE id = ?
                """,
            arguments: [
                end.container, end.ending.state, end.ending.note, end.bytesRead, end.bytesInflated,
                DatabaseBytes.data(end.content), file.counts.lines, file.counts.stored, file.counts.duplicates,
                file.counts.ignored,
                file.counts.rejected, end.resumeOffset, end.resumeLine, file.lastTime, file.lastTime, file.firstTime,
                file.firstTime,
                file.disorder, end.formats.joined(separator: ", "), end.dates.basis.rawValue, end.dates.why, file.id,
            ]
        )
        try noteResources()
        try forgetRepetition(end, connection)
        if file.counts.duplicates > 0 {
            let own: Set = file.owners.mayHoldUncited() ? [file.id] : []
            try RawTextOwners.dropUncited(of: file.displaced.union(own), connection)
        }
        add(end)
        file.start = nil
        try endFile(connection)
        observer?.fileEnded()
    }

    /// Notes a file that was not read to its end.
    func noteEnding(_ end: FileEnd, _ connection: Database) throws {
        let reason: RejectReason
        switch end.ending {
        case .complete: return
        case .truncated: reason = .truncatedFile
        case .corrupt: reason = .corruptFile
        case .limit: reason = .fileLimit
        case .unreadable: reason = .unreadableFile
        }
        // Line 0: the file itself; it is no record and not part of the balance.
        try insert(
            Reject(line: 0, offset: end.bytesInflated, reason: reason.rawValue, detail: end.ending.note, sample: ""),
            connection
        )
    }

    /// Notes which hubs and DPS instances the file has records of, duplicates included.
    private func noteResources() throws {
        for context in file.contexts.sorted() {
            statements.resource.bind(1, Int64(file.id))
            statements.resource.bind(2, Int64(context))
            try statements.resource.run()
        }
    }

    /// Only after a stream was read is it known to repeat a file: then that file's rejects stand, and these go.
    ///
    /// Rejects of an older generation of the same path do not stand: they were taken back when this reading began.
    private func forgetRepetition(_ end: FileEnd, _ connection: Database) throws {
        // Compiled once for all files, of which a run may have thousands.
        let same = try connection.cachedStatement(
            sql: """
                SELECT id FROM file WHERE content = ?1 AND id <> ?2 AND copy_of IS NULL AND (path <> ?3 OR ?3 = '-')
                ORDER BY id LIMIT 1
                """
        )
        let known = try Int.checkedOne(
            same,
            arguments: [DatabaseBytes.data(end.content), file.id, file.start?.path ?? ""]
        )
        guard let known, file.start?.resumed == nil, file.counts.stored == 0 else { return }
        for table in ["reject", "ignored", "raw_block", "file_resource"] {
            try connection.execute(sql: "DELETE FROM \(table) WHERE file = ?", arguments: [file.id])
        }
        try connection.execute(
            sql: """
                UPDATE file SET lines = 0, duplicates = 0, ignored = 0, rejected = 0, copy_of = ? WHERE id = ?
                """,
            arguments: [known, file.id]
        )
    }

    /// After the provisional rejects of a grown file were taken back, its counts are those of what is left.
    private func recount(_ connection: Database) throws {
        let standing = try Int.checkedOne(
            connection,
            sql: "SELECT count(*) FROM reject WHERE file = ? AND line > 0",
            arguments: [file.id]
        )
        let kept = (standing ?? 0) - file.counts.rejected
        try connection.execute(
            sql: "UPDATE file SET lines = lines - (rejected - ?), rejected = ? WHERE id = ?",
            arguments: [kept, kept, file.id]
        )
    }

    private func add(_ end: FileEnd) {
        report.files += 1
        if end.ending != .complete { report.filesRejected += 1 }
        if case .unreadable = end.ending { report.filesUnreadable += 1 }
        report.lines += file.counts.lines
        report.stored += file.counts.stored
        report.duplicates += file.counts.duplicates
        report.ignored += file.counts.ignored
        report.rejected += file.counts.rejected
        report.bytesRead += end.bytesRead
        report.bytesInflated += end.bytesInflated
    }
}
