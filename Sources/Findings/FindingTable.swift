import Attestation
import AzureLogs
public import EventStore

/// Findings as rows, in the columns that other programs rely on.
public enum FindingTable {
    /// The columns of every export, in their order.
    public static let columns = [
        "finding_id", "rule", "severity", "confidence", "status", "subject_kind", "subject", "registration_id",
        "device_id", "enrollment_group", "dps", "hub", "first_seen", "last_seen", "occurrences", "incident", "reason",
        "summary", "fix", "evidence",
    ]

    /// The findings as rows in the order given; what a registry says of them is a member `diagnosis` of JSON alone.
    public static func table(_ findings: [Finding]) -> ResultTable {
        var table = ResultTable(columns: columns, rows: findings.map(row))
        if findings.contains(where: { $0.diagnosis != nil }) {
            table.members = findings.map(member)
        }
        return table
    }

    /// What a registry says of a finding, as a member of JSON; nil for nothing.
    public static func member(_ finding: Finding) -> String? { finding.diagnosis.map { "\"diagnosis\":\(json($0))" } }

    private static func json(_ list: [FindingDiagnosis]) -> String {
        let objects = list.map { item in
            JSONText.line([
                "mistake": .string(item.mistake), "confidence": .string(item.confidence),
                "explanation": .string(item.explanation), "fix": .string(item.fix),
            ])
        }
        return "[" + objects.joined(separator: ",") + "]"
    }

    /// A finding as a row.
    public static func row(_ finding: Finding) -> [Cell] {
        func text(_ value: String?) -> Cell { value.map(Cell.text) ?? .null }
        func time(_ value: Int64?) -> Cell { value.map { .text(Timestamp.format(microseconds: $0)) } ?? .null }
        return [
            .text(finding.id), .text(finding.rule), .text(finding.severity.rawValue), .text(finding.confidence),
            .text(finding.status), .text(finding.subjectKind), .text(finding.subject), text(finding.registrationId),
            text(finding.deviceId), text(finding.enrollmentGroup), text(finding.dps), text(finding.hub),
            time(finding.firstSeen), time(finding.lastSeen), .integer(Int64(finding.occurrences)),
            text(finding.incident), .text(finding.reason), .text(finding.summary), .text(finding.fix),
            .text(EvidenceCell.text(finding.evidence)),
        ]
    }
}
