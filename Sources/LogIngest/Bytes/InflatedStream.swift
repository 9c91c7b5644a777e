/// The text of a file, inflated if its content is gzip, whatever its name.
///
/// Everything up to a break is handed out; `ending` then says what broke. Not `Sendable`: one task owns it.
public final class InflatedStream {
    /// The path as it was given; `-` is standard input.
    public let path: String
    /// How the file ended; meaningful once `read` has returned 0.
    public private(set) var ending = FileEnding.complete
    /// Whether the content is gzip.
    public private(set) var isGzip = false
    /// Bytes handed out so far.
    public private(set) var bytesInflated = 0

    private let limits: ReadLimits
    private let raw: RawFile
    private let inflater = GzipInflater()
    private let input: UnsafeMutableRawBufferPointer
    private var start = 0
    private var end = 0
    private var rawEnded = false
    private var insideMember = false
    private var finished = false

    /// Opens a file and looks at its first bytes.
    ///
    /// - Throws: `InputError` if it cannot be opened or its first bytes cannot be read.
    public init(path: String, limits: ReadLimits) throws(InputError) {
        self.path = path
        self.limits = limits
        raw = try RawFile(path: path)
        input = .allocate(byteCount: 1 << 16, alignment: 16)
        // gzip is told by its magic number (RFC 1952, 2.3.1), never by the name.
        while end < 3 && !rawEnded { try refill() }
        isGzip = end >= 2 && input[0] == 0x1f && input[1] == 0x8b
        insideMember = isGzip
    }

    deinit { input.deallocate() }

    /// Bytes of the file itself read so far.
    public var bytesRead: Int { raw.bytesRead }

    /// SHA-256 of the raw bytes; of the whole file once `read` has returned 0.
    public func digest() -> [UInt8] { raw.digest() }

    private func refill() throws(InputError) {
        if start == end {
            start = 0
            end = 0
        }
        let got = try raw.read(into: UnsafeMutableRawBufferPointer(rebasing: input[end...]), path: path)
        if got == 0 { rawEnded = true }
        end += got
    }

    /// Fills as much of `buffer` as there is text for; less than its size only at the end of the file.
    public func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        var filled = 0
        while filled < buffer.count && !finished {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
            do throws(InputError) {
                if start == end && !rawEnded { try refill() }
                filled += isGzip ? inflateSome(into: rest) : copySome(into: rest)
            } catch {
                ending = .unreadable(error.reason)
                finished = true
            }
        }
        bytesInflated += filled
        if finished { drain() }
        return filled
    }

    /// Reads on to the end of a file whose text was given up, so that the digest is of the whole file.
    private func drain() {
        while !rawEnded {
            start = end
            do throws(InputError) { try refill() } catch {
                // The first failure is already the file's ending; there is nothing more to learn here.
                rawEnded = true
            }
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
            if insideMember { ending = .truncated }
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
            ending = .corrupt(why)
            finished = true
            return produced
        }
    }

    /// Stops the file at a limit; gives back the count for the caller to add.
    private func withinLimits(_ count: Int) -> Int {
        let total = bytesInflated + count
        if total > limits.inflatedBytes {
            ending = .limit("inflates to more than \(limits.inflatedBytes) bytes (--max-inflated-bytes)")
            finished = true
        } else if isGzip && total > 64 << 20 && total / max(raw.bytesRead, 1) > limits.ratio {
            ending = .limit("inflates to more than \(limits.ratio) times its size (--max-ratio)")
            finished = true
        }
        return count
    }
}
