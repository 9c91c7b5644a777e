/// What is to be tidied up in a file of suppressions.
public enum SuppressionCheck {
    /// A suppression that should be looked at.
    public struct Problem: Sendable, Hashable {
        /// Which one.
        public var suppression: Suppression
        /// `expired`, `unused`, `over-broad` or `duplicate`.
        public var kind: String
        /// What is wrong, as one sentence.
        public var detail: String
    }

    /// How many subjects of a rule a pattern may cover: with more, or half of all findings, it is too wide.
    static let broadSubjects = 100

    /// The problems in the order of the file.
    ///
    /// - Parameters:
    ///   - findings: what the suppressions may speak of.
    ///   - time: now, microseconds since 1970.
    public static func problems(_ suppressions: [Suppression], findings: [Finding], at time: Int64) -> [Problem] {
        var problems: [Problem] = []
        var seen: [[String]: Int] = [:]
        for item in suppressions {
            func add(_ kind: String, _ detail: String) {
                problems.append(Problem(suppression: item, kind: kind, detail: detail))
            }
            if let line = seen[[item.rule, item.subject]] { add("duplicate", "it says what line \(line) says") }
            seen[[item.rule, item.subject]] = seen[[item.rule, item.subject]] ?? item.line
            let matched = findings.filter(item.matches)
            if !item.holds(at: time) {
                add("expired", "it ended on \(item.expires) and covers nothing now; \(matched.count) findings match it")
                continue
            }
            if matched.isEmpty { add("unused", "no finding matches it") }
            let letters = item.subject.filter { $0 != "*" && $0 != "?" }
            if letters.isEmpty {
                add("over-broad", "its subject is any; findings that come later would be hidden too")
            } else if matched.count >= broadSubjects, matched.count * 2 >= findings.count {
                add("over-broad", "it covers \(matched.count) of \(findings.count) findings")
            }
        }
        return problems
    }
}
