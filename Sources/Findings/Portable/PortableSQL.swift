/// Holds a SELECT to the part of SQL that SQLite, Spark, DuckDB and ClickHouse understand alike.
///
/// What it does not check: types. A sum of texts, a comparison of a number with a text, columns that are neither grouped
/// nor aggregated, and LIKE patterns whose case matters (SQLite ignores the case of a to z, others do not) pass.
enum PortableSQL {
    /// The functions that all of them have, with the same arguments and the same answers.
    static let functions: Set<String> = [
        "COUNT", "SUM", "MIN", "MAX", "COALESCE", "NULLIF", "ABS", "SUBSTR", "LENGTH", "LOWER", "UPPER", "CAST",
        "ROW_NUMBER", "RANK", "DENSE_RANK", "LEAD", "LAG", "FIRST_VALUE", "LAST_VALUE", "TRIM", "LTRIM", "RTRIM",
    ]

    /// Words in front of a parenthesis that call nothing.
    private static let keywords: Set<String> = [
        "AS", "IN", "OVER", "EXISTS", "AND", "OR", "NOT", "ON", "FROM", "JOIN", "WHERE", "HAVING", "THEN", "ELSE",
        "WHEN", "SELECT", "UNION", "ALL", "BY", "MATERIALIZED", "BETWEEN", "LIKE", "USING", "CASE", "DISTINCT",
        "VALUES", "EXCEPT", "INTERSECT", "LIMIT", "RANGE", "ROWS", "PRECEDING", "FOLLOWING", "IS", "FILTER",
    ]

    /// Words that one of the engines does not take as a name, or takes for something else.
    private static let reserved: Set<String> = [
        "ALL", "ANALYSE", "ANALYZE", "AND", "ANTI", "ANY", "ARRAY", "AS", "ASC", "ASOF", "BOTH", "CASE", "CAST",
        "CHECK", "COLLATE", "COLUMN", "CONSTRAINT", "CREATE", "CROSS", "CURRENT", "CURRENT_DATE", "CURRENT_TIME",
        "CURRENT_TIMESTAMP", "CURRENT_USER", "DEFAULT", "DESC", "DESCRIBE", "DISTINCT", "DO", "ELSE", "END", "ESCAPE",
        "EXCEPT", "EXISTS", "FALSE", "FETCH", "FILTER", "FINAL", "FOR", "FOREIGN", "FORMAT", "FROM", "FULL", "GLOB",
        "GLOBAL", "GROUP", "HAVING", "ILIKE", "IN", "INNER", "INTERSECT", "INTERVAL", "INTO", "IS", "JOIN", "LAMBDA",
        "LATERAL", "LEADING", "LEFT", "LIKE", "LIMIT", "MINUS", "NATURAL", "NOT", "NULL", "OFFSET", "ON", "ONLY", "OR",
        "ORDER", "OUTER", "OVERLAPS", "PIVOT", "POSITIONAL", "PREWHERE", "PRIMARY", "QUALIFY", "REFERENCES", "RIGHT",
        "SAMPLE", "SELECT", "SEMI", "SESSION_USER", "SETTINGS", "SHOW", "SIMILAR", "SOME", "SUMMARIZE", "TABLE",
        "TABLESAMPLE", "THEN", "TO", "TRAILING", "TRUE", "UNION", "UNIQUE", "UNPIVOT", "USER", "USING", "VALUES",
        "WHEN", "WHERE", "WINDOW", "WITH",
    ]

    /// What is wrong with a SELECT, in the order in which it stands there, with the line within the SQL; empty if nothing is.
    static func problems(_ sql: String) -> [String] {
        let tokens = SQLToken.tokens(sql).code
        var problems: [String] = []
        var lists = SelectLists()
        for index in tokens.indices {
            lists.note(tokens, index)
            let found =
                division(tokens, index) ?? call(tokens, index) ?? crossJoin(tokens, index) ?? literal(tokens[index])
                ?? hint(tokens, index) ?? name(tokens, index) ?? lists.problem(tokens, index)
            if let found { problems.append("line \(tokens[index].line) of the SELECT: \(found)") }
        }
        return problems
    }

    // MARK: Division

