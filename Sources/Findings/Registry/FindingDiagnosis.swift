/// What a registry, or a device's own request, says about why a finding is there.
public struct FindingDiagnosis: Sendable, Hashable, Codable {
    /// A short name: a mistake of docs/verifier.md such as `M4`, or a state of the registry such as `enrollment-disabled`.
    public var mistake: String
    /// `certain`, `likely` or `possible`.
    public var confidence: String
    /// What the registry says, as one sentence without a full stop; never key material.
    public var explanation: String
    /// What to do about it.
    public var fix: String

    /// A diagnosis of its parts.
    public init(mistake: String, confidence: String, explanation: String, fix: String) {
        self.mistake = mistake
        self.confidence = confidence
        self.explanation = explanation
        self.fix = fix
    }

    /// Surest first; what was found first stays in front of its equals.
    static func ordered(_ list: [FindingDiagnosis]) -> [FindingDiagnosis] {
        var seen = Set<String>()
        return list.enumerated().sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }.map(\.element)
            .filter { seen.insert($0.mistake + $0.explanation).inserted }
    }

    /// 0 for the surest.
    var rank: Int { ["certain", "likely", "possible"].firstIndex(of: confidence) ?? 3 }
}

extension Finding {
    /// The finding with diagnoses told in it: the first in the summary, its fix in the place of the rule's if it is sure enough.
    func explained(by list: [FindingDiagnosis]) -> Finding {
        guard let best = list.first else { return self }
        var finding = self
        finding.diagnosis = list
        finding.summary += "; the registry says: \(best.explanation)"
        // What is only possible must not push aside what the rule advises.
        if best.confidence != "possible" { finding.fix = best.fix }
        return finding
    }
}
