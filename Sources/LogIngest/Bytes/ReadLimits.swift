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

    /// How many members of one archive are read.
    static let members = 100_000

    /// How a file ends that inflates to more than it may.
    var inflatedEnding: FileEnding { .limit("inflates to more than \(inflatedBytes) bytes (--max-inflated-bytes)") }

    /// How a file ends that inflates to more times its size than it may.
    var ratioEnding: FileEnding { .limit("inflates to more than \(ratio) times its size (--max-ratio)") }

    /// Whether there are too many inflated bytes for the compressed ones.
    func isBeyondRatio(_ inflated: Int, of compressed: Int) -> Bool {
        inflated > 64 << 20 && inflated / max(compressed, 1) > ratio
    }
}
