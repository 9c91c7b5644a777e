@testable import Findings

/// Findings for tests, told apart by rule and subject.
enum Sample {
    static func finding(
        _ rule: String = "key-derivation-failure",
        _ subject: String = "dev-1",
        severity: Severity = .high,
        kind: String = "device",
        lastSeen: Int64? = nil
    ) -> Finding {
        Finding(
            id: FindingID.make(rule: rule, kind: kind, subject: subject, episode: ""),
            rule: rule,
            severity: severity,
            confidence: "certain",
            subjectKind: kind,
            subject: subject,
            firstSeen: lastSeen,
            lastSeen: lastSeen,
            occurrences: 1,
            reason: "r",
            summary: "s",
            fix: "f",
            evidence: []
        )
    }
}
