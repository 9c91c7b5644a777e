import AzureLogs

/// A record by its file and line.
struct RecordPlace: BitwiseCopyable, Sendable, Equatable {
    @Small var file: Int
    var line: Int

    static func == (a: RecordPlace, b: RecordPlace) -> Bool { a.file == b.file && a.line == b.line }
}

/// The paths of files by their numbers, to put records into the order of the texts that cite them.
struct FilePaths: Sendable {
    private var paths: [[UInt8]] = []

    /// Learns a file's path.
    mutating func learn(_ file: Int, _ path: String) {
        if paths.count <= file { paths += repeatElement([], count: file + 1 - paths.count) }
        if paths[file].isEmpty { paths[file] = Array(path.utf8) }
    }

    /// Whether `path:line` of one record comes before that of another, byte by byte.
    func precedes(_ a: RecordPlace, _ b: RecordPlace) -> Bool {
        if a.file != b.file {
            let (first, second) = (bytes(of: a.file), bytes(of: b.file))
            for index in 0..<min(first.count, second.count) where first[index] != second[index] {
                return first[index] < second[index]
            }
            return text(a).lexicographicallyPrecedes(text(b))
        }
        // Of two numbers the first by their digits, not by what they come to.
        let (first, second) = (a.line.digits, b.line.digits)
        let x = a.line * (0..<max(0, second - first)).reduce(1) { power, _ in power * 10 }
        let y = b.line * (0..<max(0, first - second)).reduce(1) { power, _ in power * 10 }
        return x == y ? a.line < b.line : x < y
    }

    private func bytes(of file: Int) -> [UInt8] { paths.indices.contains(file) ? paths[file] : [] }

    private func text(_ place: RecordPlace) -> [UInt8] { bytes(of: place.file) + Array(":\(place.line)".utf8) }
}

extension Int {
    /// How many decimal digits it has.
    fileprivate var digits: Int {
        var (rest, count) = (self, 1)
        while rest >= 10 { (rest, count) = (rest / 10, count + 1) }
        return count
    }
}

/// Failures in a row without a success between them, all together or those of one class: what rules say of them.
struct FailureTally: BitwiseCopyable, Sendable, Equatable {
    /// One failure as it is counted.
    struct Failure {
        var time: Int64
        var copies = 1
        var code: Int
        var context: Int
        /// The DPS instance or hub, 0 if none was logged.
        var instance: Int
        var device = 0
        var group = Word.none
        var attestation = Word.none
        var place: RecordPlace
        /// Whether it is known to come behind all others, also of the same time.
        var isBehind = false
    }

    /// The class that it counts; nil for the run as a whole.
    var failure: FailureClass?
    var count: Int32 = 0
    /// When the first and the last of them began, microseconds.
    var first: Int64 = .max
    var last: Int64 = .min
    /// The code and the context of the last one.
    var code: Int32 = 0
    var context: Int32 = 0
    /// The least and the greatest code; 0 stands for none, and counts in the run as a whole alone.
    var least: Int32 = 0
    var greatest: Int32 = 0
    /// The first three different codes, and how many of them there are.
    var codes = SIMD4<Int32>(repeating: 0)
    var different: UInt8 = 0
    /// The instance, device and group that were known last.
    var instance: Int32 = 0
    var device: Int32 = 0
    var group = Word.none
    /// How the device attests by the last of them; none if any of them does not say.
    var attestation = Word.none
    /// The first and the last of their places in the order of texts, and that of the last one by time.
    var early = RecordPlace(file: 0, line: 0)
    var late = RecordPlace(file: 0, line: 0)
    var latest = RecordPlace(file: 0, line: 0)

    /// Counts a failure.
    mutating func add(_ failure: Failure, _ paths: FilePaths) {
        let code = Int32(truncatingIfNeeded: failure.code)
        if count == 0 {
            (least, greatest) = (code, code)
            (early, late) = (failure.place, failure.place)
            attestation = failure.attestation
        } else {
            if self.failure == nil || code != 0 {
                least = self.failure != nil && least == 0 ? code : min(least, code)
            }
            greatest = max(greatest, code)
            if paths.precedes(failure.place, early) { early = failure.place }
            if paths.precedes(late, failure.place) { late = failure.place }
            attestation = attestation.isEmpty || failure.attestation.isEmpty ? .none : failure.attestation
        }
        if different < 3, !(0..<Int(different)).contains(where: { codes[$0] == code }) {
            codes[Int(different)] = code
            different += 1
        }
        let isLast =
            failure.isBehind || failure.time > last
            || failure.time == last && !paths.precedes(failure.place, latest)
        if isLast {
            (self.code, latest) = (code, failure.place)
            context = Int32(truncatingIfNeeded: failure.context)
            if failure.instance != 0 { instance = Int32(truncatingIfNeeded: failure.instance) }
            if failure.device != 0 { device = Int32(truncatingIfNeeded: failure.device) }
            if !failure.group.isEmpty { group = failure.group }
        }
        count &+= Int32(truncatingIfNeeded: failure.copies)
        first = min(first, failure.time)
        last = max(last, failure.time)
    }
}

/// The tallies of a run: of all its failures, and of each class among them.
struct FailureRun: Sendable, Equatable {
    /// The run as a whole first; empty without failures.
    private(set) var tallies: [FailureTally] = []

    init() {}

    init(_ tallies: [FailureTally]) { self.tallies = tallies }

    var isEmpty: Bool { tallies.isEmpty }

    /// Counts a failure.
    mutating func add(_ failure: FailureTally.Failure, _ kind: FailureClass?, _ paths: FilePaths) {
        if tallies.isEmpty { tallies.append(FailureTally()) }
        tallies[0].add(failure, paths)
        let kind = kind ?? .other
        if let known = tallies.firstIndex(where: { $0.failure == kind }) {
            tallies[known].add(failure, paths)
        } else {
            var tally = FailureTally(failure: kind)
            tally.add(failure, paths)
            tallies.append(tally)
        }
    }
}
