import AzureLogs
import Basics
import EventStore
import GRDB
import LogIngest

/// Finds the times that rejected records and unreadable files make doubtful.
///
/// A record belongs to its own time where that can still be read and agrees with its neighbours, else to the time between
/// the readable records around it in the file; how far the file's records are out of order is added on both sides. What
/// this does not see: records that were lost without a trace.
struct DoubtLoader {
    private let instances: Instances
    private let identities: IdentityNames
    private let files: [KnownFile]
    /// The names of the instances by their service, so that paths can be told to name one.
    private let known: [String: Set<String>]
    /// With how many of the last doubts of a file a new one is compared: rejects that follow each other mostly say the same.
    private static let mergedWith = 4

    /// What was read of a file.
    private struct KnownFile {
        var id: Int
        var path: String
        var state: String
        /// What it was taken for, if that is not read.
        var refused: RefusedFormat?
        var container: String
        var first: Int64?
        var last: Int64?
        var disorder: Int64
        var resumeOffset: Int
        /// Whether it holds exports of DPS and no log records.
        var isExport: Bool
        /// The numbers of the instances whose records it holds, 0 for one that is not named.
        var resources: [(service: String, instance: Int)]
    }

    /// A record that could not be read.
    private struct Rejected {
        var line: Int
        var offset: Int
        var reason: String
        var time: Int64?
        var resource: String?
        var category: String?
        var identity: String?
        var previous: Int64?
        var next: Int64?
    }

    /// How far a record's own time may lie outside of its neighbours' and still be trusted, in microseconds: logs are
    /// written within a quarter of an hour.
    private static let tolerance: Int64 = 15 * Microseconds.minute

    /// All doubts of a database, in total order.
    ///
    /// - Parameter coverage: the hours that were read.
    static func load(_ instances: Instances, _ coverage: Coverage, _ database: Database) throws -> [Doubt] {
        let isWhole =
            try Bool.checkedOne(
                database,
                sql: """
                    SELECT NOT EXISTS (SELECT 1 FROM reject)
                        AND NOT EXISTS (SELECT 1 FROM file WHERE state <> 'complete' AND copy_of IS NULL)
                    """
            ) ?? true
        if isWhole { return [] }
        return try DoubtLoader(instances, database).doubts(coverage, database)
    }

    private init(_ instances: Instances, _ database: Database) throws {
        self.instances = instances
        identities = IdentityNames(database)
        var known: [String: Set<String>] = [:]
        for entry in instances.names.dropFirst() { known[entry.service, default: []].insert(entry.name) }
        self.known = known
        files = try Self.files(instances, database)
    }

    private static func files(_ instances: Instances, _ database: Database) throws -> [KnownFile] {
        var resources: [Int: [(service: String, instance: Int)]] = [:]
        for row in try CheckedRow.all(
            database,
            sql: "SELECT file, service, instance FROM file_resource ORDER BY 1, 2, 3"
        ) {
            let service: String = try row[1]
            resources[try row[0], default: []].append((service, instances.number(service, try row[2])))
        }
        let columns = """
            SELECT id, path, state, formats, container, first_time, last_time, disorder, resume_offset, stored + duplicates
            FROM file WHERE copy_of IS NULL ORDER BY id
            """
        return try CheckedRow.all(database, sql: columns).map { row in
            // Before the first event the ledger has the ends of the range of numbers.
            let first = try (row[5] as EndlessInteger?)?.value
            let last = try (row[6] as EndlessInteger?)?.value
            return try KnownFile(
                id: row[0],
                path: row[1],
                state: row[2],
                refused: RefusedFormat.named(row[3]),
                container: row[4],
                first: first,
                last: last,
                disorder: row[7] ?? 0,
                resumeOffset: row[8],
                isExport: first == nil && last == nil && (row[9] as Int) > 0,
                resources: resources[row[0]] ?? []
            )
        }
    }

