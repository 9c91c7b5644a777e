/// The ids of incidents: they rest on whom an incident struck first, which does not change as it grows.
///
/// What it does not do: where records that come late show that another device was struck earlier, the id is another.
enum IncidentNames {
    /// The ids of incidents in their order, each once.
    ///
    /// - Parameters:
    ///   - incidents: the findings of each.
    ///   - family: the word of the rules that may share a cause.
    static func make(_ incidents: [[Finding]], family: (Finding) -> String) -> [String] {
        struct Anchor {
            var index: Int
            var onset: Int64
            var family: String
            var whom: String
        }
        let anchors = incidents.enumerated().map { index, findings in
            let first = findings.min { precedes($0, $1, family) }
            return Anchor(
                index: index,
                onset: first?.firstSeen ?? .max,
                family: first.map(family) ?? "",
                whom: first.map(whom) ?? ""
            )
        }
        var ids = [String](repeating: "", count: incidents.count)
        var used: [String: Int] = [:]
        // A device may be the first of two incidents of one family, days apart.
        for anchor in anchors.sorted(by: { ($0.onset, $0.family, $0.whom) < ($1.onset, $1.family, $1.whom) }) {
            let ordinal = used[anchor.family + "/" + anchor.whom, default: 0]
            used[anchor.family + "/" + anchor.whom] = ordinal + 1
            ids[anchor.index] = FindingID.make(
                rule: "incident",
                kind: anchor.family,
                subject: anchor.whom,
                episode: ordinal == 0 ? "" : String(ordinal)
            )
        }
        return ids
    }

    /// Who was struck first: of those struck at one time a device before what is about many, which is told later.
    private static func precedes(_ a: Finding, _ b: Finding, _ family: (Finding) -> String) -> Bool {
        let (left, right) = (a.subjectKind == "device" ? 0 : 1, b.subjectKind == "device" ? 0 : 1)
        return (a.firstSeen ?? .max, left, family(a), whom(a), a.id) < (
            b.firstSeen ?? .max, right, family(b), whom(b), b.id
        )
    }

    private static func whom(_ finding: Finding) -> String {
        guard finding.subjectKind == "device" else { return finding.id }
        return "device/" + (finding.registrationId ?? finding.deviceId ?? finding.subject).lowercased()
    }
}
