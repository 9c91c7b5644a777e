import AzureLogs
import Foundation
import TestSupport

@testable import FleetSimulator

/// A week of a fleet's logs, file by file, that is handed out night by night: some of it late, some while it grows.
struct NightWeek {
    /// One file with its records in the order of their times.
    struct File {
        var path: String
        var lines: [(second: Int, text: String)]
        /// The night in which it is handed out at the earliest; 0 for when it is written.
        var withheldUntil = 0
    }

    /// Unix time of the week's first midnight.
    let start: Int
    private(set) var files: [File] = []
    /// What is no hour of a log: exports, broken files.
    private var others: [(path: String, bytes: [UInt8])] = []
    /// Unix times at which the nights' runs begin, one a day.
    private(set) var runs: [Int] = []

    /// A week of three fleets, one after another; a device of one may be a device of the next, elsewhere.
    ///
    /// - Parameters:
    ///   - isHealthy: whether nothing goes wrong; then no file is late, either.
    ///   - nights: how many nights there are; logs end in the seventh.
    init(seed: UInt64, devices: Int, isHealthy: Bool = false, nights: Int) {
        var random = SplitMix64(seed: seed)
        start = Stories.start - Stories.start % 86_400
        for part in 0..<3 {
            let own = isHealthy ? seed : seed &+ UInt64(part)
            let fleet =
                isHealthy ? Fleet.healthy(devices: devices, seed: own) : Fleet.troubled(devices: devices, seed: own)
            add(fleet.book.shifted(by: part * 48 * 3600))
        }
        for day in 1...nights { runs.append(start + day * 86_400 + Int.random(in: 0..<82_800, using: &random)) }
        for index in files.indices where !isHealthy && Int.random(in: 0..<40, using: &random) == 0 {
            let last = files[index].lines.last?.second ?? 0
            let due = (runs.firstIndex { $0 > last } ?? nights) + 1
            files[index].withheldUntil = min(6, due + Int.random(in: 1...3, using: &random))
        }
    }

    /// A week of parts of two days each, nothing of which is late; each night is at the same hour.
    init(parts: [FleetBook], nights: Int) {
        start = Stories.start - Stories.start % 86_400
        for (part, book) in parts.enumerated() { add(book.shifted(by: part * 48 * 3600)) }
        for day in 1...nights { runs.append(start + day * 86_400 + 2 * 3600) }
    }

    private mutating func add(_ book: FleetBook) {
        let writer = RecordWriter(.raw, book)
        for hour in FleetFiles.sorted(book) {
            let lines = hour.records.map { index in
                var text = ""
                writer.write(book.records[index], into: &text)
                return (book.start + book.records[index].second, text)
            }
            files.append(File(path: "logs/" + hour.path.dropLast(3), lines: lines))
        }
        others += book.others.map { ("logs/\(book.start)/" + $0.path, $0.bytes) }
    }

    /// Writes what is there when a night's run begins; files of the running hour hold what has been written of them.
    ///
    /// - Parameter night: counted from 1.
    func deliver(_ night: Int, to folder: TestFolder) throws {
        let now = runs[night - 1]
        for file in files where file.withheldUntil <= night {
            let lines = file.lines.prefix { $0.second < now }
            if !lines.isEmpty { try folder.write(lines.map { $0.text + "\n" }.joined(), to: file.path) }
        }
        if night == 1 { for (path, bytes) in others { try folder.write(bytes, to: path) } }
    }

    /// The times of the records that are handed out for a night and were not for an earlier one, in Unix time.
    ///
    /// - Parameter earlier: the night that ran before; 0 for none.
    func arrivals(_ night: Int, after earlier: Int) -> [Int] {
        files.flatMap { file -> [Int] in
            guard file.withheldUntil <= night else { return [] }
            let before = earlier == 0 || file.withheldUntil > earlier ? .min : runs[earlier - 1]
            return file.lines.map(\.second).filter { before <= $0 && $0 < runs[night - 1] }
        }
    }

    /// Whether nothing was logged in the day before a night's run, which follows the one before it.
    func isSilent(_ night: Int) -> Bool {
        let (from, to) = (min(runs[night - 1] - 86_400, runs[night - 2]), runs[night - 1])
        return !files.contains { $0.lines.contains { from <= $0.second && $0.second < to } }
    }

    /// The time of a night's run, as the command line takes it.
    func time(_ night: Int) -> String {
        Timestamp.format(microseconds: Int64(runs[night - 1]) * 1_000_000)
    }

    /// The date that names a night.
    func date(_ night: Int) -> String { String(time(night).prefix(10)) }
}

extension FleetBook {
    /// The same records some seconds later.
    fileprivate func shifted(by seconds: Int) -> FleetBook {
        var book = emptied()
        for var record in records {
            record.second += seconds
            book.add(record)
        }
        book.others = others
        return book
    }
}
