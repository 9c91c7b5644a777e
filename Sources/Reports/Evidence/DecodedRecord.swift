public import AzureLogs
import Basics

/// A record as a person reads it: texts that hold JSON are opened, however deep, and secrets are masked.
public struct DecodedRecord: Sendable, Hashable {
    /// The record; nil if the text is no JSON.
    public var tree: JSONTree?
    /// The text as it is stored, masked once more.
    public var text: String

    /// Decodes a stored text.
    public init(_ stored: String) {
        text = SecretRedaction.redact(stored)
        tree = JSONTree.parse(stored.utf8).map { Self.opened($0, depth: 0) }
    }

    /// The record over many lines, two spaces a level; the text itself if it is no JSON.
    var lines: [String] {
        guard let tree else { return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }
        return Self.pretty(tree, indent: "")
    }

    /// The record as JSON on one line; a JSON string if it is no JSON.
    public var json: String { tree.map(Self.line) ?? JSONString.quoted(text) }

    /// What Azure's support asks for, by the names that the record gives, in the record's order: correlation, tracking and
    /// operation ids, wherever they stand, also inside messages.
    public var supportIDs: [(name: String, value: String)] {
        var found: [(name: String, value: String)] = []
        func add(_ name: String, _ value: String) {
            if !value.isEmpty, !found.contains(where: { $0.name == name && $0.value == value }) {
                found.append((name, value))
            }
        }
        func walk(_ tree: JSONTree, _ key: String) {
            switch tree {
            case .object(let members): for member in members { walk(member.value, member.key) }
            case .array(let items): for item in items { walk(item, key) }
            case .string(let value):
                if Self.isSupportKey(key) { add(key, value) }
                for id in Self.trackingIDs(in: value) { add("trackingId", id) }
            default: break
            }
        }
        if let tree { walk(tree, "") } else { for id in Self.trackingIDs(in: text) { add("trackingId", id) } }
        return found
    }

    private static func isSupportKey(_ key: String) -> Bool {
        let folded = key.lowercased().filter { $0.isLetter }
        return ["correlationid", "trackingid", "operationid", "requestid", "activityid", "correlationids"].contains(
            folded
        )
            || folded.hasSuffix("trackingid")
    }

    /// What follows `Tracking ID:` in a message, up to the next separator.
    private static func trackingIDs(in text: String) -> [String] {
        let lower = text.utf8.map(ASCII.lowercased)
        let bytes = Array(text.utf8)
        var found: [String] = []
        for mark in ["tracking id:", "trackingid:", "tracking id ", "trackingid="] {
            let pattern = Array(mark.utf8)
            var at = 0
            while at + pattern.count < lower.count {
                guard lower[at...].starts(with: pattern) else {
                    at += 1
                    continue
                }
                var start = at + pattern.count
                while start < bytes.count, bytes[start] == 0x20 || bytes[start] == 0x3A { start += 1 }
                var end = start
                while end < bytes.count, ![0x20, 0x2C, 0x3B, 0x22, 0x27, 0x7D, 0x5C, 0x0A, 0x0D].contains(bytes[end]) {
                    end += 1
                }
                if end - start >= 8 { found.append(String(decoding: bytes[start..<end], as: UTF8.self)) }
                at = max(end, at + 1)
            }
        }
        return found
    }

    /// A copy in which texts that are JSON objects or arrays are opened and others masked.
    private static func opened(_ tree: JSONTree, depth: Int) -> JSONTree {
        switch tree {
        case .object(let members):
            return .object(
                members.map { member in
                    // A secret's name and its value stand apart in a tree, so a value is judged with its key.
                    JSONTree.Member(key: member.key, value: masked(member.key, opened(member.value, depth: depth)))
                }
            )
        case .array(let items): return .array(items.map { opened($0, depth: depth) })
        case .string(let text):
            let first = text.utf8.first { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 }
            if depth < 8, first == 0x7B || first == 0x5B, let inner = JSONTree.parse(text.utf8) {
                return opened(inner, depth: depth + 1)
            }
            return .string(SecretRedaction.redact(text))
        default: return tree
        }
    }

    private static func masked(_ key: String, _ value: JSONTree) -> JSONTree {
        guard case .string(let text) = value, !text.isEmpty else { return value }
        let pair = "\"\(key)\":\"\(text)\""
        return SecretRedaction.redact(pair).hasSuffix(":\"\(SecretRedaction.mark)\"")
            ? .string(SecretRedaction.mark) : value
    }

    private static func pretty(_ tree: JSONTree, indent: String) -> [String] {
        let inner = indent + "  "
        func joined(_ items: [[String]], _ open: String, _ close: String) -> [String] {
            if items.isEmpty { return [open + close] }
            var lines = [open]
            for (index, item) in items.enumerated() {
                lines += index + 1 < items.count ? item.dropLast() + [item[item.count - 1] + ","] : item
            }
            return lines + [indent + close]
        }
        switch tree {
        case .object(let members):
            return joined(
                members.map { member in
                    var lines = pretty(member.value, indent: inner)
                    lines[0] = inner + JSONString.quoted(member.key) + ": " + lines[0]
                    return lines
                },
                "{",
                "}"
            )
        case .array(let items):
            return joined(
                items.map { item in
                    var lines = pretty(item, indent: inner)
                    lines[0] = inner + lines[0]
                    return lines
                },
                "[",
                "]"
            )
        default: return [line(tree)]
        }
    }

    private static func line(_ tree: JSONTree) -> String {
        switch tree {
        case .null: "null"
        case .bool(let flag): flag ? "true" : "false"
        case .number(let text): text
        case .string(let text): JSONString.quoted(text)
        case .array(let items): "[" + items.map(line).joined(separator: ",") + "]"
        case .object(let members):
            "{" + members.map { JSONString.quoted($0.key) + ":" + line($0.value) }.joined(separator: ",") + "}"
        }
    }

    /// Two records are one if their texts are.
    public static func == (a: DecodedRecord, b: DecodedRecord) -> Bool { a.text == b.text }

    /// Hashes the text.
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
