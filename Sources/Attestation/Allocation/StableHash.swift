internal import Crypto
internal import Glibc

/// A hash that is the same on every machine and in every run.
enum StableHash {
    static func bytes(_ text: String) -> [UInt8] { sha256(Array(text.utf8)) }

    static func sha256(_ bytes: [UInt8]) -> [UInt8] { SHA256.hash(data: bytes).withUnsafeBytes { Array($0) } }
}

/// The one function of mathematics that allocation needs.
enum NaturalLogarithm {
    static func of(_ value: Double) -> Double { log(value) }
}
