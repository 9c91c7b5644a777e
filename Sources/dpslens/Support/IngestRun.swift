import Correlation
import EventStore
import Findings
import Glibc
import LogIngest
import Reports

/// One ingest: the lock, the database, the files, the progress.
struct IngestRun {
    let paths: [String]
    let database: String
    let reading: ReadingOptions
    let quiet: Bool
    /// How many seconds another writer is waited for.
    let wait: Int
    /// Whether the events are to be swept while they are stored, where that can be.
    var isAnalysed = false
    /// Whether nobody chose the database.
    var isDefaultDatabase = false
    /// Gives files other names in the ledger; nil for their paths.
    var name: (@Sendable (String) -> String)?

    /// What a run leaves.
    struct Outcome {
        /// The accounting.
        var report: IngestReport
        var database: LogDatabase
        /// Held as long as this is.
        var lock: DatabaseLock
        var sweep: LiveSweep?
        /// What a reader of a report must know before anything else.
        var notes: [String]
    }

    /// Reads the files.
    func perform() async throws -> Outcome {
        let files = try InputFiles.list(paths)
        let lock = try DatabaseLock(
            for: database,
            owner: "dpslens ingest",
            now: TimeArgument.now(),
            waiting: wait
        )
        let opened = try LogDatabase.open(database)
        let notes = isDefaultDatabase ? try FleetNames.note(files, database, opened, reading.ingest) : []
        for note in notes { Standard.say(note) }
        let progress = ProgressLine(total: InputFiles.totalBytes(files), files: files.count, isShown: !quiet)
        var options = reading.ingest
        options.name = name
        let clock = ContinuousClock()
        let began = clock.now
        let sweep = isAnalysed ? try beginSweep(opened, files) : nil
        var report = IngestReport()
        do {
            report = try await Importer.run(files, into: opened, options: options, observer: sweep) { bytes, files in
                progress.add(bytes: bytes, files: files)
            }
            progress.end()
            if !quiet, report.filesRejected > 0 { try warn(opened) }
        } catch {
            sweep?.discard()
            throw error
        }
        let took = began.duration(to: clock.now).components
        report.seconds = Double(took.seconds) + Double(took.attoseconds / 1_000_000_000_000_000) / 1000
        return Outcome(report: report, database: opened, lock: lock, sweep: sweep, notes: notes)
    }

    private func beginSweep(_ database: LogDatabase, _ files: [String]) throws -> LiveSweep? {
        Leftovers.add(ScratchDatabase.path(beside: self.database))
        let lastTime = files.last.flatMap { FirstTimestamp.latestTime(of: $0, options: reading.ingest) }
        let parameters = try JudgingParameters.kept(in: database)
        return try LiveSweep.begin(database, configuration: parameters.correlation, lastTime: lastTime)
    }

    /// Names files that could not be read to their end: nobody should learn of them from a number alone.
    private func warn(_ database: LogDatabase) throws {
        let sql = "SELECT path, note FROM files WHERE state <> 'complete' AND copy_of IS NULL ORDER BY id DESC LIMIT 10"
        for row in try QueryRunner.run(sql, in: database).rows {
            Standard.say("\(row[0].plain): \(row[1].plain)")
        }
    }
}
