/// A piece of a rule's SELECT, as far as checking and rendering need to know: no grammar, only words and their kinds.
struct SQLToken: Sendable, Hashable {
    /// What a piece is.
    enum Kind: Sendable, Hashable {
        case word
        case number
        /// A text between single quotes.
        case text
        /// A name between double quotes, backticks or brackets.
        case quoted
        /// `:name`.
        case parameter
        case symbol
        case space
        case comment
    }

    var kind: Kind
    var text: String
    /// The line it begins on, from 1.
    var line: Int

    /// In capitals, so that keywords compare without case.
    var upper: String { kind == .word ? text.uppercased() : text }

    /// Cuts SQL into pieces; joined, they are the text again.
    static func tokens(_ sql: String) -> [SQLToken] {
        var cutter = Cutter(Array(sql.unicodeScalars))
        return cutter.cut()
    }

    private struct Cutter {
        let scalars: [Unicode.Scalar]
        var at = 0
        var line = 1

        init(_ scalars: [Unicode.Scalar]) { self.scalars = scalars }

        mutating func cut() -> [SQLToken] {
            var out: [SQLToken] = []
            while at < scalars.count {
                let start = at
                let kind = next()
                let text = String(String.UnicodeScalarView(scalars[start..<at]))
                out.append(SQLToken(kind: kind, text: text, line: line))
                line += text.unicodeScalars.count { $0 == "\n" }
            }
            return out
        }

        private func scalar(_ offset: Int = 0) -> Unicode.Scalar? {
            at + offset < scalars.count ? scalars[at + offset] : nil
        }

        private mutating func skip(while holds: (Unicode.Scalar) -> Bool) {
            while let scalar = scalar(), holds(scalar) { at += 1 }
        }

        /// Goes behind the closing mark; a doubled one stands for itself.
        private mutating func skipQuoted(_ mark: Unicode.Scalar) {
            at += 1
            while let scalar = scalar() {
                at += 1
                if scalar != mark { continue }
                if mark != "]", self.scalar() == mark { at += 1 } else { return }
            }
        }

        private mutating func next() -> Kind {
            guard let first = scalar() else { return .symbol }
            if first.properties.isWhitespace {
                skip { $0.properties.isWhitespace }
                return .space
            }
            if first == "-", scalar(1) == "-" {
                skip { $0 != "\n" }
                return .comment
            }
            if first == "/", scalar(1) == "*" {
                at += 2
                while let scalar = scalar(), !(scalar == "*" && self.scalar(1) == "/") { at += 1 }
                at = min(at + 2, scalars.count)
                return .comment
            }
            if first == "'" {
                skipQuoted("'")
                return .text
            }
            if first == "\"" || first == "`" || first == "[" {
                skipQuoted(first == "[" ? "]" : first)
                return .quoted
            }
            if first == ":", let second = scalar(1), Self.isWord(second) {
                at += 1
                skip(while: Self.isWord)
                return .parameter
            }
            if Self.isDigit(first) {
                skipNumber()
                return .number
            }
            if Self.isWord(first) {
                skip(while: Self.isWord)
                return .word
            }
            let pair = String(first) + (scalar(1).map(String.init) ?? "")
            at += ["||", "<>", "<=", ">=", "!=", "==", "->"].contains(pair) ? 2 : 1
            return .symbol
        }

        private mutating func skipNumber() {
            skip(while: Self.isDigit)
            if scalar() == "." {
                at += 1
                skip(while: Self.isDigit)
            }
            guard scalar() == "e" || scalar() == "E" else { return }
            let sign = scalar(1) == "-" || scalar(1) == "+" ? 1 : 0
            guard let digit = scalar(1 + sign), Self.isDigit(digit) else { return }
            at += 1 + sign
            skip(while: Self.isDigit)
        }

        private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

        private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
            scalar == "_" || isDigit(scalar) || ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
                || scalar.value > 127
        }
    }
}

extension [SQLToken] {
    /// Without white space and comments.
    var code: [SQLToken] { filter { $0.kind != .space && $0.kind != .comment } }

    /// The index of the mark that closes the one at an index; nil if none does.
    func closing(_ open: Int) -> Int? {
        var depth = 0
        for index in open..<count {
            if self[index].text == "(" { depth += 1 }
            if self[index].text == ")" { depth -= 1 }
            if depth == 0 { return index }
        }
        return nil
    }

    /// The index of the mark that opens what is closed at an index; nil if none does.
    func opening(_ close: Int) -> Int? {
        var depth = 0
        for index in stride(from: close, through: 0, by: -1) {
            if self[index].text == ")" { depth += 1 }
            if self[index].text == "(" { depth -= 1 }
            if depth == 0 { return index }
        }
        return nil
    }
}
