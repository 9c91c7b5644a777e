import Basics

/// A rule's SELECT as another engine runs it: without comments and hints, with its parameters as numbers.
public enum RuleRendering {
    /// An engine.
    public enum Dialect: String, Sendable, CaseIterable {
        case spark
        case duckdb
        case clickhouse
    }

    /// Renders a rule.
    ///
    /// - Parameter overrides: values in the place of defaults, by `rule.parameter`.
    /// - Throws: `RuleError` for a value outside of its range, a parameter that the card does not declare, or a SELECT that
    ///   this engine refuses.
    public static func render(
        _ card: RuleCard,
        _ overrides: [String: Int] = [:],
        for dialect: Dialect = .spark
    ) throws(RuleError) -> String {
        let values = try RuleRunner.values(card, overrides)
        var tokens = SQLToken.tokens(card.sql).filter { $0.kind != .comment }
        for index in tokens.indices where tokens[index].kind == .parameter {
            let name = String(tokens[index].text.dropFirst())
            guard let value = values[name] else {
                throw RuleError(card.name, "the SELECT asks for :\(name), which the card does not declare")
            }
            tokens[index].text = String(value)
        }
        tokens = folded(withoutHints(tokens))
        while let last = tokens.last, last.kind == .space || last.text == ";" { tokens.removeLast() }
        let lines = tokens.map { $0.kind == .text ? $0.text : squeezed($0) }.joined().split(separator: "\n")
        let sql = lines.filter { !$0.allSatisfy { $0 == " " } }.joined(separator: "\n")
        return dialect == .clickhouse ? try clickHouse(sql, tokens, of: card) : sql
    }

    /// The documented views that a SELECT may read, in the order of their names.
    ///
    /// Every name of a view counts that stands in it outside of texts and comments, also one behind `a, b` or in quotes; so a
    /// column or a table of its own that has the name of a view adds one that it does not read, and none is missed.
    public static func views(_ sql: String) -> [String] {
        let names = SQLToken.tokens(sql).compactMap { token in
            switch token.kind {
            case .word: token.text.lowercased()
            case .quoted: String(token.text.dropFirst().dropLast()).lowercased()
            default: nil
            }
        }
        return RuleLint.views.intersection(names).sorted()
    }

    /// Without blanks at the ends of lines, which comments and hints leave.
    private static func squeezed(_ token: SQLToken) -> String {
        guard token.kind == .space, let feed = token.text.lastIndex(of: "\n") else { return token.text }
        return String(token.text[feed...])
    }

    /// `AS [NOT] MATERIALIZED (` tells SQLite how, not what; Spark refuses it.
    private static func withoutHints(_ tokens: [SQLToken]) -> [SQLToken] {
        var out: [SQLToken] = []
        for token in tokens {
            if token.upper == "MATERIALIZED" {
                if let word = out.lastIndex(where: { $0.kind != .space }), out[word].upper == "NOT" {
                    out.removeSubrange(word...)
                }
                continue
            }
            guard token.kind == .space, let last = out.last, last.kind == .space else {
                out.append(token)
                continue
            }
            // What a comment or a hint parted: a line's end among them stays one.
            if token.text.contains("\n") { out[out.count - 1].text += token.text }
        }
        return out
    }

    /// Works out products, sums and differences of a parameter and other numbers.
    ///
    /// Engines refuse anything but a literal as the bound of a frame, and multiply two small numbers in 32 bits.
    private static func folded(_ tokens: [SQLToken]) -> [SQLToken] {
        var tokens = tokens
        while let (range, value) = foldable(tokens) {
            tokens.replaceSubrange(
                range,
                with: [SQLToken(kind: .parameter, text: String(value), line: tokens[range.lowerBound].line)]
            )
        }
        return tokens
    }

    private static func foldable(_ tokens: [SQLToken]) -> (ClosedRange<Int>, Int)? {
        let code = tokens.indices.filter { tokens[$0].kind != .space }
        func text(_ position: Int) -> String { code.indices.contains(position) ? tokens[code[position]].upper : "" }
        func number(_ position: Int) -> Int? {
            guard code.indices.contains(position) else { return nil }
            let token = tokens[code[position]]
            return token.kind == .number || token.kind == .parameter ? Int(token.text) : nil
        }
        func isParameter(_ position: Int) -> Bool { tokens[code[position]].kind == .parameter }
        for position in code.indices {
            if text(position) == "(", number(position + 1) != nil, isParameter(position + 1), text(position + 2) == ")",
                let value = number(position + 1), !isCall(text(position - 1))
            {
                return (code[position]...code[position + 2], value)
            }
            guard let left = number(position), let right = number(position + 2),
                isParameter(position) || isParameter(position + 2)
            else { continue }
            let (before, sign, after) = (text(position - 1), text(position + 1), text(position + 3))
            let isTight = ["*", "/", "%"].contains(before)
            let result: (partialValue: Int, overflow: Bool)
            switch sign {
            case "*" where !["/", "%"].contains(before): result = left.multipliedReportingOverflow(by: right)
            case "+" where !isTight && before != "-" && !["*", "/", "%"].contains(after):
                result = left.addingReportingOverflow(right)
            case "-" where !isTight && before != "-" && !["*", "/", "%"].contains(after):
                result = left.subtractingReportingOverflow(right)
            default: continue
            }
            if !result.overflow { return (code[position]...code[position + 2], result.partialValue) }
        }
        return nil
    }

    /// Whether a parenthesis behind a word holds arguments or a list, not a number to work out.
    private static func isCall(_ word: String) -> Bool {
        PortableSQL.functions.contains(word) || ["IN", "OVER", "AS", "VALUES"].contains(word)
    }

    // MARK: ClickHouse

    /// The settings with which ClickHouse reads the same SELECT in the same way.
    private static let clickHouseSettings =
        "SETTINGS join_use_nulls = 1, cast_keep_nullable = 1, prefer_column_name_to_alias = 1, union_default_mode = 'DISTINCT'"

    /// The shortest frame that ClickHouse refuses: its bounds are whole numbers of 31 bits, without the last of them (tried with
    /// ClickHouse 26.9).
    private static let clickHouseFrames = Int(Int32.max)

    private static func clickHouse(
        _ sql: String,
        _ tokens: [SQLToken],
        of card: RuleCard
    ) throws(RuleError) -> String {
        let code = tokens.code
        for index in code.indices.dropFirst() where ["PRECEDING", "FOLLOWING"].contains(code[index].upper) {
            guard let bound = Int(code[index - 1].text), bound >= clickHouseFrames else { continue }
            throw RuleError(
                card.name,
                "ClickHouse takes frames of less than \(clickHouseFrames), this rule has one of \(bound) microseconds; run it on another engine, or with a smaller value"
            )
        }
        return sql + "\n" + clickHouseSettings
    }
}
