internal import Foundation

/// Any JSON, for the parts of a document that only pass through: payloads, twins, capabilities.
public enum JSONValue: Sendable, Equatable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number without fraction that fits 64 bits.
    case integer(Int64)
    /// Any other number.
    case number(Double)
    /// A text.
    case string(String)
    /// A list.
    case array([JSONValue])
    /// Named members; their order is not kept.
    case object([String: JSONValue])

    /// Why bytes are not JSON that is read here.
    public struct Fault: Error, Equatable, Sendable, CustomStringConvertible {
        /// What is wrong; for JSON that does not parse, without its text, which may hold keys.
        public let description: String
    }

    /// The largest document that is read: 256 MiB.
    public static let largest = 268_435_456

    /// Reads UTF-8 JSON; depth is bounded by the decoder, size by ``largest``.
    public init(utf8 bytes: some Sequence<UInt8>) throws(Fault) {
        let data = Data(bytes)
        guard data.count <= JSONValue.largest else {
            throw Fault(description: "larger than \(JSONValue.largest) bytes")
        }
        do {
            self = try JSONDecoder().decode(JSONValue.self, from: data)
        } catch {
            throw Fault(description: JSONValue.place(of: error))
        }
    }

    /// The member of that name, if this is an object and the member is not `null`.
    public subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self, let member = members[name], member != .null else { return nil }
        return member
    }

    /// The text, if this is one.
    public var text: String? { if case .string(let text) = self { text } else { nil } }

    /// The truth value, if this is one.
    public var truth: Bool? { if case .bool(let truth) = self { truth } else { nil } }

    /// The number, if this is a whole one.
    public var whole: Int64? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int64(exactly: value)
        default: nil
        }
    }

    /// The elements, if this is a list.
    public var elements: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }

    /// The members, if this is an object.
    public var members: [String: JSONValue]? { if case .object(let members) = self { members } else { nil } }

    /// Where the decoder stopped, without the text that it stopped at.
    private static func place(of error: any Error) -> String {
        guard let error = error as? DecodingError, case .dataCorrupted(let context) = error else {
            return "not JSON"
        }
        let underlying = context.underlyingError.map { ($0 as NSError).userInfo }
        if let line = underlying?["NSJSONSerializationErrorIndex"] { return "not JSON at byte \(line)" }
        return "not JSON"
    }
}

extension JSONValue: Codable {
    /// Reads any JSON.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    /// Writes any JSON.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral
{
    /// A text.
    public init(stringLiteral value: String) { self = .string(value) }

    /// An object; of a name that stands twice the last one counts.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(Dictionary(elements) { _, last in last })
    }

    /// A list.
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }

    /// A truth value.
    public init(booleanLiteral value: Bool) { self = .bool(value) }

    /// A whole number.
    public init(integerLiteral value: Int64) { self = .integer(value) }
}
