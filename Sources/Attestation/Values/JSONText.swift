import Basics

/// Writes JSON with the members of a verdict in the order of the contract and all others by name.
public enum JSONText {
    /// The value on one line.
    public static func line(_ value: JSONValue) -> String {
        var text = ""
        write(value, indent: nil, depth: 0, into: &text)
        return text
    }

    /// The value over many lines, two spaces a level, without a final line end.
    public static func pretty(_ value: JSONValue) -> String {
        var text = ""
        write(value, indent: 2, depth: 0, into: &text)
        return text
    }

    private static let order: [String: Int] = Dictionary(
        [
            "decision", "httpStatus", "errorCode", "trackingId", "message", "enrollment", "kind", "id", "step",
            "result", "detail", "steps", "hub", "probability", "assignedHub", "candidateHubs", "deviceId",
            "operationId", "status", "substatus", "mistake", "confidence", "explanation", "fix", "compared",
            "diagnosis", "twin", "response",
        ].enumerated().map { ($1, $0) }
    ) { first, _ in first }

    private static func write(_ value: JSONValue, indent: Int?, depth: Int, into text: inout String) {
        switch value {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .number(let value): text += value.isFinite ? "\(value)" : "null"
        case .string(let value): text += JSONString.quoted(value)
        case .array(let elements):
            list("[", "]", elements.count, indent, depth, &text) { place, text in
                write(elements[place], indent: indent, depth: depth + 1, into: &text)
            }
        case .object(let members):
            let names = members.keys.sorted {
                (order[$0] ?? .max, $0) < (order[$1] ?? .max, $1)
            }
            list("{", "}", names.count, indent, depth, &text) { place, text in
                text += JSONString.quoted(names[place])
                text += indent == nil ? ":" : ": "
                write(members[names[place]] ?? .null, indent: indent, depth: depth + 1, into: &text)
            }
        }
    }

    private static func list(
        _ open: String,
        _ close: String,
        _ count: Int,
        _ indent: Int?,
        _ depth: Int,
        _ text: inout String,
        _ element: (Int, inout String) -> Void
    ) {
        text += open
        for place in 0..<count {
            if place > 0 { text += "," }
            if let indent { text += "\n" + String(repeating: " ", count: indent * (depth + 1)) }
            element(place, &text)
        }
        if let indent, count > 0 { text += "\n" + String(repeating: " ", count: indent * depth) }
        text += close
    }
}
