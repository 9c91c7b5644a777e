import AzureLogs
import Findings

/// Says that logs came later than the overlap allows: nights that were judged without them are named.
enum LateRecords {
    /// The rule's name in findings.
    static let rule = "late-records"

    /// The finding, nil if nothing came too late.
    ///
    /// - Parameter nights: the nights that were kept, oldest first.
    static func finding(_ night: Night, _ nights: [Night]) -> Finding? {
        guard let changed = night.changedSince, changed != .min, changed < night.window.from else { return nil }
        let touched = nights.filter { $0.date < night.date && $0.window.to > changed }
        guard let first = touched.first else { return nil }
        let since = Timestamp.format(microseconds: changed)
        return Finding(
            id: FindingID.make(rule: rule, kind: "fleet", subject: "logs", episode: night.date),
            rule: rule,
            severity: .low,
            confidence: "certain",
            subjectKind: "fleet",
            subject: "logs",
            firstSeen: changed,
            lastSeen: night.window.from,
            occurrences: touched.count,
            reason: "beyond the overlap",
            summary: "logs from \(since) on arrived after \(touched.count) nights had been judged without them",
            fix: "Read the reports of the nights from \(first.date) on again: they were judged and written anew."
                + " Make the overlap longer if this happens often.",
            evidence: []
        )
    }
}
