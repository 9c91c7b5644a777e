/// What a rule's findings say did not happen, so that records that could not be read may stand against them.
///
/// The card says it as `between dps; after hub`: kind and service, with a semicolon between two of them.
public struct AbsenceClaim: Sendable, Hashable {
    /// What did not happen, and when.
    public enum Kind: String, Sendable, CaseIterable {
        /// No success between the failures that are counted: each lost record may have been one.
        case between
        /// Nothing at all between the first and the last.
        case within
        /// Nothing around them either: from an hour before to two hours after.
        case near
        /// Nothing after the last.
        case after
        /// Nothing ever.
        case ever
        /// Nothing that explains those that are counted: each lost record may have explained one.
        case count
        /// The same of devices.
        case devices
    }

    /// What did not happen.
    public var kind: Kind
    /// Whose log would tell: `dps` or `hub`.
    public var service: String

    /// Reads what a card says; nil if it cannot be read.
    static func parse(_ text: String) -> [AbsenceClaim]? {
        var claims: [AbsenceClaim] = []
        for part in text.split(separator: ";") {
            let words = part.split(separator: " ").map(String.init)
            guard words.count == 2, let kind = Kind(rawValue: words[0]), ["dps", "hub"].contains(words[1]) else {
                return nil
            }
            claims.append(AbsenceClaim(kind: kind, service: words[1]))
        }
        return claims.isEmpty ? nil : claims
    }
}
