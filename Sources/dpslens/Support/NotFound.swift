import ArgumentParser
import Basics
import Correlation
import EventStore
import Findings
import Reports

/// A name on the command line that nothing goes by: a rule, device, finding, incident, file or column (exit 64).
///
/// It is told without the usage, which would push the hint off the screen.
struct NotFound: Error, CustomStringConvertible {
    let description: String

    /// What is missing, and the known names that are nearest to it.
    init(_ what: String, near names: [String] = [], else hint: String) {
        description =
            names.isEmpty
            ? "\(what); \(hint)"
            : "\(what); did you mean \(names.map { TerminalText.safe($0) }.joined(separator: " or "))?"
    }
}

/// Known names that are like a mistyped one.
enum Suggestion {
    /// The nearest names: those that begin with the text, else those that differ in few letters; at most three.
    static func near(_ text: String, in names: some Sequence<String>) -> [String] {
        let wanted = text.lowercased()
        if wanted.isEmpty { return [] }
        let most = wanted.count < 3 ? 1 : max(2, min(4, wanted.count / 3))
        var ranked: [(distance: Int, name: String)] = []
        for name in names {
            let folded = name.lowercased()
            if folded.hasPrefix(wanted) {
                ranked.append((0, name))
            } else if abs(folded.utf8.count - wanted.utf8.count) <= most {
                let distance = EditDistance.between(folded, wanted)
                if distance <= most { ranked.append((distance, name)) }
            }
        }
        guard let best = ranked.map(\.distance).min() else { return [] }
        return Array(ranked.filter { $0.distance == best }.map(\.name).sorted().prefix(3))
    }

    /// Names of devices and registrations that are like a mistyped one.
    static func devices(_ text: String, in database: LogDatabase) throws -> [String] {
        let rows = try QueryRunner.run("SELECT DISTINCT name FROM identity", in: database).rows
        return near(text, in: rows.map { $0[0].plain })
    }
}

extension NotFound {
    /// No rule of this name.
    static func rule(_ name: String, _ rules: RuleSet) -> NotFound {
        NotFound(
            "there is no rule \(TerminalText.safe(name))",
            near: rules.suggestion(for: name).map { [$0] } ?? [],
            else: "`dpslens rules list` has all"
        )
    }

    /// No device or registration of this name.
    static func device(_ id: String, _ database: LogDatabase, _ argument: String) throws -> NotFound {
        NotFound(
            "nothing is known of a device \(TerminalText.safe(id))",
            near: try Suggestion.devices(id, in: database),
            else: "`dpslens query --sql 'SELECT DISTINCT registration_id FROM attempts'\(argument)` lists them"
        )
    }

    /// No incident of this id, or several that begin so.
    static func incident(_ id: String, _ incidents: [Incident], _ argument: String) -> NotFound {
        let begins = incidents.map(\.id).filter { $0.hasPrefix(id.lowercased()) }
        if begins.count > 1 {
            return NotFound(
                "\(begins.count) incidents begin with \(TerminalText.safe(id))",
                else: "give more of the id"
            )
        }
        return NotFound(
            "there is no incident \(TerminalText.safe(id))",
            near: Suggestion.near(id, in: incidents.map(\.id)),
            else: "`dpslens incidents\(argument)` has all"
        )
    }
}
