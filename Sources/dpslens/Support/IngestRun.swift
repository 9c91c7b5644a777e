import EventStore
import Glibc
import LogIngest
import Reports

/// One ingest: the lock, the database, the files, the progress.
struct IngestRun {
    let paths: [String]
    let database: String
    let reading: ReadingOptions
    let quiet: Bool

    /// Reads the files.
    ///
    /// - Returns: the accounting, and the database with its lock still held.
    func perform() async throws -> (report: IngestReport, database: LogDatabase, lock: DatabaseLock) {
        let files = try InputFiles.list(paths)
        let lock = try DatabaseLock(
            for: database,
            owner: "dpslens ingest",
            now: TimeArgument.now(),
            waiting: reading.wait
        )
        let opened = try LogDatabase.open(database)
        let progress = ProgressLine(total: InputFiles.totalBytes(files), files: files.count, isShown: !quiet)
        let options = reading.ingest
        let clock = ContinuousClock()
        let began = clock.now
        var report = try await Interruption.cancelling {
            try await Importer.run(files, into: opened, options: options) { bytes, files in
                progress.add(bytes: bytes, files: files)
            }
        }
        progress.end()
        if !quiet, report.filesRejected > 0 { try warn(opened) }
        let took = began.duration(to: clock.now).components
        report.seconds = Double(took.seconds) + Double(took.attoseconds / 1_000_000_000_000_000) / 1000
        return (report, opened, lock)
    }

    /// Names files that could not be read to their end: nobody should learn of them from a number alone.
    private func warn(_ database: LogDatabase) throws {
        let sql = "SELECT path, note FROM files WHERE state <> 'complete' AND copy_of IS NULL ORDER BY id DESC LIMIT 10"
        for row in try QueryRunner.run(sql, in: database).rows {
            Standard.error("dpslens: \(TerminalText.safe(row[0].plain)): \(TerminalText.safe(row[1].plain))\n")
        }
    }
}
