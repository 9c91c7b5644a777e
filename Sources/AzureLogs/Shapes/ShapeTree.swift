/// The texts of records that were read before, with their variable parts left out: a record that differs from one of
/// them in nothing but these parts needs no parsing.
///
/// Services write the same few hundred texts over and over: all but the time, the ids, the address, the SDK and the
/// duration is the same, byte for byte. A record is walked down a tree of such texts; where it leaves the tree, the
/// general way of `RecordReader` reads it. So what is found here is right by construction: equal bytes around parts
/// that hold neither quotes nor escapes mean equal members. Tests compare both ways on damaged records.
///
/// The tree is bounded: a file of ever new texts stops being learned from, and is read the general way.
struct ShapeTree: Sendable {
    private static let maxBytes = 1 << 21
    private static let maxNodes = 1 << 14

    private struct Node: BitwiseCopyable {
        /// The literal in `arena` that leads here.
        var start: Int32 = 0
        var count: Int32 = 0
        /// First of the literals that may follow, and the next one beside this; -1 for none.
        var child: Int32 = -1
        var sibling: Int32 = -1
        /// Where a variable part leads, -1 if none may follow.
        var variable: Int32 = -1
        /// The shape that ends here, -1 if the text goes on.
        var shape: Int32 = -1
        var part = ShapePart.dropped
        var first: UInt8 = 0
    }

    private var nodes = [Node()]
    /// The literals, and eight bytes more so that words can be compared.
    private var arena = [UInt8](repeating: 0, count: 8)
    private var shapes: [Shape] = []

    /// What is known of a shape.
    func shape(_ index: Int) -> Shape { shapes[index] }

    /// The shape of a record's text, with its parts; -1 if it has none that is known.
    @inline(__always)
    func match(_ text: RawSpan, _ range: Range<Int>, _ parts: inout ShapeParts) -> Int {
        let nodes = nodes.span
        let literals = arena.span.bytes
        var at = range.lowerBound
        let end = range.upperBound
        var index = 0
        while true {
            let node = nodes[index]
            let count = Int(node.count)
            if end &- at < count || !Fingerprint.equal(literals, Int(node.start), text, at, count) { return -1 }
            at &+= count
            if node.shape >= 0 { return at == end ? Int(node.shape) : -1 }
            var next = Int(node.child)
            if next >= 0 {
                let byte = Scan.byte(text, at)
                while next >= 0, nodes[next].first != byte { next = Int(nodes[next].sibling) }
            }
            if next < 0 {
                next = Int(node.variable)
                if next < 0 || !parts.take(node.part, text, &at, end) { return -1 }
            }
            index = next
        }
    }

    /// Adds a shape; nil if the tree is full, or the text contradicts what was learned before.
    mutating func add(_ pieces: [ShapePiece], _ text: RawSpan, _ shape: Shape) -> Int? {
        let size = pieces.reduce(0) { $0 + $1.range.count }
        guard arena.count + size < Self.maxBytes, nodes.count + 2 * pieces.count < Self.maxNodes else { return nil }
        var index = 0
        for piece in pieces {
            if let part = piece.part {
                guard let next = follow(part, from: index) else { return nil }
                index = next
            } else {
                guard let next = follow(piece.range, of: text, from: index) else { return nil }
                index = next
            }
        }
        guard nodes[index].shape < 0, nodes[index].child < 0, nodes[index].variable < 0 else { return nil }
        nodes[index].shape = Int32(shapes.count)
        shapes.append(shape)
        return shapes.count - 1
    }

    private mutating func follow(_ part: ShapePart, from index: Int) -> Int? {
        if nodes[index].variable >= 0 { return nodes[index].part == part ? Int(nodes[index].variable) : nil }
        guard nodes[index].shape < 0 else { return nil }
        nodes[index].variable = Int32(nodes.count)
        nodes[index].part = part
        nodes.append(Node())
        return nodes.count - 1
    }

    private mutating func follow(_ range: Range<Int>, of text: RawSpan, from start: Int) -> Int? {
        var index = start
        var at = range.lowerBound
        while at < range.upperBound {
            guard nodes[index].shape < 0 else { return nil }
            let byte = Scan.byte(text, at)
            var next = Int(nodes[index].child)
            while next >= 0, nodes[next].first != byte { next = Int(nodes[next].sibling) }
            if next < 0 { return branch(at..<range.upperBound, of: text, from: index) }
            var same = 0
            while same < nodes[next].count, at + same < range.upperBound,
                arena[Int(nodes[next].start) + same] == Scan.byte(text, at + same)
            {
                same += 1
            }
            if same < nodes[next].count { split(next, after: same) }
            at += same
            index = next
        }
        return index
    }

    private mutating func branch(_ range: Range<Int>, of text: RawSpan, from index: Int) -> Int {
        var node = Node()
        node.first = Scan.byte(text, range.lowerBound)
        node.count = Int32(range.count)
        arena.removeLast(8)
        node.start = Int32(arena.count)
        for at in range { arena.append(Scan.byte(text, at)) }
        arena.append(contentsOf: repeatElement(0, count: 8))
        node.sibling = nodes[index].child
        nodes[index].child = Int32(nodes.count)
        nodes.append(node)
        return nodes.count - 1
    }

    /// Cuts a node's literal in two; the node keeps the first part, and what followed it moves to a new one.
    private mutating func split(_ index: Int, after count: Int) {
        var rest = nodes[index]
        rest.start += Int32(count)
        rest.count -= Int32(count)
        rest.first = arena[Int(rest.start)]
        rest.sibling = -1
        nodes[index].count = Int32(count)
        nodes[index].child = Int32(nodes.count)
        nodes[index].variable = -1
        nodes[index].shape = -1
        nodes.append(rest)
    }
}

/// What all records of one shape share.
struct Shape: BitwiseCopyable, Sendable {
    /// The duration, if it is no part that varies.
    var duration: Int64?
    /// The sum over the members that are not known: they are literal in a shape.
    var unknownSum: UInt64
    /// Whether every part that varies is one that the reader keeps.
    var isWhole: Bool
}

/// A piece of a record's text: a literal, or a part that varies.
struct ShapePiece: Sendable {
    var range: Range<Int>
    /// What the part holds; nil for a literal.
    var part: ShapePart?
}
