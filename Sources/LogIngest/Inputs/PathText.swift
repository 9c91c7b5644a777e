import Glibc

/// Paths as text that can be shown, stored and found again, whatever bytes the file system gave them.
///
/// A path that is UTF-8 is itself. A byte that is no part of UTF-8 is written as `\xHH` with two capital digits; a backslash of the
/// name that would be read so is written as `\x5C`, so that each path has one text and each text one path.
public enum PathText {
    /// The text of a path's bytes.
    public static func text(_ bytes: some Collection<UInt8>) -> String {
        let bytes = Array(bytes)
        if !hasEscape(bytes), let text = String(validating: bytes, as: UTF8.self) { return text }
        var out = ""
        var at = 0
        while at < bytes.count {
            let length = length(bytes[at])
            if bytes[at] == UInt8(ascii: "\\"), escaped(bytes, at) != nil {
                out += "\\x5C"
                at += 1
            } else if at + length <= bytes.count,
                let text = String(validating: bytes[at..<(at + length)], as: UTF8.self)
            {
                out += text
                at += length
            } else {
                out += "\\x" + (bytes[at] < 16 ? "0" : "") + String(bytes[at], radix: 16, uppercase: true)
                at += 1
            }
        }
        return out
    }

    /// The bytes of a path's text.
    public static func bytes(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        guard hasEscape(bytes) else { return bytes }
        var out: [UInt8] = []
        var at = 0
        while at < bytes.count {
            if let byte = escaped(bytes, at) {
                out.append(byte)
                at += 4
            } else {
                out.append(bytes[at])
                at += 1
            }
        }
        return out
    }

    /// Hands a path's bytes to the system.
    public static func withBytes<Result>(_ path: String, _ body: (UnsafePointer<CChar>) -> Result) -> Result {
        guard hasEscape(Array(path.utf8)) else { return path.withCString(body) }
        let characters = (bytes(path) + [0]).map(CChar.init(bitPattern:))
        return characters.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map(body) ?? path.withCString(body)
        }
    }

    private static func hasEscape(_ bytes: [UInt8]) -> Bool {
        bytes.indices.contains { bytes[$0] == UInt8(ascii: "\\") && escaped(bytes, $0) != nil }
    }

    /// The byte that `\xHH` at a place stands for.
    private static func escaped(_ bytes: [UInt8], _ at: Int) -> UInt8? {
        guard at + 3 < bytes.count, bytes[at] == UInt8(ascii: "\\"), bytes[at + 1] == UInt8(ascii: "x"),
            let high = digit(bytes[at + 2]), let low = digit(bytes[at + 3])
        else { return nil }
        return high << 4 | low
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// How many bytes a character has that begins with this one.
    private static func length(_ first: UInt8) -> Int {
        switch first {
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: 1
        }
    }
}

/// A text that equals another only byte for byte.
///
/// Swift takes `é` as one letter and as two for the same; a file system does not, and two files may be named so.
public struct ExactText: Hashable, Sendable {
    /// The text.
    public let text: String

    /// A text.
    public init(_ text: String) { self.text = text }

    /// Whether the bytes are the same.
    public static func == (a: ExactText, b: ExactText) -> Bool { a.text.utf8.elementsEqual(b.text.utf8) }

    /// Hashes the bytes.
    public func hash(into hasher: inout Hasher) { for byte in text.utf8 { hasher.combine(byte) } }
}
