import AzureLogs
import Basics

/// A case beside a rule: log records in, findings out.
struct RuleCase: Sendable {
    /// What must hold.
    var name: String
    /// The records, one JSON object a line.
    var lines: [String]
    /// For each finding the values that must be as said.
    var expected: [[String: String]]

    /// Reads the cases of a rule: `{"cases":[{"name", "records":[…], "expect":[{…}]}]}`.
    ///
    /// A record may be `{"repeat":N,"every":SECONDS,"record":{…}}`: N copies, `{n}` counted from 0 in every text, `time`
    /// moved on by as many seconds.
    ///
    /// - Throws: `RuleError` that says what is wrong.
    static func parse(_ text: String, file: String) throws(RuleError) -> [RuleCase] {
        guard let tree = JSONTree.parse(text.utf8), case .array(let cases) = tree["cases"] else {
            throw RuleError(file, "the cases are no JSON object with an array `cases`")
        }
        var parsed: [RuleCase] = []
        for item in cases {
            guard
                let name = item["name"]?.text, case .array(let records) = item["records"],
                case .array(let expected) = item["expect"]
            else { throw RuleError(file, "a case needs `name`, `records` and `expect`") }
            var lines: [String] = []
            for record in records { lines += try expand(record, file) }
            parsed.append(RuleCase(name: name, lines: lines, expected: expected.map(values)))
        }
        return parsed
    }

    private static func values(_ tree: JSONTree) -> [String: String] {
        guard case .object(let members) = tree else { return [:] }
        return Dictionary(members.map { ($0.key, $0.value.text ?? "") }) { $1 }
    }

    private static func expand(_ record: JSONTree, _ file: String) throws(RuleError) -> [String] {
        guard let pattern = record["record"], let count = record["repeat"]?.text.flatMap(Int.init) else {
            return [JSONWriter.text(record)]
        }
        guard let every = record["every"]?.text.flatMap(Int.init) else {
            throw RuleError(file, "a repeated record needs `every`, in seconds")
        }
        return (0..<count).map { n in
            JSONWriter.text(moved(filled(pattern, n), by: Int64(n * every)))
        }
    }

    private static func filled(_ tree: JSONTree, _ n: Int) -> JSONTree {
        switch tree {
        case .string(let text):
            return .string(text.split(separator: "{n}", omittingEmptySubsequences: false).joined(separator: String(n)))
        case .array(let elements): return .array(elements.map { filled($0, n) })
        case .object(let members):
            return .object(members.map { JSONTree.Member(key: $0.key, value: filled($0.value, n)) })
        default: return tree
        }
    }

    private static func moved(_ tree: JSONTree, by seconds: Int64) -> JSONTree {
        guard case .object(var members) = tree,
            let index = members.firstIndex(where: { $0.key == "time" }),
            let ticks = members[index].value.text.flatMap({ Timestamp.parse($0) })
        else { return tree }
        members[index].value = .string(Timestamp.format(microseconds: ticks / 10 + seconds * 1_000_000))
        return .object(members)
    }
}

/// JSON text of a tree.
enum JSONWriter {
    static func text(_ tree: JSONTree) -> String {
        switch tree {
        case .null: return "null"
        case .bool(let flag): return flag ? "true" : "false"
        case .number(let number): return number
        case .string(let text): return JSONString.quoted(text)
        case .array(let elements): return "[" + elements.map(text).joined(separator: ",") + "]"
        case .object(let members):
            return "{" + members.map { JSONString.quoted($0.key) + ":" + text($0.value) }.joined(separator: ",") + "}"
        }
    }
}
