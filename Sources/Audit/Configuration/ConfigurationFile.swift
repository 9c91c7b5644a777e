public import Basics
import EventStore
import Findings
import Yams

/// A configuration that cannot be used: where, what, and what to do.
public struct ConfigurationError: DocumentFault {
    /// One line for a person.
    public let description: String

    /// A fault in words.
    public init(description: String) { self.description = description }
}

/// A value as it was written, and where.
public struct ConfigurationValue: Sendable, Hashable {
    /// The key with its section.
    public var name: String
    /// The texts: one, or those of a list; `name=value` each for a mapping.
    public var texts: [String]
    /// `default`, `FILE:LINE`, `$VARIABLE` or the flag.
    public var origin: String
    /// The line of the file, 0 elsewhere.
    var line = 0
}

/// Reads the YAML file of the nightly audit (docs/audit.md, docs/schemas/audit.schema.json).
public enum ConfigurationFile {
    /// The values of a file with what stands in the environment and the defaults, in the order of the keys.
    ///
    /// - Parameters:
    ///   - text: the file's text.
    ///   - file: its path, for messages and origins.
    ///   - environment: gives a variable's value.
    /// - Throws: `ConfigurationError` for what is no YAML, a key that is not known, or a value of the wrong form.
    public static func values(_ text: String, file: String, environment: (String) -> String?) throws(ConfigurationError)
        -> [ConfigurationValue]
    {
        var found = try read(text, file)
        for key in ConfigurationKey.all {
            guard let value = environment(key.variable) else { continue }
            let texts = value.split(separator: ",").map { String($0.trimmed) }
            found[key.name] = ConfigurationValue(name: key.name, texts: texts, origin: "$" + key.variable)
        }
        var values: [ConfigurationValue] = []
        for key in ConfigurationKey.all {
            if let value = found[key.name] {
                try check(value, key, file)
                values.append(value)
            } else if let standard = key.standard {
                let texts = standard.split(separator: ",").map { String($0.trimmed) }
                values.append(ConfigurationValue(name: key.name, texts: texts, origin: "default"))
            } else if key.isRequired {
                throw ConfigurationError(file, "`\(key.name)` is missing: \(key.meaning)")
            }
        }
        return values
    }

