/// The rules for registration ids (DPS documentation, service concepts).
public enum RegistrationID {
    /// Why a text cannot be a registration id; nil if it can.
    ///
    /// 1 to 128 of letters, digits and `- . _ :`, the first a letter or digit, the last a letter, digit or `-`. The API
    /// specification also forbids `-` at the end; where the sources differ the milder rule counts.
    public static func complaint(_ id: String) -> String? {
        let bytes = Array(id.utf8)
        guard let first = bytes.first, let last = bytes.last else { return "it is empty" }
        guard bytes.count <= 128 else { return "it has \(bytes.count) characters, 128 are allowed" }
        if let place = bytes.firstIndex(where: { !isPlain($0) && !Array("-._:".utf8).contains($0) }) {
            return "character \(place + 1) is not a letter, digit, -, ., _ or :"
        }
        guard isPlain(first) else { return "it does not begin with a letter or digit" }
        guard isPlain(last) || last == UInt8(ascii: "-") else { return "it does not end with a letter, digit or -" }
        return nil
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