    private static func division(_ tokens: [SQLToken], _ index: Int) -> String? {
        guard tokens[index].text == "/" else { return nil }
        if isExact(tokens, index) || isFloating(tokens, index) { return nil }
        return
            "`/` between integers gives a fraction on other engines: write `x - x % n`, `CAST((x - x % n) / n AS BIGINT)`, or a factor `1e0` in front of it"
    }

    /// `CAST((… % n) / n AS BIGINT)`.
    private static func isExact(_ tokens: [SQLToken], _ slash: Int) -> Bool {
        guard slash > 0, tokens[slash - 1].text == ")", let open = tokens.opening(slash - 1), open >= 2,
            tokens[open - 1].text == "(", tokens[open - 2].upper == "CAST",
            let end = tokens.closing(open - 1), end >= 3, tokens[end - 1].upper == "BIGINT",
            tokens[end - 2].upper == "AS"
        else { return false }
        let divisor = tokens[(slash + 1)..<(end - 2)].map(\.text)
        let numerator = tokens[(open + 1)..<(slash - 1)].map(\.text)
        return numerator.count > divisor.count + 1 && numerator.suffix(divisor.count) == divisor[...]
            && numerator[numerator.count - divisor.count - 1] == "%"
    }

    /// A factor with an exponent stands in the product in front of it.
    private static func isFloating(_ tokens: [SQLToken], _ slash: Int) -> Bool {
        var index = slash - 1
        while index >= 0 {
            let start = operandStart(tokens, index)
            if tokens[start...index].contains(where: { $0.kind == .number && isExponent($0.text) }) { return true }
            guard start > 0, ["*", "/"].contains(tokens[start - 1].text) else { return false }
            index = start - 2
        }
        return false
    }

    /// Where the operand begins that ends at an index: a group with its function's name, or a name with its table's.
    private static func operandStart(_ tokens: [SQLToken], _ end: Int) -> Int {
        var start = end
        if tokens[end].text == ")", let open = tokens.opening(end) {
            start = open
            if open > 0, tokens[open - 1].kind == .word, !keywords.contains(tokens[open - 1].upper) { start -= 1 }
        }
        while start >= 2, tokens[start - 1].text == "." { start -= 2 }
        return start
    }

    private static func isExponent(_ number: String) -> Bool { number.contains("e") || number.contains("E") }

    // MARK: Functions

    private static func call(_ tokens: [SQLToken], _ index: Int) -> String? {
        guard index + 1 < tokens.count, tokens[index].kind == .word, tokens[index + 1].text == "(" else { return nil }
        let name = tokens[index].upper
        if keywords.contains(name) || index > 0 && isDefinition(tokens, index) { return nil }
        guard functions.contains(name) else {
            return
                "`\(tokens[index].text)` is no function that all engines have: \(functions.sorted().joined(separator: ", "))"
        }
        guard let end = tokens.closing(index + 1) else { return nil }
        let inside = tokens[(index + 2)..<end]
        if name == "CAST" {
            let type = inside.suffix(1).first?.upper ?? ""
            if ["BIGINT", "DOUBLE"].contains(type) { return nil }
            return
                "`CAST(… AS \(type))` is not the same everywhere: write `AS BIGINT` or `AS DOUBLE`, and for text `x || ''`"
        }
        if ["TRIM", "LTRIM", "RTRIM"].contains(name), commas(inside) > 0 {
            return
                "`\(name)` with two arguments has them the other way round on Spark: use SUBSTR, or a column that is trimmed"
        }
        if ["MIN", "MAX"].contains(name), commas(inside) > 0 {
            return "`\(name)` of several values is SQLite's alone: write CASE"
        }
        return nil
    }

    /// Whether `name (` begins a table of WITH whose columns are listed.
    private static func isDefinition(_ tokens: [SQLToken], _ index: Int) -> Bool {
        guard ["WITH", ","].contains(tokens[index - 1].upper), let end = tokens.closing(index + 1) else { return false }
        return end + 1 < tokens.count && tokens[end + 1].upper == "AS"
    }

