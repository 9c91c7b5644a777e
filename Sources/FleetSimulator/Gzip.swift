import CZlib

/// Gzip without a name and without a time, so that the same text always gives the same bytes of one zlib.
public enum Gzip {
    /// Compresses bytes into one member.
    ///
    /// - Returns: nil if zlib has no memory.
    public static func compress(_ bytes: [UInt8], level: Int32 = 9) -> [UInt8]? {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        defer { stream.deallocate() }
        guard czlib_deflate_init2(stream, level, 15 + 16) == Z_OK else { return nil }
        defer { deflateEnd(stream) }
        var out = [UInt8](repeating: 0, count: Int(deflateBound(stream, UInt(bytes.count))) + 64)
        var input = bytes
        let count = input.withUnsafeMutableBufferPointer { source in
            out.withUnsafeMutableBufferPointer { target -> Int? in
                stream.pointee.next_in = source.baseAddress
                stream.pointee.avail_in = UInt32(source.count)
                stream.pointee.next_out = target.baseAddress
                stream.pointee.avail_out = UInt32(target.count)
                guard deflate(stream, Z_FINISH) == Z_STREAM_END else { return nil }
                return target.count - Int(stream.pointee.avail_out)
            }
        }
        return count.map { Array(out[..<$0]) }
    }
}

extension Gzip {
    /// Inflates one member of at most 64 MiB; nil if the bytes are none.
    public static func decompress(_ bytes: [UInt8]) -> [UInt8]? {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        defer { stream.deallocate() }
        guard czlib_inflate_init2(stream, 15 + 16) == Z_OK else { return nil }
        defer { inflateEnd(stream) }
        var input = bytes
        var out: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 18)
        return input.withUnsafeMutableBufferPointer { source in
            stream.pointee.next_in = source.baseAddress
            stream.pointee.avail_in = UInt32(source.count)
            while out.count < 64 << 20 {
                let (code, count) = block.withUnsafeMutableBufferPointer { target in
                    stream.pointee.next_out = target.baseAddress
                    stream.pointee.avail_out = UInt32(target.count)
                    let code = inflate(stream, Z_NO_FLUSH)
                    return (code, target.count - Int(stream.pointee.avail_out))
                }
                out += block[..<count]
                if code == Z_STREAM_END { return out }
                if code != Z_OK { return nil }
            }
            return nil
        }
    }
}

extension Gzip {
    /// How many bytes of text can be had from the beginning of a member whose end is missing.
    static func reach(_ bytes: [UInt8]) -> Int {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        defer { stream.deallocate() }
        guard czlib_inflate_init2(stream, 15 + 16) == Z_OK else { return 0 }
        defer { inflateEnd(stream) }
        var input = bytes
        var block = [UInt8](repeating: 0, count: 1 << 18)
        var reach = 0
        input.withUnsafeMutableBufferPointer { source in
            stream.pointee.next_in = source.baseAddress
            stream.pointee.avail_in = UInt32(source.count)
            while true {
                let (code, count) = block.withUnsafeMutableBufferPointer { target in
                    stream.pointee.next_out = target.baseAddress
                    stream.pointee.avail_out = UInt32(target.count)
                    let code = inflate(stream, Z_NO_FLUSH)
                    return (code, target.count - Int(stream.pointee.avail_out))
                }
                reach += count
                if code != Z_OK || count == 0 { return }
            }
        }
        return reach
    }
}
