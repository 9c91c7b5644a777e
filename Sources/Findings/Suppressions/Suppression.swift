import AzureLogs
import Basics

/// Says that findings are known and accepted for a time: by whom, why, until when.
public struct Suppression: Sendable, Hashable {
    /// The rule's name, or `*` for any.
    public var rule: String
    /// Subjects: `*` stands for any letters, `?` for one.
    public var subject: String
    /// Why it is accepted.
    public var reason: String
    /// Who answers for it.
    public var owner: String
    /// The last day on which it holds (UTC), as `2026-12-31`.
    public var expires: String
    /// The line of the file on which it begins, for messages.
    public var line: Int

    /// A suppression.
    public init(rule: String, subject: String, reason: String, owner: String, expires: String, line: Int = 0) {
        self.rule = rule
        self.subject = subject
        self.reason = reason
        self.owner = owner
        self.expires = expires
        self.line = line
    }

    /// Whether it still holds at a time in microseconds since 1970: through the end of its last day.
    public func holds(at time: Int64) -> Bool {
        guard let ticks = Timestamp.parse(expires + "T00:00:00Z") else { return false }
        return time < ticks / 10 + Microseconds.day
    }

    /// Whether it speaks of a finding.
    public func matches(_ finding: Finding) -> Bool {
        (rule == "*" || rule == finding.rule) && NamePattern.matches(subject, finding.subject)
    }
}

/// Patterns of names with `*` and `?`.
enum NamePattern {
    /// Whether a name fits; case-sensitive.
    static func matches(_ pattern: String, _ name: String) -> Bool {
        let pattern = Array(pattern.unicodeScalars)
        let name = Array(name.unicodeScalars)
        var (p, n) = (0, 0)
        // Where the last star stood and how far it reached: one step back is enough, so the work is bounded.
        var star: (pattern: Int, name: Int)?
        while n < name.count {
            if p < pattern.count, pattern[p] == "*" {
                star = (p, n)
                p += 1
            } else if p < pattern.count, pattern[p] == "?" || pattern[p] == name[n] {
                (p, n) = (p + 1, n + 1)
            } else if let last = star {
                star = (last.pattern, last.name + 1)
                (p, n) = (last.pattern + 1, last.name + 1)
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == "*" }
    }
}
