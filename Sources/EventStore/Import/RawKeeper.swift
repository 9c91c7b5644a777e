import AzureLogs
import CZlib

/// Collects the raw texts of records that are no plain success, in blocks that compress well.
struct RawKeeper: Sendable {
    private static let blockBytes = 1 << 16
    private var buffer: [UInt8] = []
    private var firstLine = 0
    private var lastLine = 0

    /// Adds a record's text; gives back a block when one is full.
    mutating func add(_ text: ArraySlice<UInt8>, line: Int) -> RawBlock? {
        // A block's lines must be a range of their own: records that share a line stay together.
        var full: RawBlock?
        if buffer.count > Self.blockBytes, line > lastLine { full = take() }
        if buffer.isEmpty { firstLine = line }
        lastLine = max(lastLine, line)
        buffer.append(contentsOf: "\(line) \(text.count)\n".utf8)
        let start = buffer.count
        buffer.append(contentsOf: text)
        if Self.mayHoldSecret(buffer, start) {
            let redacted = SecretRedaction.redact(String(decoding: text, as: UTF8.self))
            buffer.removeSubrange(start...)
            let head = "\(line) \(text.count)\n".utf8.count
            buffer.removeLast(head)
            buffer.append(contentsOf: "\(line) \(redacted.utf8.count)\n".utf8)
            buffer.append(contentsOf: redacted.utf8)
        }
        buffer.append(0x0A)
        return full
    }

    /// The block of what was added since the last one, nil if nothing was.
    mutating func take() -> RawBlock? {
        defer {
            buffer.removeAll(keepingCapacity: true)
            lastLine = 0
        }
        guard !buffer.isEmpty else { return nil }
        var size = compressBound(UInt(buffer.count))
        var data = [UInt8](repeating: 0, count: Int(size))
        // Level 1: logs repeat themselves so much that higher levels gain little for three times the time.
        guard compress2(&data, &size, buffer, UInt(buffer.count), 1) == Z_OK else { return nil }
        return RawBlock(firstLine: firstLine, lastLine: lastLine, data: Array(data[..<Int(size)]))
    }

    /// A quick look for the names of secrets, so that the slow redaction is for the rare text that needs it.
    private static func mayHoldSecret(_ bytes: [UInt8], _ start: Int) -> Bool {
        for at in start..<max(start, bytes.count - 2) {
            switch (bytes[at], bytes[at + 1], bytes[at + 2]) {
            // sig=, Key, key", password, ConnectionString
            case (0x69, 0x67, 0x3D), (0x4B, 0x65, 0x79), (0x65, 0x79, 0x22), (0x65, 0x79, 0x5C): return true
            case (0x77, 0x6F, 0x72) where at > 3 && bytes[at - 1] == 0x73: return true
            case (0x6E, 0x53, 0x74): return true
            default: continue
            }
        }
        return false
    }
}
