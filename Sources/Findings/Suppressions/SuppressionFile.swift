import AzureLogs
public import Basics
import Yams

/// A file of suppressions that cannot be used: where, what, and what to do.
public struct SuppressionError: DocumentFault {
    /// One line for a person.
    public let description: String

    /// A fault in words.
    public init(description: String) { self.description = description }
}

/// Reads and writes the YAML file of suppressions (docs/suppressions.md).
public enum SuppressionFile {
    static let keys = ["rule", "subject", "reason", "owner", "expires"]

    /// Reads the file's text.
    ///
    /// - Throws: `SuppressionError` with the line: nothing of a file with a mistake is used.
    public static func parse(_ text: String, file: String, rules: RuleSet) throws(SuppressionError) -> [Suppression] {
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            throw SuppressionError(file, "it is not YAML: \(YAMLFault.describe(error))")
        }
        guard let root else { return [] }
        guard let mapping = root.mapping else {
            throw SuppressionError(file, line: 1, "a mapping with `version` and `suppressions` is expected")
        }
        for (key, _) in mapping where key.string != "version" && key.string != "suppressions" {
            throw unknown(key, among: ["version", "suppressions"], file)
        }
        guard let version = mapping["version"] else {
            throw SuppressionError(file, line: 1, "`version: 1` is missing")
        }
        guard version.int == 1 else {
            throw SuppressionError(file, line: line(version), "version \(version.string ?? "?") is not known; it is 1")
        }
        guard let list = mapping["suppressions"], list.null == nil else { return [] }
        guard let entries = list.sequence else {
            throw SuppressionError(file, line: line(list), "`suppressions` is a list")
        }
        var result: [Suppression] = []
        for entry in entries { result.append(try suppression(entry, file, rules)) }
        return result
    }

    private static func suppression(_ node: Node, _ file: String, _ rules: RuleSet) throws(SuppressionError)
        -> Suppression
    {
        guard let mapping = node.mapping else {
            throw SuppressionError(file, line: line(node), "an entry has the keys \(keys.joined(separator: ", "))")
        }
        for (key, _) in mapping where !keys.contains(key.string ?? "") { throw unknown(key, among: keys, file) }
        var values: [String: String] = [:]
        for key in keys {
            guard let value = mapping[key]?.scalar?.string, !value.allSatisfy(\.isWhitespace) else {
                throw SuppressionError(
                    file,
                    line: line(node),
                    "`\(key)` is missing or empty; every suppression has one"
                )
            }
            values[key] = value
        }
        let rule = values["rule"] ?? ""
        if rule != "*", rules.entry(rule) == nil, !RegistryChecks.names.contains(rule) {
            let hint = rules.suggestion(for: rule).map { "; did you mean \($0)?" } ?? ""
            throw SuppressionError(file, line: line(node), "there is no rule `\(rule)`\(hint)")
        }
        let expires = values["expires"] ?? ""
        guard expires.utf8.count == 10, Timestamp.parse(expires + "T00:00:00Z") != nil else {
            throw SuppressionError(file, line: line(node), "`expires: \(expires)` is no date such as 2026-12-31")
        }
        return Suppression(
            rule: rule,
            subject: values["subject"] ?? "",
            reason: values["reason"] ?? "",
            owner: values["owner"] ?? "",
            expires: expires,
            line: line(node)
        )
    }

    /// The file's text with another suppression at its end.
    public static func adding(_ suppression: Suppression, to text: String) -> String {
        var out = text
        if text.allSatisfy(\.isWhitespace) { out = "version: 1\nsuppressions:\n" }
        if !out.hasSuffix("\n") { out += "\n" }
        let values = [
            suppression.rule, suppression.subject, suppression.reason, suppression.owner, suppression.expires,
        ]
        for (index, (key, value)) in zip(keys, values).enumerated() {
            out += "\(index == 0 ? "  - " : "    ")\(key): \(JSONString.quotedForYAML(value))\n"
        }
        return out
    }

    private static func unknown(_ key: Node, among known: [String], _ file: String) -> SuppressionError {
        let name = key.string ?? "?"
        let near = EditDistance.nearest(name, in: known, most: 3)
        let hint = near.map { "; did you mean `\($0)`?" } ?? "; the keys are \(known.joined(separator: ", "))"
        return SuppressionError(file, line: line(key), "the key `\(name)` is not known\(hint)")
    }

    private static func line(_ node: Node) -> Int { node.mark?.line ?? 0 }
}

/// What the YAML parser says, as one line.
public enum YAMLFault {
    /// The place and the problem.
    public static func describe(_ error: any Error) -> String {
        "\(error)".split(separator: "\n").first.map(String.init) ?? "no reason given"
    }
}
