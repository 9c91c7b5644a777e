/// Bytes that are read once, from front to back: a file, a member of an archive, or what one of these inflates to.
///
/// Not `Sendable`: one task owns a chain of them.
protocol ByteSource: AnyObject {
    /// Reads some bytes, at most the buffer's size; 0 only at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int
    /// How the bytes ended; meaningful once `read` has returned 0.
    var ending: FileEnding { get }
}

/// A source of which the beginning was looked at.
final class PeekedSource: ByteSource {
    /// The first bytes, at most as many as were asked for.
    let head: [UInt8]
    private let source: any ByteSource
    private var at = 0

    init(_ source: any ByteSource, _ count: Int) {
        self.source = source
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let got = bytes.withUnsafeMutableBytes {
                source.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[filled...]))
            }
            if got == 0 { break }
            filled += got
        }
        head = Array(bytes[..<filled])
    }

    var ending: FileEnding { source.ending }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        if at == head.count { return source.read(into: buffer) }
        let count = min(buffer.count, head.count - at)
        head.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[at..<at + count])) }
        at += count
        return count
    }
}

/// Bytes that are at hand.
final class MemorySource: ByteSource {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    let ending = FileEnding.complete

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(rest.count, buffer.count)
        buffer.copyBytes(from: rest.prefix(count))
        rest = rest.dropFirst(count)
        return count
    }
}

extension ByteSource {
    /// Reads exactly `count` bytes; nil if the source ends before.
    func bytes(_ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let got = bytes.withUnsafeMutableBytes {
                read(into: UnsafeMutableRawBufferPointer(rebasing: $0[filled...]))
            }
            if got == 0 { return nil }
            filled += got
        }
        return bytes
    }

    /// Reads over `count` bytes; false if the source ends before.
    func skip(_ count: Int) -> Bool {
        var rest = count
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while rest > 0 {
            let got = buffer.withUnsafeMutableBytes {
                read(into: UnsafeMutableRawBufferPointer(rebasing: $0[..<min(rest, 1 << 16)]))
            }
            if got == 0 { return false }
            rest -= got
        }
        return true
    }
}