    private static func commas(_ tokens: ArraySlice<SQLToken>) -> Int {
        var (depth, count) = (0, 0)
        for token in tokens {
            if token.text == "(" { depth += 1 }
            if token.text == ")" { depth -= 1 }
            if token.text == ",", depth == 0 { count += 1 }
        }
        return count
    }

    // MARK: The rest

    private static func crossJoin(_ tokens: [SQLToken], _ index: Int) -> String? {
        guard index > 0, tokens[index].upper == "JOIN", tokens[index - 1].upper == "CROSS" else { return nil }
        let ends: Set<String> = ["JOIN", "WHERE", "GROUP", "ORDER", "HAVING", "UNION", "LIMIT", ";"]
        var depth = 0
        for token in tokens[(index + 1)...] {
            if token.text == "(" { depth += 1 }
            if token.text == ")" { depth -= 1 }
            if depth < 0 || depth == 0 && ends.contains(token.upper) { return nil }
            if depth == 0, token.upper == "ON" || token.upper == "USING" {
                return "`CROSS JOIN … \(token.upper)` is refused elsewhere: put the condition into WHERE"
            }
        }
        return nil
    }

    private static func literal(_ token: SQLToken) -> String? {
        if token.kind == .number, token.text.contains("."), !isExponent(token.text) {
            return "`\(token.text)` is a decimal elsewhere, which rounds otherwise: write `\(token.text)e0`"
        }
        if token.kind == .quoted { return "\(token.text): names are written without quotes, texts with single ones" }
        if ["==", "->"].contains(token.text) || token.kind == .symbol && "&|~@#$?".contains(token.text) {
            return "`\(token.text)` is not understood everywhere"
        }
        return nil
    }

    private static func hint(_ tokens: [SQLToken], _ index: Int) -> String? {
        switch tokens[index].upper {
        case "MATERIALIZED":
            // Rendering takes it out.
            return nil
        case "INDEXED", "GLOB", "REGEXP", "MATCH", "COLLATE", "ISNULL", "NOTNULL", "ROWID":
            return "`\(tokens[index].text)` is SQLite's alone"
        default: return nil
        }
    }

    /// Names of columns and tables: behind AS or a point, and of WITH tables.
    private static func name(_ tokens: [SQLToken], _ index: Int) -> String? {
        let token = tokens[index]
        guard token.kind == .word, reserved.contains(token.upper) else { return nil }
        let before = index > 0 ? tokens[index - 1] : nil
        let next = index + 1 < tokens.count ? tokens[index + 1].upper : ""
        let isAlias = before?.upper == "AS" && token.upper != "SELECT" && token.upper != "NOT"
        let isTable =
            next == "AS" && index > 0 && ["WITH", ","].contains(tokens[index - 1].upper)
            && index + 2 < tokens.count && ["(", "NOT", "MATERIALIZED"].contains(tokens[index + 2].upper)
        let isColumn = before?.text == "." || token.upper == "OFFSET"
        guard isAlias || isTable || isColumn else { return nil }
        return "`\(token.text)` is a reserved word elsewhere: give it another name"
    }
}

/// Watches lists of SELECT for qualified columns without a name of their own: ClickHouse calls them `a.x`, not `x`.
private struct SelectLists {
    private var isList: [Bool] = [false]

    mutating func note(_ tokens: [SQLToken], _ index: Int) {
        switch tokens[index].upper {
        case "(": isList.append(false)
        case ")": if isList.count > 1 { isList.removeLast() }
        case "SELECT": isList[isList.count - 1] = true
        case "FROM", "WHERE", "UNION", "GROUP", "ORDER": isList[isList.count - 1] = false
        default: break
        }
    }

    func problem(_ tokens: [SQLToken], _ index: Int) -> String? {
        guard isList.last == true, index >= 3, tokens[index].kind == .word, tokens[index - 1].text == ".",
            ["SELECT", ",", "DISTINCT"].contains(tokens[index - 3].upper)
        else { return nil }
        let next = index + 1 < tokens.count ? tokens[index + 1].upper : ""
        guard ["", ",", "FROM", ")", ";"].contains(next) else { return nil }
        let column = tokens[index].text
        return
            "write `\(tokens[index - 2].text).\(column) AS \(column)`: elsewhere the column is not called `\(column)` else"
    }
}
