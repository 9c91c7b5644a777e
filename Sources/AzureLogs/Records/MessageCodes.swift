/// Codes that stand inside of messages: DPS hands on a hub's error as JSON in a string, or as `ErrorCode:Name`.
enum MessageCodes {
    /// The six-digit code that a message names, nil if it names none.
    static func code(in message: String) -> Int? {
        guard message.contains("rrorCode") else { return nil }
        for name in HubErrorCatalogue.connecting where message.contains("ErrorCode:\(name.name)") { return name.code }
        var rest = message[...]
        while let found = rest.range(of: "rrorCode") {
            rest = rest[found.upperBound...]
            let digits = rest.drop { !$0.isNumber && $0 != "," && $0 != "}" }.prefix { $0.isNumber }
            if digits.count == 6, let code = Int(digits) { return code }
        }
        return nil
    }

    /// The code that a text means by its name, where the record has no number: `IotHubUnauthorized` of a hub, the phrase of
    /// an HTTP status or a missing enrollment of DPS; nil for any other words.
    static func code(named text: String, by service: LogService) -> Int? {
        let words = text.trimmingSpaces.lowercased()
        if words.isEmpty { return nil }
        if service == .hub { return HubErrorCatalogue.code(named: words) }
        if let status = phrases[words] { return status }
        let isMissing = words.contains("not found") || words.contains("does not exist")
        return isMissing && (words.contains("enrollment") || words.contains("registration")) ? 404 : nil
    }

    /// The phrases of HTTP statuses (RFC 9110, section 15; 429: RFC 6585) that DPS documents.
    private static let phrases: [String: Int] = [
        "bad request": 400, "unauthorized": 401, "forbidden": 403, "not found": 404, "method not allowed": 405,
        "conflict": 409, "precondition failed": 412, "unsupported media type": 415, "too many requests": 429,
        "internal server error": 500, "service unavailable": 503,
    ]
}

extension Substring {
    /// The first place of a text, found without Foundation.
    fileprivate func range(of text: String) -> Range<Index>? {
        var at = startIndex
        while at < endIndex {
            if self[at...].hasPrefix(text) { return at..<index(at, offsetBy: text.count) }
            at = index(after: at)
        }
        return nil
    }
}
