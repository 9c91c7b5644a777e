/// Devices whose ids were given in a row: `line-7-00120` to `line-7-00450`.
struct IdSeries: Sendable {
    /// What their ids have in common.
    var stem: String
    /// The devices, ascending by the number behind the stem.
    var members: [Member]

    /// One device of a series.
    struct Member: BitwiseCopyable, Sendable {
        /// The number at the end of its id.
        var number: Int
        var device: Int32
        /// With how many digits the number is written.
        var width: UInt8

        init(_ number: Int, width: Int, _ device: Int) {
            self.number = number
            self.width = UInt8(truncatingIfNeeded: width)
            self.device = Int32(truncatingIfNeeded: device)
        }

        /// The digits as they are written.
        var digits: String {
            let text = String(number)
            return String(repeating: "0", count: max(0, Int(width) - text.utf8.count)) + text
        }
    }

    /// The devices of a run that is written as its first id and the digits of the last: `line-7-00120..00450`.
    func devices(in run: String) -> [Int] {
        guard run.hasPrefix(stem), let dots = run.ranges(of: "..").last else { return [] }
        let (low, high) = (run[..<dots.lowerBound].dropFirst(stem.count), run[dots.upperBound...])
        guard let first = place(low), let last = place(high), first <= last else { return [] }
        return members[first...last].map { Int($0.device) }
    }

    private func place(_ digits: Substring) -> Int? {
        guard let number = Int(digits) else { return nil }
        var (low, high) = (0, members.count)
        while low < high {
            let middle = (low + high) / 2
            if members[middle].number < number { low = middle + 1 } else { high = middle }
        }
        // The same number may be written with different widths.
        return members[low...].prefix { $0.number == number }.firstIndex { $0.digits == digits }
    }

    /// An id as its stem and the number behind it; nil if there is none of either.
    static func split(_ id: String) -> (stem: String, digits: Substring, number: Int)? {
        var start = id.endIndex
        while start > id.startIndex {
            let before = id.utf8.index(before: start)
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(id.utf8[before]) else { break }
            start = before
        }
        let digits = id[start...]
        guard start > id.startIndex, !digits.isEmpty, digits.utf8.count <= 15, let number = Int(digits) else {
            return nil
        }
        return (String(id[..<start]), digits, number)
    }

    /// The run of neighbours that holds most of the struck and fewest of the spared.
    ///
    /// The run of the largest sum, where a struck device counts 1 and a spared one -1 (Kadane's way to find it).
    func densestRun(_ isStruck: (Int) -> Bool?) -> (range: ClosedRange<Int>, struck: Int, all: Int)? {
        var best: (sum: Int, from: Int, to: Int)?
        var (sum, from) = (0, 0)
        for (index, member) in members.enumerated() {
            guard let struck = isStruck(Int(member.device)) else { continue }
            if sum <= 0 { (sum, from) = (0, index) }
            sum += struck ? 1 : -1
            if sum > best?.sum ?? 0 { best = (sum, from, index) }
        }
        guard let best else { return nil }
        var (struck, all) = (0, 0)
        for member in members[best.from...best.to] {
            guard let isStruck = isStruck(Int(member.device)) else { continue }
            all += 1
            if isStruck { struck += 1 }
        }
        return (best.from...best.to, struck, all)
    }
}
