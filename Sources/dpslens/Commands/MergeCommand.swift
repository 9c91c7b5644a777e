import ArgumentParser
import Correlation
import EventStore
import Glibc
import LogIngest
import Reports

/// Brings the databases of parts, or of several readings, into one.
struct MergeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Unite the databases of parts, or of several readings, in one.",
        discussion: """
            Parts of one fleet (`ingest --part`, `split`): what they derived is united, and what no part can know alone is settled.
            All parts must be given. Nights and suppressions that the database knows stay.
            Whole databases: their events are united, as if one run had read all files; with --part, those of one part.

            Examples:
              dpslens merge parts/ --db fleet.db
              dpslens merge monday.db tuesday.db --db week.db
              dpslens merge shards/*/part-00002.db --part 2/8 --db parts/part-00002.db
            """
    )

    @Argument(help: "Databases, or folders with files *.db.")
    var sources: [String]

    @OptionGroup var database: DatabaseOption
    @OptionGroup var partOptions: PartOptions

    @Flag(
        name: .long,
        help: "Leave the events in the parts: `device` then shows no timeline, and rules about contacts fall silent."
    )
    var withoutEvents = false

    @Flag(
        name: .long,
        help: "With --part: a union has the part as it is, as when the part is a copy of what was united."
    )
    var united = false

    @OptionGroup var lock: LockOption

    @OptionGroup var screen: ScreenOptions

    func validate() throws {
        if united, partOptions.text == nil { throw ValidationError("--united goes with --part.") }
    }

    func run() async throws {
        try await Failure.reporting {
            let paths = try PartFiles.list(sources)
            let target = try DatabaseLock(
                for: database.path,
                owner: "dpslens merge",
                now: TimeArgument.now(),
                waiting: lock.seconds
            )
            defer { withExtendedLifetime(target) {} }
            let parts = try paths.map { try PartFiles.part(of: $0) }
            let opened = try LogDatabase.open(database.path)
            try PartFiles.refuse(database.path, among: paths)
            if let part = try partOptions.part() {
                try PartMark.check(opened, is: part)
                if united { try PartMark.noteUnited(opened) }
                try take(paths, parts, part, into: opened)
                try opened.checkPlace()
            } else if parts.allSatisfy({ $0 == nil }) {
                try PartMark.refuseLogs(opened)
                for path in paths { try EventUnion.take(path, part: nil, links: DeviceLinks(), into: opened) }
                try EventUnion.settleLedger(opened)
                try opened.checkPlace()
                try say("\(paths.count) databases united in \(database.path)")
            } else {
                let ordered = try Self.whole(paths, parts)
                try PartMark.checkUnion(opened)
                for path in ordered { try PartFiles.bringUp(path) }
                try PartCheck.links(
                    ordered.enumerated().compactMap { number, path in
                        try PartNumber(number, of: ordered.count).map { (try LogDatabase.open(path, .readOnly), $0) }
                    }
                )
                try PartUnion.unite(ordered, withEvents: !withoutEvents, into: opened)
                try opened.checkPlace()
                // Only now: a run that fails here tells the next one of the same records once more.
                for path in ordered { try PartMark.noteUnited(LogDatabase.open(path)) }
                try say("\(ordered.count) parts united in \(database.path)")
            }
        }
    }

    /// One part of whole databases, or of shards of this very part.
    private func take(_ paths: [String], _ parts: [PartNumber?], _ part: PartNumber, into opened: LogDatabase) throws {
        for (path, known) in zip(paths, parts) {
            if let known, known != part { throw StoreError(.failed, "\(path) is part \(known), not \(part)") }
        }
        var links = try partOptions.links.links()
        for (path, known) in zip(paths, parts) where known == nil { try links.add(LogDatabase.open(path, .readOnly)) }
        for path in paths { try EventUnion.take(path, part: part, links: links, into: opened) }
        _ = try Correlator.rebuild(opened)
        try say("part \(part) of \(paths.count) databases in \(database.path)")
    }

    private func say(_ text: String) throws {
        if !screen.quiet { Standard.say(text) }
    }

    /// The parts in the order of their numbers, if they are all of one fleet.
    private static func whole(_ paths: [String], _ parts: [PartNumber?]) throws -> [String] {
        var byNumber: [PartNumber: String] = [:]
        for (path, part) in zip(paths, parts) {
            guard let part else { throw StoreError(.failed, "\(path) is no part, and others are; merge them apart") }
            if let other = byNumber[part] { throw StoreError(.failed, "\(path) and \(other) are both part \(part)") }
            byNumber[part] = path
        }
        let counts = Set(byNumber.keys.map(\.count))
        guard counts.count == 1, let count = counts.first else {
            throw StoreError(
                .failed,
                "the parts are of different splits: \(counts.sorted().map { "K/\($0)" }.joined(separator: ", "))"
            )
        }
        let missing = (0..<count).compactMap { PartNumber($0, of: count) }.filter { byNumber[$0] == nil }
        guard missing.isEmpty else {
            throw StoreError(.failed, "parts are missing: \(missing.map(\.description).joined(separator: ", "))")
        }
        return byNumber.sorted { $0.key.number < $1.key.number }.map(\.value)
    }
}
