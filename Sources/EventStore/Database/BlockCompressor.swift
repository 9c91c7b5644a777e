import CZlib

/// zlib's compression with its tables kept from block to block; making them costs as much as compressing a block.
public final class BlockCompressor {
    /// On the heap, because zlib keeps the address.
    private let stream: UnsafeMutablePointer<z_stream>
    private var room: [UInt8] = []

    /// Tables of their own, some hundred kilobytes.
    public init() {
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
    public func compress(_ block: [UInt8]) -> [UInt8]? {
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

    /// The bytes of a stream that `compress` made; nil if it is none, or of more than `most` bytes.
    ///
    /// - Parameter likely: how many there may be: a guess that is too small costs time alone.
    public static func expanded(_ stream: [UInt8], likely: Int, most: Int = 1 << 28) -> [UInt8]? {
        var size = UInt(max(likely, 1))
        while size <= UInt(most) {
            var count = size
            var code = Z_OK
            let out = [UInt8](unsafeUninitializedCapacity: Int(size)) { buffer, written in
                code = uncompress(buffer.baseAddress, &count, stream, UInt(stream.count))
                written = code == Z_OK ? Int(count) : 0
            }
            if code == Z_OK { return out }
            guard code == Z_BUF_ERROR else { return nil }
            size *= 4
        }
        return nil
    }
}