    private func doubts(_ coverage: Coverage, _ database: Database) throws -> [Doubt] {
        var all: [Doubt] = []
        let rejects = try PreparedStatement(
            database,
            """
            SELECT line, offset, reason, time, resource, category, identity, previous_time, next_time FROM reject
            WHERE file = ? ORDER BY line, offset
            """
        )
        for file in files where file.refused?.leavesTimesOpen != false {
            let path = PathPlace(file.path, known: known)
            if !path.mayShowDevices { continue }
            var isUnplaced = file.first == nil && file.state != "complete"
            var found: [Doubt] = []
            rejects.bind(1, Int64(file.id))
            while try rejects.next() {
                let reject = Self.rejected(rejects)
                // A reject of the file as a whole: its state says it below.
                if reject.line == 0 { continue }
                if file.first == nil, reject.time == nil, reject.previous == nil, reject.next == nil, !file.isExport {
                    // Nothing in the file tells of its time: it is as if none of it had been read.
                    isUnplaced = true
                    continue
                }
                for doubt in try doubts(of: reject, in: file, path) {
                    let isKnown = found.indices.suffix(Self.mergedWith).contains { found[$0].merge(doubt) }
                    if !isKnown { found.append(doubt) }
                }
            }
            if isUnplaced {
                found += whole(file, path, coverage)
            } else if file.state != "complete", let last = file.last {
                found += scopes(nil, in: file, path).map { ending($0, behind: last, file) }
            }
            all += found
        }
        return all
    }

    private static func rejected(_ row: PreparedStatement) -> Rejected {
        func text(_ column: Int32) -> String? { row.isNull(column) ? nil : row.text(column) }
        func integer(_ column: Int32) -> Int64? { row.isNull(column) ? nil : row.integer(column) }
        return Rejected(
            line: Int(row.integer(0)),
            offset: Int(row.integer(1)),
            reason: row.text(2),
            time: integer(3),
            resource: text(4),
            category: text(5),
            identity: text(6),
            previous: integer(7),
            next: integer(8)
        )
    }

    // MARK: One record

    /// Whom a record may tell of; `instance` is 0 for any of the service.
    private typealias Scope = (service: String, instance: Int)

    private func doubts(of reject: Rejected, in file: KnownFile, _ path: PathPlace) throws -> [Doubt] {
        if file.isExport {
            // Of what DPS knows a part is missing, whatever the time.
            return [Doubt(service: "export", file: file.id, line: reject.line)]
        }
        // A line at the end that may yet grow is what a cut leaves.
        let isGrowing =
            file.container == "lines" && reject.reason == RejectReason.truncatedRecord.rawValue && file.resumeOffset > 0
            && reject.offset >= file.resumeOffset
        var found: [Doubt] = []
        for scope in scopes(reject, in: file, path) {
            var doubt = Doubt(service: scope.service, instance: scope.instance, file: file.id, line: reject.line)
            if !scope.service.isEmpty {
                doubt.identity = try identities.number(reject.identity, isFolded: scope.service == "dps")
            }
            if isGrowing { doubt.reach = .ending }
            for time in times(of: reject, in: file, path, scope) {
                (doubt.from, doubt.to) = time
                found.append(doubt)
            }
        }
        return found
    }

    private func scopes(_ reject: Rejected?, in file: KnownFile, _ path: PathPlace) -> [Scope] {
        if let resource = reject?.resource {
            let named = PathPlace(resource)
            // A record of something else than a hub or a DPS instance tells of no device.
            guard let service = named.service, let name = named.instance else { return [] }
            let number = instances.number(service, name)
            // A name that nothing else names may be a damaged one.
            return [number == 0 ? (service, 0) : (service, number)]
        }
        if let service = path.service, let name = path.instance {
            // No finding speaks of an instance that nothing else names, so nothing of it can be in doubt.
            let number = instances.number(service, name)
            return number == 0 ? [] : [(service, number)]
        }
        if file.resources.count == 1 { return file.resources }
        let services = Set(file.resources.map(\.service))
        if !services.isEmpty { return services.sorted().map { ($0, 0) } }
        return [(path.service ?? reject?.category.flatMap(PathPlace.service(of:)) ?? "", 0)]
    }

