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
