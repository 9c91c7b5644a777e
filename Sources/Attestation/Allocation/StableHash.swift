internal import Crypto
internal import Foundation

/// A hash that is the same on every machine and in every run.
enum StableHash {
    static func bytes(_ text: String) -> [UInt8] { Array(SHA256.hash(data: Array(text.utf8))) }

    static func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    static func sha256(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }
}

/// The one function of mathematics that allocation needs.
enum NaturalLogarithm {
    static func of(_ value: Double) -> Double { log(value) }
}
