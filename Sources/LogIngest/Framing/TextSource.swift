/// A file's text with the possibility to look at its beginning before reading it.
///
/// Not `Sendable`: one task owns it.
final class TextSource {
    private let source: any ByteSource
    private var ahead: [UInt8] = []
    private var taken = 0
    private var hasEnded = false
    /// Bytes taken from the source so far.
    private(set) var bytesRead = 0

    init(_ source: any ByteSource) { self.source = source }

    /// How the text ended; meaningful once `read` has given less than was asked for.
    var ending: FileEnding { source.ending }

    /// The first bytes of the text, at most `count`, left in place for `read`.
    func peek(_ count: Int) -> ArraySlice<UInt8> {
        var bytes = [UInt8](repeating: 0, count: count)
        let got = bytes.withUnsafeMutableBytes { fill($0) }
        ahead = Array(bytes[..<got])
        taken = 0
        return ahead[...]
    }

    /// Fills `count` bytes at a position of the array; fewer only at the end of the text.
    func read(into bytes: inout [UInt8], at position: Int, count: Int) -> Int {
        var filled = min(count, ahead.count - taken)
        if filled > 0 {
            bytes.replaceSubrange(position..<position + filled, with: ahead[taken..<taken + filled])
            taken += filled
            if taken == ahead.count { ahead = []; taken = 0 }
        }
        if filled < count && !hasEnded {
            filled += bytes.withUnsafeMutableBytes { buffer in
                fill(UnsafeMutableRawBufferPointer(rebasing: buffer[(position + filled)..<(position + count)]))
            }
        }
        return filled
    }

    private func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        var filled = 0
        while filled < buffer.count && !hasEnded {
            let got = source.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
            if got == 0 { hasEnded = true }
            filled += got
        }
        bytesRead += filled
        return filled
    }

    /// Reads over text that is already known, to go on behind it.
    ///
    /// - Returns: whether there was that much text.
    func skip(_ count: Int) -> Bool {
        var rest = count
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while rest > 0 {
            let got = read(into: &buffer, at: 0, count: min(rest, buffer.count))
            if got == 0 { return false }
            rest -= got
        }
        return true
    }
}