    private func times(of reject: Rejected, in file: KnownFile, _ path: PathPlace, _ scope: Scope) -> [(Int64, Int64)] {
        let between = between(reject, file, scope, path)
        guard let time = reject.time else {
            if let between { return [between] }
            return []
        }
        guard let between else { return [(time, time)] }
        let low = between.0 == .min ? .min : between.0 - Self.tolerance
        let high = between.1 == .max ? .max : between.1 + Self.tolerance
        return time >= low && time <= high ? [(time, time)] : [(time, time), between]
    }

    /// The time between the readable records around a reject; nil if there is none.
    private func between(_ reject: Rejected, _ file: KnownFile, _ scope: Scope, _ path: PathPlace) -> (Int64, Int64)? {
        switch (reject.previous, reject.next) {
        case (nil, nil): return nil
        case (let previous?, let next?):
            return (min(previous, next) - file.disorder, max(previous, next) + file.disorder)
        case (nil, let next?):
            if file.first == file.last { break }
            // In a file whose times descend the first record is the latest.
            return next == file.last
                ? (next - file.disorder, ends(file, scope, path)) : (begins(file, scope, path), next + file.disorder)
        case (let previous?, nil):
            if file.first == file.last { break }
            return previous == file.first
                ? (begins(file, scope, path), previous + file.disorder)
                : (previous - file.disorder, ends(file, scope, path))
        }
        return (begins(file, scope, path), ends(file, scope, path))
    }

    /// The earliest time to which a record before the first readable one of a file may belong.
    private func begins(_ file: KnownFile, _ scope: Scope, _ path: PathPlace) -> Int64 {
        if let from = path.from { return from }
        guard let first = file.first else { return .min }
        return neighbours(of: file, scope).compactMap(\.last).filter { $0 <= first }.max() ?? .min
    }

    private func ends(_ file: KnownFile, _ scope: Scope, _ path: PathPlace) -> Int64 {
        if let to = path.to { return to - 1 }
        guard let last = file.last else { return .max }
        return neighbours(of: file, scope).compactMap(\.first).filter { $0 >= last }.min() ?? .max
    }

    private func neighbours(of file: KnownFile, _ scope: Scope) -> [KnownFile] {
        files.filter { other in
            other.id != file.id
                && other.resources.contains {
                    $0.service == scope.service && (scope.instance == 0 || $0.instance == scope.instance)
                }
        }
    }

    // MARK: Whole files

    private func ending(_ scope: Scope, behind last: Int64, _ file: KnownFile) -> Doubt {
        var doubt = Doubt(service: scope.service, instance: scope.instance, file: file.id, line: 0)
        doubt.reach = .ending
        (doubt.from, doubt.to) = (last - file.disorder, last - last % Microseconds.hour + Microseconds.hour - 1)
        return doubt
    }

    /// A file of which nothing was read: the hours that its path names, else those that the others leave open.
    private func whole(_ file: KnownFile, _ path: PathPlace, _ coverage: Coverage) -> [Doubt] {
        if file.isExport { return [Doubt(service: "export", file: file.id, line: 0)] }
        let named = path.instance.map { instances.number(path.service ?? "", $0) }
        if named == 0 { return [] }
        if let from = path.from, let to = path.to {
            var doubt = Doubt(service: path.service ?? "", instance: named ?? 0, file: file.id, line: 0)
            (doubt.from, doubt.to, doubt.reach) = (from, to - 1, .ending)
            return [doubt]
        }
        var found: [Doubt] = []
        for (number, entry) in instances.names.enumerated().dropFirst() {
            if let service = path.service, entry.service != service { continue }
            if let named, named != number { continue }
            for open in coverage.open(
                number,
                entry.service == "hub" ? LogCategory.covering(.connections) : LogCategory.covering(.registrations)
            ) {
                var doubt = Doubt(service: entry.service, instance: number, file: file.id, line: 0)
                (doubt.from, doubt.to, doubt.reach) = (open.from, open.to, .file)
                found.append(doubt)
            }
        }
        return found
    }
}
