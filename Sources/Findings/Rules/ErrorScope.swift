/// The errors that a rule's findings speak of: of which service, and with which codes.
///
/// The card says it as `dps 401, 404` or `hub`, both behind each other with a semicolon between. A code of three digits stands for
/// all of six that begin with it.
public struct ErrorScope: Sendable, Hashable {
    /// `dps` or `hub`.
    public var service: String
    /// HTTP statuses and six-digit codes; empty for every error of the service.
    public var codes: [Int]

    /// Whether an error is one of them.
    ///
    /// - Parameter code: 0 where none was logged.
    public func holds(_ service: String, _ code: Int) -> Bool {
        self.service == service
            && (codes.isEmpty || codes.contains(code) || code >= 1000 && codes.contains(code / 1000))
    }

    /// Reads what a card says; nil if it cannot be read.
    static func parse(_ text: String) -> [ErrorScope]? {
        var scopes: [ErrorScope] = []
        for part in text.split(separator: ";") {
            let words = part.split(whereSeparator: { $0 == " " || $0 == "," })
            guard let service = words.first.map(String.init), service == "dps" || service == "hub" else { return nil }
            let codes = words.dropFirst().map { Int($0) ?? 0 }
            guard codes.allSatisfy({ (100...599).contains($0) || (100_000...599_999).contains($0) }) else { return nil }
            scopes.append(ErrorScope(service: service, codes: codes))
        }
        return scopes.isEmpty ? nil : scopes
    }
}
