internal import Crypto

/// Key material that cannot be printed, encoded or compared in a way that tells its bytes by timing.
///
/// The bytes lie in swift-crypto's key storage, which is overwritten when the last copy goes. What is *not* promised:
/// the caller's own text or array that the bytes came from is not wiped.
public struct SecretBytes: Sendable {
    let key: Crypto.SymmetricKey

    /// Takes over the given bytes.
    public init(_ bytes: some Sequence<UInt8>) {
        key = Crypto.SymmetricKey(data: Array(bytes))
    }

    /// The number of bytes.
    public var count: Int { key.bitCount / 8 }

    /// Whether both hold the same bytes, in a time that does not depend on where they differ.
    public func matches(_ other: SecretBytes) -> Bool {
        key == other.key
    }

    /// Lends the bytes for the length of the closure; the only way out, so that every use is easy to find.
    public func withBytes<Result>(_ body: ([UInt8]) throws -> Result) rethrows -> Result {
        try body(key.withUnsafeBytes { Array($0) })
    }

    /// The HMAC-SHA256 of a message under this key, 32 bytes (RFC 2104, FIPS 198-1).
    public func hmacSHA256(_ message: some Sequence<UInt8>) -> [UInt8] {
        HMAC<SHA256>.authenticationCode(for: Array(message), using: key).withUnsafeBytes { Array($0) }
    }
}

extension SecretBytes: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The length alone.
    public var description: String { "\(count) secret bytes" }

    /// The length alone, in a debugger and in dumps too.
    public var debugDescription: String { description }

    /// Nothing: a mirror would show the bytes.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Compares bytes in a time that depends only on their number.
///
/// For signatures and codes that were received; keys have ``SecretBytes/matches(_:)``.
public func equalInConstantTime(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    var difference: UInt8 = 0
    for (one, other) in zip(left, right) { difference |= one ^ other }
    return difference == 0
}
