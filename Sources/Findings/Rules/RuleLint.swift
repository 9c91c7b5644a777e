import EventStore
import GRDB

/// Looks a rule over before it is trusted: card, parameters, cases, one SELECT over the documented views.
public enum RuleLint {
    /// The views that rules may read (docs/schema.md).
    public static let views: Set<String> = [
        "events", "attempts", "registration_totals", "journeys", "contacts", "watched_contacts", "unexplained_errors",
        "device_totals", "failure_runs", "failure_run_classes", "refusal_runs", "refusal_run_classes", "hub_minutes",
        "service_operations", "explained_errors", "coverage", "files",
        "rejects",
        "enrollments", "registration_records", "linked_hubs", "doubts",
    ]

    private static let subjectKinds: Set<String> = ["device", "enrollment-group", "hub", "dps", "fleet"]
    private static let confidences: Set<String> = ["certain", "likely", "possible"]

    /// What is wrong with a rule; empty if nothing is.
    public static func problems(_ entry: RuleSet.Entry) -> [String] {
        var problems: [String] = []
        let card = entry.card
        if !subjectKinds.contains(card.subjectKind) {
            problems.append("`subject: \(card.subjectKind)` is none of \(subjectKinds.sorted())")
        }
        if !confidences.contains(card.confidence) {
            problems.append("`confidence: \(card.confidence)` is none of \(confidences.sorted())")
        }
        for (key, text) in card.texts.sorted(by: { $0.key < $1.key }) where text.isEmpty {
            problems.append("`\(key)` is empty")
        }
        for parameter in card.parameters {
            let used =
                card.sql.contains(":\(parameter.name)")
                || card.texts["summary"]?.contains("{\(parameter.name)}") == true
            if !used { problems.append("parameter `\(parameter.name)` is not used") }
        }
        do {
            let cases = try RuleCase.parse(entry.cases ?? "", file: entry.file)
            if cases.count < RuleTester.fewestCases {
                problems.append("\(cases.count) cases; at least \(RuleTester.fewestCases) are needed")
            }
            if !cases.contains(where: { !$0.expected.isEmpty }) { problems.append("no case in which it fires") }
            if !cases.contains(where: { $0.expected.isEmpty }) { problems.append("no case in which it must not fire") }
        } catch {
            problems.append(error.description)
        }
        do {
            problems += try sqlProblems(card)
        } catch {
            problems.append("the SELECT is not valid: \(error)")
        }
        return problems
    }

    private static func sqlProblems(_ card: RuleCard) throws -> [String] {
        let database = try LogDatabase.inMemory()
        return try database.access.read { connection in
            var problems: [String] = []
            let statements = try connection.allStatements(sql: card.sql)
            guard let statement = try statements.next() else { return ["there is no SELECT"] }
            if !statement.isReadonly { problems.append("the SQL would change the database") }
            if try statements.next() != nil { problems.append("there is more than one statement") }
            for column in RuleRunner.columns where !statement.columnNames.contains(column) {
                problems.append("the SELECT has no column `\(column)`")
            }
            let known = RuleRunner.columns + RuleRunner.optionalColumns
            for column in statement.columnNames where !known.contains(column) {
                problems.append("the column `\(column)` is not known")
            }
            let read = tablesRead(card.sql)
            return problems + tableProblems(read) + WatchClaim.problems(card, reads: read)
                + PortableSQL.problems(card.sql)
        }
    }

    /// Names behind FROM and JOIN must be documented views or the rule's own WITH tables.
    private static func tableProblems(_ read: Set<String>) -> [String] {
        read.subtracting(views).sorted().map { name in
            "`\(name)` is no documented view; rules read \(views.sorted().joined(separator: ", "))"
        }
    }

    /// The names behind FROM and JOIN that are not the rule's own WITH tables.
    private static func tablesRead(_ sql: String) -> Set<String> {
        let separators: Set<Character> = [" ", "\n", "\t", "(", ")", ",", ";"]
        let code = sql.split(separator: "\n").filter { !$0.drop { $0 == " " }.hasPrefix("--") }.joined(separator: "\n")
        let hints: Set<String> = ["MATERIALIZED", "NOT"]
        let words = code.split(whereSeparator: { separators.contains($0) }).map(String.init)
        var own = Set<String>()
        for (index, word) in words.enumerated() where word.uppercased() == "AS" && index > 0 && index + 1 < words.count
        {
            let next = words[(index + 1)...].first { !hints.contains($0.uppercased()) }
            if next?.uppercased() == "SELECT" { own.insert(words[index - 1].lowercased()) }
        }
        var read = Set<String>()
        for (index, word) in words.enumerated()
        where ["FROM", "JOIN"].contains(word.uppercased()) && index + 1 < words.count {
            let name = words[index + 1].lowercased()
            if name != "select", !own.contains(name) { read.insert(name) }
        }
        return read
    }
}
