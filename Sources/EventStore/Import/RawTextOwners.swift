import GRDB

/// Keeps raw texts once: a block stays only where a line in it is what an event is cited by.
///
/// What is delivered again is known only after its texts were kept, so they are looked at when a file ends that brought
/// something known. A block that holds one cited line stays whole.
struct RawTextOwners {
    /// Lines that are noted at most; of a file with more, all blocks are looked at.
    private static let mostLines = 1 << 16

    /// The blocks of the current file.
    private var blocks: [(lines: ClosedRange<Int>, texts: Int)] = []
    /// Lines of the current file that no event is cited by, once for each of its records there.
    private var lost: [Int] = []
    /// Whether `lost` has all lines of the file that are lost, so that it may be counted with.
    private var hasAllLost = true

    /// What is noted of a file that is new.
    init() {}

    /// What is noted of a file, of which the beginning may have been read before.
    init(isGrown: Bool) { hasAllLost = !isGrown }

    /// Notes a block of the current file.
    mutating func keep(_ block: RawBlock) {
        blocks.append((block.firstLine...max(block.firstLine, block.lastLine), block.texts))
    }

    /// Notes lines of the current file that no event is cited by, or that none is any more.
    mutating func lose(_ lines: [Int]) {
        guard hasAllLost else { return }
        lost += lines
        if lost.count > Self.mostLines { (hasAllLost, lost) = (false, []) }
    }

    /// Whether a block of the current file may have no cited line.
    ///
    /// Each of a block's texts is of a record whose line is either cited or lost, so a block with more texts than lines lost
    /// among its own has one that is cited. The events need not be searched for it: that would cost a quarter of reading.
    func mayHoldUncited() -> Bool {
        if !hasAllLost { return true }
        if lost.isEmpty { return false }
        let sorted = lost.sorted()
        return blocks.contains { block in
            let from = sorted.partitioningIndex { $0 >= block.lines.lowerBound }
            let to = sorted.partitioningIndex { $0 > block.lines.upperBound }
            return to - from >= block.texts
        }
    }

    /// Removes the blocks of files of which no event is cited any more.
    static func dropUncited(of files: Set<Int>, _ connection: Database) throws {
        for file in files.sorted() {
            let blocks = try CheckedRow.all(
                connection,
                sql: "SELECT first_line, last_line FROM raw_block WHERE file = ? ORDER BY first_line",
                arguments: [file]
            )
            if blocks.isEmpty { continue }
            // The file's own times bound the search: events have no index by their file.
            let cited = try Int.checkedAll(
                connection,
                sql: """
                    SELECT e.line FROM file f CROSS JOIN event e ON e.time BETWEEN f.first_time AND f.last_time
                    WHERE f.id = ? AND e.file = f.id ORDER BY e.line
                    """,
                arguments: [file]
            )
            var next = 0
            for block in blocks {
                let (first, last): (Int, Int) = (try block[0], try block[1])
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

extension [Int] {
    /// The first place of a list in ascending order from which on a condition holds.
    fileprivate func partitioningIndex(where holds: (Int) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
