import AzureLogs

/// One of several parts of a fleet: the devices whose ids have a hash that leaves this remainder.
public struct PartNumber: Sendable, Hashable, CustomStringConvertible {
    /// Which one, from 0.
    public var number: Int
    /// How many there are.
    public var count: Int

    /// A part; nil if there is no such one.
    public init?(_ number: Int, of count: Int) {
        guard count > 0, (0..<count).contains(number) else { return nil }
        (self.number, self.count) = (number, count)
    }

    /// A part as `K/N`, K from 0; nil for anything else.
    public init?(_ text: String) {
        let sides = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard sides.count == 2, let number = sides[0], let count = sides[1] else { return nil }
        self.init(number, of: count)
    }

    /// `K/N`.
    public var description: String { "\(number)/\(count)" }

    /// Whether what has a key belongs to the part.
    public func holds(_ key: String) -> Bool {
        Int(Fingerprint.hash(key, seed: 0x7061_7274) % UInt64(count)) == number
    }
}
