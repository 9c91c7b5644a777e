/// Records whose texts do not repeat: each has its members in an order of its own, and devices have SDKs of many versions.
///
/// Some writers keep members in tables without an order; reading must not rest on texts that come again and again. What
/// a record says stays the same but for the SDK.
public struct VariedRecords {
    private var random: SplitMix64

    /// A generator of orders.
    public init(seed: UInt64) { random = SplitMix64(seed: seed) }

    /// The same lines, each with another order of its members, and of those inside of `properties`.
    public mutating func vary(_ lines: String) -> String {
        lines.split(separator: "\n").map { vary($0) + "\n" }.joined()
    }

    private mutating func vary(_ record: Substring) -> String {
        // A record that is delivered twice has the same SDK both times.
        let version = record.utf8.reduce(UInt32(0)) { $0 &* 31 &+ UInt32($1) } % 140
        let sdk = "azure-iot-device-iothub-py/2.\(version / 10).\(version % 10) (python 3.9.2; Linux; armv7l)"
        let text = String(record).replacing(FleetLog.sdk, with: sdk)
        let mark = "\"properties\":\"{"
        guard let start = text.firstRange(of: mark)?.upperBound,
            let end = text[start...].firstRange(of: "}\"")?.lowerBound
        else { return shuffled(text, quote: "\"") }
        let inner = shuffled("{" + text[start..<end] + "}", quote: "\\\"")
        // The properties stand aside meanwhile: their commas are not the record's.
        let outer = shuffled(String(text[..<start] + text[end...]), quote: "\"")
        return outer.replacing(mark + "}\"", with: mark + inner.dropFirst() + "\"")
    }

    /// An object's members in another order; none of them is a container.
    private mutating func shuffled(_ object: String, quote: String) -> String {
        // Members begin behind a comma with a quote and a letter; no value of ours has such a comma in it.
        var members = object.dropFirst().dropLast().split(separator: "," + quote).map(String.init)
        if let first = members.first, first.hasPrefix(quote) { members[0] = String(first.dropFirst(quote.count)) }
        members.shuffle(using: &random)
        return "{" + members.map { quote + $0 }.joined(separator: ",") + "}"
    }
}
