/// An archive being read member by member, in the order in which they stand.
protocol Archive: AnyObject {
    /// What kind of archive it is: `zip`, `tar`.
    var kind: String { get }
    /// The next member that is a file; nil at the end. It must be read, as far as it is, before the next one is asked for.
    func next() -> ArchiveMember?
    /// How the archive ended; meaningful once `next` has returned nil.
    var ending: FileEnding { get }
}

/// A file in an archive.
struct ArchiveMember {
    /// Its name there, as text.
    var name: String
    /// Its bytes; nil for one that cannot be unpacked.
    var source: (any ByteSource)?
    /// Why it cannot be unpacked.
    var refused: RefusedFormat?

    /// Whether it is left out as a file of that name in a folder is: hidden ones, and what macOS adds.
    var isSkipped: Bool {
        let parts = name.split(separator: "/")
        return parts.first == "__MACOSX" || parts.contains { InputFiles.isSkipped(String($0)) }
    }
}

/// What all members of an archive may inflate to together: small pieces that share their bytes can be a bomb.
final class ArchiveBudget {
    private let limits: ReadLimits
    /// Bytes of the archive itself.
    private let compressed: Int
    private var inflated = 0
    /// Set once a limit was passed.
    private(set) var ending = FileEnding.complete

    init(_ limits: ReadLimits, compressed: Int) {
        self.limits = limits
        self.compressed = compressed
    }

    /// Counts bytes that were unpacked; false if they were too many.
    func take(_ count: Int) -> Bool {
        inflated += count
        if inflated > limits.inflatedBytes { ending = limits.inflatedEnding }
        if limits.isBeyondRatio(inflated, of: compressed) { ending = limits.ratioEnding }
        return ending == .complete
    }
}
