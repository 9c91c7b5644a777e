import Basics
import Crypto
import FoundationEssentials

/// A key that cannot be used for pseudonyms.
public struct RedactionKeyError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, without any of the key.
    public let description: String
}

/// The secret behind the pseudonyms of a report: without it nobody can try names and see which pseudonym comes out.
public struct RedactionKey: Sendable, CustomStringConvertible {
    /// The fewest bytes: shorter ones can be tried one by one.
    public static let fewest = 16
    /// The most bytes: more is another file by mistake.
    public static let most = 4096

    private let key: SymmetricKey

    /// A key of bytes as they are; a line's end counts as well.
    ///
    /// What this does not check: that the bytes are random.
    ///
    /// - Throws: `RedactionKeyError` for too few or too many.
    public init(_ bytes: [UInt8]) throws(RedactionKeyError) {
        guard bytes.count >= Self.fewest else {
            throw RedactionKeyError(
                description: "a key of \(bytes.count) bytes is too short; it has at least \(Self.fewest), such as"
                    + " `openssl rand -hex 32` gives"
            )
        }
        guard bytes.count <= Self.most else {
            throw RedactionKeyError(description: "it is longer than \(Self.most) bytes, which no key is")
        }
        key = SymmetricKey(data: bytes)
    }

    /// Never the key.
    public var description: String { "a key" }

    /// The first hexadecimal digits of HMAC-SHA256 over a text; `use` sets one kind of text apart from another.
    func digits(_ text: String, use: String, count: Int) -> String {
        var hmac = HMAC<SHA256>(key: key)
        hmac.update(data: Data("\(use)\u{1F}\(text)".utf8))
        return String(Hex.text(hmac.finalize()).prefix(count))
    }
}
