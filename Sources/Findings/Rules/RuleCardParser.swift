import Basics

/// Reads the card at the top of a rule file: lines `-- key: value`, continued by lines `--     more`.
enum RuleCardParser {
    private struct Item {
        var line: Int
        var key: String
        var value: String
    }

    /// Reads a rule file.
    ///
    /// - Throws: `RuleError` with the line.
    static func parse(_ text: String, file: String) throws(RuleError) -> RuleCard {
        let (items, sql) = try split(text, file)
        func only(_ key: String) throws(RuleError) -> Item {
            let found = items.filter { $0.key == key }
            guard found.count == 1 else {
                throw RuleError(
                    file,
                    line: found.last?.line ?? 0,
                    found.isEmpty ? "the card has no `-- \(key):`" : "`\(key)` stands twice"
                )
            }
            return found[0]
        }
        for item in items where !RuleCard.keys.contains(item.key) {
            throw RuleError(
                file,
                line: item.line,
                "the key `\(item.key)` is not known; the keys are \(RuleCard.keys.joined(separator: ", "))"
            )
        }
        let severity = try only("severity")
        guard let level = Severity(rawValue: severity.value) else {
            let levels = Severity.allCases.map(\.rawValue).joined(separator: ", ")
            throw RuleError(file, line: severity.line, "`\(severity.value)` is no severity; use \(levels)")
        }
        func optional(_ key: String) throws(RuleError) -> Item? {
            items.contains { $0.key == key } ? try only(key) : nil
        }
        func isYes(_ key: String) throws(RuleError) -> Bool {
            guard let item = try optional(key) else { return false }
            guard item.value == "yes" || item.value == "no" else {
                throw RuleError(file, line: item.line, "`\(key)` is `yes` or `no`")
            }
            return item.value == "yes"
        }
        let errors = try optional("errors")
        let scopes = errors.map { ErrorScope.parse($0.value) } ?? []
        guard let scopes else {
            throw RuleError(
                file,
                line: errors?.line ?? 0,
                "`errors` is `dps` or `hub` with codes behind it, and a semicolon between two of them"
            )
        }
        let absence = try optional("absence")
        let claims = absence.map { AbsenceClaim.parse($0.value) } ?? []
        guard let claims else {
            let kinds = AbsenceClaim.Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw RuleError(
                file,
                line: absence?.line ?? 0,
                "`absence` is one of \(kinds) with `dps` or `hub` behind it, and a semicolon between two of them"
            )
        }
        let registry = try optional("registry")
        let topics = registry.map { RegistryTopic.parse($0.value) } ?? []
        guard let topics else {
            let words = RegistryTopic.allCases.map(\.rawValue).joined(separator: ", ")
            throw RuleError(
                file,
                line: registry?.line ?? 0,
                "`registry` is one or more of \(words), with commas between"
            )
        }
        let end = try optional("end")
        if let end, AttemptEnd(rawValue: end.value) == nil {
            let words = AttemptEnd.allCases.map(\.rawValue).joined(separator: ", ")
            throw RuleError(file, line: end.line, "`end` is one of \(words)")
        }
        let watched = try optional("watches")
        let watches = watched.map { $0.value.split(separator: ";").map { WatchClaim.parse(trimmed($0)) } } ?? []
        guard !watches.contains(nil) else {
            let kinds = WatchClaim.Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw RuleError(
                file,
                line: watched?.line ?? 0,
                "`watches` is one of \(kinds) with the parameter of its number, and where it has a span `within` and that parameter"
            )
        }
        let name = try only("rule").value
        var texts: [String: String] = [:]
        for key in RuleCard.requiredTexts { texts[key] = try only(key).value }
        var parameters: [RuleCard.Parameter] = []
        for item in items where item.key == "parameter" { parameters.append(try parameter(item, file)) }
        return RuleCard(
            name: name,
            title: try only("title").value,
            severity: level,
            subjectKind: try only("subject").value,
            confidence: try only("confidence").value,
            parameters: parameters,
            needs: try only("needs").value.split(whereSeparator: { ", ".contains($0) }).map(String.init),
            texts: texts,
            family: try optional("family")?.value ?? name,
            holds: try isYes("holds"),
            errors: scopes,
            isCatchAll: try isYes("catch-all"),
            absence: claims,
            registry: topics,
            end: end.flatMap { AttemptEnd(rawValue: $0.value) },
            isRestless: try isYes("restless"),
            watches: watches.compactMap { $0 },
            sql: sql
        )
    }

    private static func split(_ text: String, _ file: String) throws(RuleError) -> ([Item], String) {
        var items: [Item] = []
        // By bytes: a line's end that is two characters long would else be no end.
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, bytes) in lines.enumerated() {
            let line = Substring(bytes)
            guard line.hasPrefix("--") else {
                if line.allSatisfy(\.isWhitespace) { continue }
                return (items, String(text[line.startIndex...]))
            }
            let content = line.dropFirst(2)
            if content.hasPrefix("    ") {
                guard !items.isEmpty else {
                    throw RuleError(file, line: index + 1, "a continued line with nothing before it")
                }
                items[items.count - 1].value += " " + trimmed(content)
                continue
            }
            guard let colon = content.firstIndex(of: ":") else {
                throw RuleError(file, line: index + 1, "a line of the card is `-- key: value`")
            }
            let value = trimmed(content[content.index(after: colon)...])
            items.append(Item(line: index + 1, key: trimmed(content[..<colon]), value: value))
        }
        throw RuleError(file, "there is no SELECT behind the card")
    }

    /// `name = value: meaning`, with `, at least N` or `, at most N` behind the value.
    private static func parameter(_ item: Item, _ file: String) throws(RuleError) -> RuleCard.Parameter {
        let parts = item.value.split(separator: ":", maxSplits: 1)
        let pair = parts.first?.split(separator: "=") ?? []
        let numbers = pair.count == 2 ? pair[1].split(separator: ",").map(trimmed) : []
        guard parts.count == 2, let value = numbers.first.flatMap({ Int($0) }), let range = range(numbers.dropFirst()),
            range.contains(value)
        else {
            throw RuleError(
                file,
                line: item.line,
                "a parameter is `-- parameter: name = number: meaning`, with `, at least N` or `, at most N` behind the number"
            )
        }
        return RuleCard.Parameter(name: trimmed(pair[0]), value: value, meaning: trimmed(parts[1]), range: range)
    }

    private static func range(_ bounds: ArraySlice<String>) -> ClosedRange<Int>? {
        var least = 0
        var most = Int.max
        for bound in bounds {
            if bound.hasPrefix("at least "), let number = Int(bound.dropFirst(9)) {
                least = number
            } else if bound.hasPrefix("at most "), let number = Int(bound.dropFirst(8)) {
                most = number
            } else {
                return nil
            }
        }
        return least <= most ? least...most : nil
    }

    private static func trimmed(_ text: Substring) -> String {
        guard let first = text.firstIndex(where: { !$0.isWhitespace }),
            let last = text.lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(text[first...last])
    }
}
