/// A document that somebody wrote and that cannot be used: where, what, and what to do.
public protocol DocumentFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// A fault in words, one line for a person.
    init(description: String)
}

extension DocumentFault {
    /// A fault at a line of a file; line 0 for the file as a whole.
    public init(_ file: String, line: Int = 0, _ what: String) {
        self.init(description: line > 0 ? "\(file):\(line): \(what)" : "\(file): \(what)")
    }
}
