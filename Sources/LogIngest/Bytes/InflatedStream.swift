/// The bytes of a source, inflated if they are gzip, whatever their name.
///
/// Everything up to a break is handed out; `ending` then says what broke. Not `Sendable`: one task owns it.
final class InflatedStream: ByteSource {
    /// How the bytes ended; meaningful once `read` has returned 0.
    private(set) var ending = FileEnding.complete
    /// Whether the content is gzip.
    private(set) var isGzip = false
    /// Bytes handed out so far.
    private(set) var bytesInflated = 0

    private let limits: ReadLimits
    private let raw: HashedSource
    private let inflater = GzipInflater()
    private let input: UnsafeMutableRawBufferPointer
    private var start = 0
    private var end = 0
    private var rawEnded = false
    private var insideMember = false
    private var finished = false

    /// Looks at the first bytes of a source.
    init(_ source: any ByteSource, limits: ReadLimits) {
        self.limits = limits
        raw = HashedSource(source)
        input = .allocate(byteCount: 1 << 16, alignment: 16)
        // gzip is told by its magic number (RFC 1952, 2.3.1), never by the name.
        while end < 3 && !rawEnded { refill() }
        isGzip = end >= 2 && input[0] == 0x1f && input[1] == 0x8b
        insideMember = isGzip
    }

    deinit { input.deallocate() }

    /// Bytes of the source read so far.
    var bytesRead: Int { raw.bytesRead }

    /// SHA-256 of the source's bytes; of all of them once `read` has returned 0.
    func digest() -> [UInt8] { raw.digest() }

    private func refill() {
        if start == end {
            start = 0
            end = 0
        }
        let got = raw.read(into: UnsafeMutableRawBufferPointer(rebasing: input[end...]))
        if got == 0 {
            rawEnded = true
            ending = ending.or(raw.ending)
        }
        end += got
    }

    /// Fills as much of `buffer` as there are bytes for; less than its size only at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        var filled = 0
        while filled < buffer.count && !finished {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
            if start == end && !rawEnded { refill() }
            filled += isGzip ? inflateSome(into: rest) : copySome(into: rest)
        }
        bytesInflated += filled
        if finished { drain() }
        return filled
    }

    /// Reads on to the end of a source whose bytes were given up, so that the digest is of all of them.
    func drain() {
        finished = true
        while !rawEnded {
            start = end
            refill()
        }
    }

    private func copySome(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        if start == end {
            finished = true
            return 0
        }
        let count = min(end - start, buffer.count)
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: input[start..<start + count]))
        start += count
        return withinLimits(count)
    }

    private func inflateSome(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        if start == end {
            if insideMember { ending = ending.or(.truncated("the gzip data ends in the middle")) }
            finished = true
            return 0
        }
        if !insideMember {
            // gzip(1) pads with zeros when it writes to tape; anything else after a member is damage.
            while start < end && input[start] == 0 { start += 1 }
            if start == end { return 0 }
            inflater.reset()
            insideMember = true
        }
        switch inflater.step(UnsafeRawBufferPointer(rebasing: input[start..<end]), into: buffer) {
        case .progress(let consumed, let produced):
            start += consumed
            return withinLimits(produced)
        case .memberEnd(let consumed, let produced):
            start += consumed
            insideMember = false
            return withinLimits(produced)
        case .damaged(let produced, let why):
            ending = .corrupt("the gzip data is damaged (\(why))")
            finished = true
            return produced
        }
    }

    /// Stops at a limit; gives back the count for the caller to add.
    private func withinLimits(_ count: Int) -> Int {
        let total = bytesInflated + count
        if total > limits.inflatedBytes {
            ending = limits.inflatedEnding
            finished = true
        } else if isGzip && limits.isBeyondRatio(total, of: raw.bytesRead) {
            ending = limits.ratioEnding
            finished = true
        }
        return count
    }
}
