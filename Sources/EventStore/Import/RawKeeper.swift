import AzureLogs
import CZlib

/// Collects the raw texts of records that are no plain success, in blocks that compress well.
struct RawKeeper: ~Copyable {
    private static let blockBytes = 1 << 16
    private var buffer: [UInt8] = []
    private var firstLine = 0
    private var lastLine = 0
    private let compressor = BlockCompressor()

    /// Adds a record's text; gives back a block when one is full.
    mutating func add(_ bytes: [UInt8], _ range: Range<Int>, line: Int) -> RawBlock? {
        // A block's lines must be a range of their own: records that share a line stay together.
        var full: RawBlock?
        if buffer.count > Self.blockBytes, line > lastLine { full = take() }
        if buffer.isEmpty { firstLine = line }
        lastLine = max(lastLine, line)
        if SecretRedaction.mayHoldSecret(bytes.span.bytes, range) {
            append(Array(SecretRedaction.redact(String(decoding: bytes[range], as: UTF8.self)).utf8)[...], line)
        } else {
            append(bytes[range], line)
        }
        return full
    }

    private mutating func append(_ text: ArraySlice<UInt8>, _ line: Int) {
        decimal(line)
        buffer.append(0x20)
        decimal(text.count)
        buffer.append(0x0A)
        buffer.append(contentsOf: text)
        buffer.append(0x0A)
    }

    private mutating func decimal(_ number: Int) {
        var divisor = 1
        while number / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            buffer.append(0x30 + UInt8(truncatingIfNeeded: number / divisor % 10))
            divisor /= 10
        }
    }

    /// The block of what was added since the last one, nil if nothing was.
    mutating func take() -> RawBlock? {
        defer {
            buffer.removeAll(keepingCapacity: true)
            lastLine = 0
        }
        guard !buffer.isEmpty, let data = compressor.compress(buffer) else { return nil }
        return RawBlock(firstLine: firstLine, lastLine: lastLine, data: data)
    }
}

/// zlib's compression with its tables kept from block to block; making them costs as much as compressing a block.
private final class BlockCompressor {
    /// On the heap, because zlib keeps the address.
    private let stream: UnsafeMutablePointer<z_stream>
    private var room: [UInt8] = []

    init() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // Level 1: logs repeat themselves so much that higher levels gain little for three times the time.
        _ = czlib_deflate_init2(stream, 1, 15)
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// The block as a zlib stream (RFC 1950); nil if memory is out.
    func compress(_ block: [UInt8]) -> [UInt8]? {
        guard deflateReset(stream) == Z_OK else { return nil }
        let bound = Int(deflateBound(stream, UInt(block.count)))
        if room.count < bound { room = [UInt8](repeating: 0, count: bound) }
        let code = block.withUnsafeBufferPointer { input in
            room.withUnsafeMutableBufferPointer { output in
                stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.pointee.avail_in = UInt32(input.count)
                stream.pointee.next_out = output.baseAddress
                stream.pointee.avail_out = UInt32(output.count)
                return deflate(stream, Z_FINISH)
            }
        }
        guard code == Z_STREAM_END else { return nil }
        return Array(room[..<(room.count - Int(stream.pointee.avail_out))])
    }
}
