import Basics

/// A JSON value whose members keep their order; what is written is escaped, so that nothing can be forgotten.
indirect enum JSONNode: Sendable {
    case string(String)
    case integer(Int)
    case bool(Bool)
    case array([JSONNode])
    case object([(String, JSONNode?)])

    /// The value on one line; members that are nil are left out.
    var text: String {
        switch self {
        case .string(let text): JSONString.quoted(text)
        case .integer(let number): String(number)
        case .bool(let value): value ? "true" : "false"
        case .array(let items): "[" + items.map(\.text).joined(separator: ",") + "]"
        case .object(let members):
            "{"
                + members.compactMap { name, value in value.map { JSONString.quoted(name) + ":" + $0.text } }.joined(
                    separator: ","
                )
                + "}"
        }
    }

    /// A text, or nil for none.
    static func optional(_ text: String?) -> JSONNode? { text.map(JSONNode.string) }
}
