/// A text that is made part by part while it is written, so that a long one is never whole in memory.
public struct TextParts {
    /// Takes the next piece of the text.
    public typealias Sink = (String) throws -> Void

    private let make: (Sink) throws -> Void
    /// How many bytes are handed on at a time, about.
    public static let size = 1 << 16

    /// A text of pieces.
    ///
    /// - Parameter make: gives the pieces in their order; throws what the sink throws, and what keeps it from making more.
    public init(_ make: @escaping (Sink) throws -> Void) { self.make = make }

    /// A text that is there already.
    public init(_ text: String) { make = { try $0(text) } }

    /// Hands the text on in parts of some size.
    ///
    /// - Throws: what `body` throws, then nothing more is made; and what kept the text from being made.
    public func forEach(_ body: Sink) throws {
        var part = ""
        part.reserveCapacity(Self.size * 2)
        try make { piece in
            part += piece
            if part.utf8.count < Self.size { return }
            try body(part)
            part.removeAll(keepingCapacity: true)
        }
        if !part.isEmpty { try body(part) }
    }
}
