import AzureLogs

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
        var group = InternedText.none
        var attestation = InternedText.none
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
    var group = InternedText.none
    /// How the device attests by the last of them; none if any of them does not say.
    var attestation = InternedText.none
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
