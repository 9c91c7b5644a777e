import Basics
import GRDB
import LogIngest
import Synchronization

/// Files whose dates leave the order of day and month open, until all other files of the run are in.
final class DeferredFiles: Sendable {
    /// A file, or a member of an archive.
    struct File: Sendable {
        /// The file on disk.
        var path: String
        /// What the ledger calls it: the path, or `archive!member`.
        var name: String
        /// What its times say.
        var survey: DateSurvey
        /// Whether it was read before, so that there is nothing to do while it stays undecided.
        var isKnown: Bool
    }

    private let files = Mutex<[File]>([])

    func add(_ file: File) { files.withLock { $0.append(file) } }

    /// The files so far.
    var all: [File] { files.withLock { $0 } }
}

/// What is to be done with files that were put off.
struct DeferredPlan: Sendable {
    /// The files on disk to go over again, in order.
    var paths: [String] = []
    /// What is read of them, by the ledger's name, with what was decided; nil for nothing.
    var names: [String: DateSurvey.Decision?] = [:]

    /// Decides by the days of which events are stored.
    ///
    /// Only events of files count whose dates needed no such guess, so that no guess rests on another, and the order in
    /// which files are decided does not matter.
    ///
    /// - Parameter files: what was put off, and what stayed undecided in earlier runs.
    static func make(_ files: [DeferredFiles.File], _ connection: Database) throws -> DeferredPlan {
        var plan = DeferredPlan()
        let isThere = """
            SELECT EXISTS(
                SELECT 1 FROM event e WHERE e.time >= ? AND e.time < ?
                    AND e.file NOT IN (SELECT id FROM file WHERE dates = 'neighbours'))
            """
        for file in files {
            let decision = try file.survey.agreeing(with: "the files read beside it") { number in
                let start = Int64(number) * Microseconds.day
                return try Bool.checkedOne(connection, sql: isThere, arguments: [start, start + Microseconds.day])
                    ?? false
            }
            if decision == nil, file.isKnown { continue }
            if !plan.paths.contains(file.path) { plan.paths.append(file.path) }
            plan.names[file.name] = .some(decision)
        }
        return plan
    }
}