    private static func read(_ text: String, _ file: String) throws(ConfigurationError) -> [String: ConfigurationValue]
    {
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            throw ConfigurationError(file, "it is not YAML: \(YAMLFault.describe(error))")
        }
        guard let mapping = root?.mapping else {
            throw ConfigurationError(
                file,
                "a mapping of keys to values is expected; `dpslens config schema` prints its form"
            )
        }
        var found: [String: ConfigurationValue] = [:]
        guard let version = mapping["version"] else {
            throw ConfigurationError(file, "`version: 1` is missing")
        }
        guard version.int == 1 else {
            throw ConfigurationError(
                file,
                line: line(version),
                "version \(version.string ?? "?") is not known; it is 1"
            )
        }
        for (node, value) in mapping {
            let name = node.string ?? "?"
            if name == "version" { continue }
            if let key = ConfigurationKey.all.first(where: { $0.name == name }) {
                try add(value, key, file, to: &found)
            } else if sections.contains(name) {
                try section(name, value, file, to: &found)
            } else {
                throw unknown(name, line(node), file, among: topLevel)
            }
        }
        return found
    }

    private static func section(
        _ name: String,
        _ node: Node,
        _ file: String,
        to found: inout [String: ConfigurationValue]
    ) throws(ConfigurationError) {
        if node.null != nil { return }
        guard let mapping = node.mapping else {
            throw ConfigurationError(file, line: line(node), "`\(name)` is a mapping")
        }
        for (key, value) in mapping {
            let full = "\(name).\(key.string ?? "?")"
            guard let known = ConfigurationKey.all.first(where: { $0.name == full }) else {
                let names = ConfigurationKey.all.map(\.name).filter { $0.hasPrefix(name + ".") }
                throw unknown(full, line(key), file, among: names)
            }
            try add(value, known, file, to: &found)
        }
    }

    private static func add(
        _ node: Node,
        _ key: ConfigurationKey,
        _ file: String,
        to found: inout [String: ConfigurationValue]
    ) throws(ConfigurationError) {
        var texts: [String] = []
        if let scalar = node.scalar {
            if node.null != nil { return }
            texts = [scalar.string]
        } else if let sequence = node.sequence {
            for item in sequence {
                guard let scalar = item.scalar else {
                    throw ConfigurationError(file, line: line(item), "`\(key.name)` takes texts, one each")
                }
                texts.append(scalar.string)
            }
        } else if let mapping = node.mapping, case .numbers = key.kind {
            for (name, value) in mapping { texts.append("\(name.string ?? "?")=\(value.string ?? "?")") }
        } else {
            throw ConfigurationError(file, line: line(node), "`\(key.name)` is no mapping")
        }
        found[key.name] = ConfigurationValue(
            name: key.name,
            texts: texts,
            origin: "\(file):\(line(node))",
            line: line(node)
        )
    }

    private static func check(_ value: ConfigurationValue, _ key: ConfigurationKey, _ file: String)
        throws(ConfigurationError)
    {
        func fault(_ what: String) -> ConfigurationError {
            value.line > 0
                ? ConfigurationError(file, line: value.line, what) : ConfigurationError(value.origin, what)
        }
        let isList =
            switch key.kind {
            case .paths, .texts, .words, .numbers: true
            default: false
            }
        if !isList, value.texts.count != 1 { throw fault("`\(key.name)` takes one value") }
        for text in value.texts {
            switch key.kind {
            case .text, .texts, .path, .paths:
                if text.isEmpty { throw fault("`\(key.name)` is empty") }
            case .word(let words), .words(let words):
                if words.contains(text) { continue }
                let hint = EditDistance.nearest(text, in: words).map { "; did you mean `\($0)`?" } ?? ""
                throw fault("`\(text)` is none of \(words.joined(separator: ", "))\(hint)")
            case .span:
                if TimeSpan.microseconds(text) == nil {
                    throw fault("`\(key.name): \(text)` is no span such as 24h, 90d, 10m or 5s")
                }
            case .zone:
                if ZoneNames.zone(text) == nil {
                    throw fault("`\(key.name): \(text)` is no zone such as +01:00 or Europe/Berlin")
                }
            case .percent:
                guard let number = Double(text), (0...100).contains(number) else {
                    throw fault("`\(key.name): \(text)` is no number from 0 to 100")
                }
            case .mode:
                let mode = UInt32(text, radix: 8)
                guard let mode, (3...4).contains(text.utf8.count), mode & ~0o666 == 0, mode & 0o600 == 0o600 else {
                    throw fault("`\(key.name): \(text)` is no mode such as 0600, 0640 or 0644")
                }
            case .numbers:
                let parts = text.split(separator: "=")
                guard parts.count == 2, Int(parts[1]) != nil, parts[0].contains(".") else {
                    throw fault("`\(key.name)` takes entries such as `registration-loop.count: 8`")
                }
            }
        }
    }

    static let sections = Set(
        ConfigurationKey.all.compactMap { $0.name.split(separator: ".").dropLast().first.map(String.init) }
    )

    private static var topLevel: [String] {
        ConfigurationKey.all.map(\.name).filter { !$0.contains(".") } + sections.sorted() + ["version"]
    }

    private static func unknown(_ name: String, _ line: Int, _ file: String, among known: [String])
        -> ConfigurationError
    {
        let hint =
            EditDistance.nearest(name, in: known).map { "; did you mean `\($0)`?" }
            ?? "; known are \(known.joined(separator: ", "))"
        return ConfigurationError(file, line: line, "the key `\(name)` is not known\(hint)")
    }

    private static func line(_ node: Node) -> Int { node.mark?.line ?? 0 }
}

extension Substring {
    /// Without white space at its ends.
    var trimmed: Substring {
        let start = drop { $0.isWhitespace }
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return start.prefix(0) }
        return start[...last]
    }
}
