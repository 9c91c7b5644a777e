/// Base64 (RFC 4648, section 4), read strictly or with named tolerances, and written.
///
/// The fault never repeats the text, because the text is often a key.
public enum Base64Text {
    /// What is wrong with a text.
    public enum Fault: Error, Equatable, Sendable, CustomStringConvertible {
        /// More characters than the caller allows.
        case tooLong(limit: Int)
        /// A character outside the alphabet at this place, counted in bytes from 0.
        case illegalCharacter(at: Int)
        /// `-` or `_`: the URL alphabet of RFC 4648, section 5.
        case urlAlphabet(at: Int)
        /// A space, tab or line end at this place.
        case whiteSpace(at: Int)
        /// The number of characters cannot come from whole bytes.
        case length(Int)
        /// The final `=` are missing, too many or not at the end.
        case padding
        /// The last character carries bits that belong to no byte (RFC 4648, section 3.5).
        case trailingBits

        /// What is wrong, in words, without the text itself.
        public var description: String {
            switch self {
            case .tooLong(let limit): "longer than \(limit) characters"
            case .illegalCharacter(let place): "not base64 at character \(place + 1)"
            case .urlAlphabet(let place): "base64url instead of base64 at character \(place + 1)"
            case .whiteSpace(let place): "white space at character \(place + 1)"
            case .length(let count): "\(count) characters cannot be base64"
            case .padding: "the final = signs are wrong or missing"
            case .trailingBits: "the last character carries stray bits"
            }
        }
    }

    /// What a reader may forgive.
    public struct Tolerance: OptionSet, Sendable {
        /// The raw bits.
        public let rawValue: Int

        /// Wraps raw bits.
        public init(rawValue: Int) { self.rawValue = rawValue }

        /// Spaces, tabs and line ends anywhere.
        public static let whiteSpace = Tolerance(rawValue: 1)
        /// No `=` at the end, or too few.
        public static let missingPadding = Tolerance(rawValue: 2)
        /// `-` for `+` and `_` for `/`.
        public static let urlAlphabet = Tolerance(rawValue: 4)
        /// Bits in the last character that belong to no byte.
        public static let trailingBits = Tolerance(rawValue: 8)
        /// What the .NET decoder of the service forgives.
        public static let dotnet: Tolerance = [.whiteSpace, .trailingBits]
        /// Everything above.
        public static let everything: Tolerance = [.whiteSpace, .missingPadding, .urlAlphabet, .trailingBits]
    }

    /// Decodes a text of at most `limit` bytes, forgiving only what is named.
    public static func decode(
        _ text: String,
        forgiving tolerance: Tolerance = [],
        limit: Int = 65_536
    ) throws(Fault) -> [UInt8] {
        guard text.utf8.count <= limit else { throw .tooLong(limit: limit) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count / 4 * 3)
        var bits: UInt32 = 0
        var digits = 0
        var padding = 0
        for (place, character) in text.utf8.enumerated() {
            if character == 0x20 || (0x09...0x0D).contains(character) {
                guard tolerance.contains(.whiteSpace) else { throw .whiteSpace(at: place) }
                continue
            }
            if character == UInt8(ascii: "=") {
                padding += 1
                continue
            }
            guard padding == 0 else { throw .padding }
            bits = bits << 6 | UInt32(try value(character, at: place, tolerance))
            digits += 1
            if digits % 4 == 0 {
                bytes.append(UInt8(truncatingIfNeeded: bits >> 16))
                bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
                bytes.append(UInt8(truncatingIfNeeded: bits))
                bits = 0
            }
        }
        let rest = digits % 4
        guard rest != 1 else { throw .length(digits) }
        let wanted = rest == 0 ? 0 : 4 - rest
        guard padding == wanted || (padding < wanted && tolerance.contains(.missingPadding)) else { throw .padding }
        let stray: UInt32 = rest == 2 ? bits & 0xF : rest == 3 ? bits & 0x3 : 0
        guard stray == 0 || tolerance.contains(.trailingBits) else { throw .trailingBits }
        if rest == 2 { bytes.append(UInt8(truncatingIfNeeded: bits >> 4)) }
        if rest == 3 {
            bytes.append(UInt8(truncatingIfNeeded: bits >> 10))
            bytes.append(UInt8(truncatingIfNeeded: bits >> 2))
        }
        return bytes
    }

    /// Writes bytes in the standard alphabet with padding.
    public static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        var group: [UInt8] = []
        func flush() {
            let word = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
            for place in 0..<4 {
                let index = Int(word >> UInt32(18 - 6 * place) & 0x3F)
                text.append(place <= group.count ? alphabet[index] : UInt8(ascii: "="))
            }
            group.removeAll(keepingCapacity: true)
        }
        for byte in bytes {
            group.append(byte)
            if group.count == 3 { flush() }
        }
        if !group.isEmpty { flush() }
        return String(decoding: text, as: UTF8.self)
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private static func value(
        _ character: UInt8,
        at place: Int,
        _ tolerance: Tolerance
    ) throws(Fault) -> UInt8 {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): return character - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): return character - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return character - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): return 62
        case UInt8(ascii: "/"): return 63
        case UInt8(ascii: "-"), UInt8(ascii: "_"):
            guard tolerance.contains(.urlAlphabet) else { throw .urlAlphabet(at: place) }
            return character == UInt8(ascii: "-") ? 62 : 63
        default: throw .illegalCharacter(at: place)
        }
    }
}
