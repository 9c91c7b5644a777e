import CZlib

/// Streaming inflation by zlib: gzip data of any number of members, or bare deflate data.
///
/// The state lives on the heap because zlib keeps the address of its `z_stream`. Not `Sendable`: one task owns it.
final class GzipInflater {
    /// How the deflate data is wrapped.
    enum Framing: Int32 {
        /// 15 bits of window, +16: gzip framing only (RFC 1952).
        case gzip = 31
        /// 15 bits of window, negative: no framing (RFC 1951).
        case bare = -15
    }

    /// What one call achieved.
    enum Step {
        /// Output was produced, or more input is needed.
        case progress(consumed: Int, produced: Int)
        /// A member ended; what follows is another member, padding or rubbish.
        case memberEnd(consumed: Int, produced: Int)
        /// The data is damaged.
        case damaged(produced: Int, why: String)
    }

    private let stream: UnsafeMutablePointer<z_stream>

    init(_ framing: Framing = .gzip) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // It fails only when memory is out; inflate then reports it.
        _ = czlib_inflate_init2(stream, framing.rawValue)
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Makes ready for the next member.
    func reset() { inflateReset(stream) }

    /// Inflates from `input` into `output`.
    func step(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> Step {
        let source = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
        stream.pointee.next_in = source
        stream.pointee.avail_in = UInt32(input.count)
        stream.pointee.next_out = output.bindMemory(to: UInt8.self).baseAddress
        stream.pointee.avail_out = UInt32(output.count)
        let code = inflate(stream, Z_NO_FLUSH)
        let consumed = input.count - Int(stream.pointee.avail_in)
        let produced = output.count - Int(stream.pointee.avail_out)
        switch code {
        case Z_OK, Z_BUF_ERROR: return .progress(consumed: consumed, produced: produced)
        case Z_STREAM_END: return .memberEnd(consumed: consumed, produced: produced)
        default:
            let why = stream.pointee.msg.map { String(cString: $0) } ?? "zlib error \(code)"
            return .damaged(produced: produced, why: why)
        }
    }
}
