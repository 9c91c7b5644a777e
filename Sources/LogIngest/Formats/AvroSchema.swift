import AzureLogs

/// The types of an Avro schema, as far as is needed to read over values (Avro specification 1.11, Schema Declaration).
indirect enum AvroSchema {
    case null, boolean, int, long, float, double, bytes, string
    case fixed(Int)
    case array(AvroSchema)
    case map(AvroSchema)
    case union([AvroSchema])
    case record([(name: String, type: AvroSchema)])
    /// A named type that is used where it was declared before, or inside of itself.
    case named(String)

    /// Deepest nesting of types that is followed.
    static let maxDepth = 32

    /// Reads a schema; nil if it is none that is known.
    ///
    /// - Parameter names: the named types declared so far.
    static func read(_ tree: JSONTree, _ names: inout [String: AvroSchema], depth: Int = 0) -> AvroSchema? {
        guard depth < maxDepth else { return nil }
        switch tree {
        case .string(let name): return simple(name) ?? .named(last(name))
        case .array(let branches):
            let read = branches.compactMap { self.read($0, &names, depth: depth + 1) }
            return read.count == branches.count ? .union(read) : nil
        case .object:
            guard case .string(let type) = tree["type"] else {
                return tree["type"].flatMap { read($0, &names, depth: depth + 1) }
            }
            return complex(type, tree, &names, depth)
        default: return nil
        }
    }

    private static func simple(_ name: String) -> AvroSchema? {
        switch name {
        case "null": .null
        case "boolean": .boolean
        case "int": .int
        case "long": .long
        case "float": .float
        case "double": .double
        case "bytes": .bytes
        case "string": .string
        default: nil
        }
    }

    private static func complex(
        _ type: String,
        _ tree: JSONTree,
        _ names: inout [String: AvroSchema],
        _ depth: Int
    ) -> AvroSchema? {
        let schema: AvroSchema?
        switch type {
        case "enum": schema = .int
        case "fixed": schema = tree["size"]?.text.flatMap { Int($0) }.flatMap { $0 >= 0 ? .fixed($0) : nil }
        case "array": schema = tree["items"].flatMap { read($0, &names, depth: depth + 1) }.map { .array($0) }
        // The first writers of Event Hubs Capture spelled the member as the plural.
        case "map":
            schema = (tree["values"] ?? tree["value"]).flatMap { read($0, &names, depth: depth + 1) }.map { .map($0) }
        case "record":
            guard case .array(let fields) = tree["fields"] else { return nil }
            var read: [(String, AvroSchema)] = []
            for field in fields {
                guard let name = field["name"]?.text, let type = field["type"] else { return nil }
                guard let schema = self.read(type, &names, depth: depth + 1) else { return nil }
                read.append((name, schema))
            }
            schema = .record(read)
        default: return simple(type) ?? .named(last(type))
        }
        if let schema, let name = tree["name"]?.text { names[last(name)] = schema }
        return schema
    }

    /// The name without its namespace.
    private static func last(_ name: String) -> String { String(name.split(separator: ".").last ?? "") }
}

/// Reads over values of a block, by their schema.
struct AvroCursor {
    let bytes: [UInt8]
    var at = 0
    private let names: [String: AvroSchema]

    init(_ bytes: [UInt8], _ names: [String: AvroSchema]) {
        self.bytes = bytes
        self.names = names
    }

    /// A number in zigzag form, least group of seven bits first; nil if the block ends, or it is too long.
    mutating func long() -> Int? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard at < bytes.count else { return nil }
            let byte = bytes[at]
            at += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return Int(Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)) }
        }
        return nil
    }

    /// A length, and as many bytes.
    mutating func run() -> Range<Int>? {
        guard let count = long(), count >= 0, count <= bytes.count - at else { return nil }
        defer { at += count }
        return at..<at + count
    }

    private mutating func over(_ count: Int) -> Bool {
        guard count >= 0, count <= bytes.count - at else { return false }
        at += count
        return true
    }

    /// Reads over a value; false if the block ends inside of it.
    mutating func skip(_ schema: AvroSchema, depth: Int = 0) -> Bool {
        guard depth < AvroSchema.maxDepth else { return false }
        switch schema {
        case .null: return true
        case .boolean: return over(1)
        case .int, .long: return long() != nil
        case .float: return over(4)
        case .double: return over(8)
        case .bytes, .string: return run() != nil
        case .fixed(let size): return over(size)
        case .array(let items): return blocks { $0.skip(items, depth: depth + 1) }
        case .map(let values): return blocks { $0.run() != nil && $0.skip(values, depth: depth + 1) }
        case .union(let branches):
            guard let branch = long(), branches.indices.contains(branch) else { return false }
            return skip(branches[branch], depth: depth + 1)
        case .record(let fields): return fields.allSatisfy { skip($0.type, depth: depth + 1) }
        case .named(let name): return names[name].map { skip($0, depth: depth + 1) } ?? false
        }
    }

    /// Reads over the blocks of an array or map.
    private mutating func blocks(_ item: (inout AvroCursor) -> Bool) -> Bool {
        while true {
            guard var count = long() else { return false }
            if count == 0 { return true }
            if count < 0 {
                guard let size = long(), count > Int.min else { return false }
                _ = size
                count = -count
            }
            for _ in 0..<count {
                let before = at
                guard item(&self) else { return false }
                // Items without bytes could be counted for ever.
                if at == before, count > bytes.count { return false }
            }
        }
    }

    /// The bytes of a value that is a text or bytes, or a union of these with null; nil for null.
    ///
    /// - Returns: false if it is anything else, or the block ends.
    mutating func content(_ schema: AvroSchema, into range: inout Range<Int>?) -> Bool {
        switch schema {
        case .bytes, .string:
            range = run()
            return range != nil
        case .null: return true
        case .union(let branches):
            guard let branch = long(), branches.indices.contains(branch) else { return false }
            if case .union = branches[branch] { return false }
            return content(branches[branch], into: &range)
        default: return false
        }
    }
}
