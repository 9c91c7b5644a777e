/// How much of a hostile or broken input is read before it is given up.
public struct ReadLimits: Sendable, Hashable {
    /// Longest record in bytes; a longer one is rejected without being held in memory.
    public var recordBytes: Int
    /// Most bytes that one file may inflate to.
    public var inflatedBytes: Int
    /// Largest ratio of inflated to compressed bytes, looked at once 64 MiB are inflated.
    public var ratio: Int

    /// Limits that real exports stay far below.
    ///
    /// - Parameters:
    ///   - recordBytes: the longest record, in bytes.
    ///   - inflatedBytes: the most bytes one file may inflate to.
    ///   - ratio: the largest ratio of inflated to compressed bytes. Logs of one device repeated for an hour
    ///     reach about 200; deflate itself ends at 1032.
    public init(recordBytes: Int = 16 << 20, inflatedBytes: Int = 64 << 30, ratio: Int = 1000) {
        self.recordBytes = recordBytes
        self.inflatedBytes = inflatedBytes
        self.ratio = ratio
    }
}
