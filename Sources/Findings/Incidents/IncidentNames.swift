/// Whom an incident struck first: what its id rests on.
struct IncidentAnchor: Sendable, Hashable, Codable {
    /// `dps` or `hub`, where the trouble is; for rules that speak of neither alone the word of the family.
    var side: String
    /// `device/` and the registration or device id in lower case; of what is about many the finding's id.
    var whom: String
    /// When it began, microseconds since 1970; `.max` where it has no time.
    var time: Int64

    /// The order in which incidents strike: of those struck at one time a device before what is about many, which is told later.
    static func precedes(_ a: IncidentAnchor, _ b: IncidentAnchor) -> Bool {
        (a.time, a.isDevice ? 0 : 1, a.side, a.whom) < (b.time, b.isDevice ? 0 : 1, b.side, b.whom)
    }

    private var isDevice: Bool { whom.hasPrefix("device/") }

    /// The incident's id, before incidents that one device began together are told apart.
    ///
    /// A device may begin another incident days later. What is about many has its times with it: they may grow.
    func id(_ ordinal: Int) -> String {
        FindingID.make(
            rule: "incident",
            kind: side,
            subject: whom,
            episode: (isDevice ? String(time) : "") + (ordinal == 0 ? "" : "/\(ordinal)")
        )
    }
}

/// Whom an incident struck first whose records were pruned, and when the last of it had been seen by then.
struct KeptAnchor: Sendable, Hashable {
    var anchor: IncidentAnchor
    /// Microseconds since 1970.
    var end: Int64
}

/// The ids of incidents: they rest on whom an incident struck first, which does not change as it grows, nor when those who
/// were struck first come through.
///
/// What it does not do: where records that come late show that another device was struck earlier, the id is another.
struct IncidentNames {
    /// A device that trouble has struck, whether or not it is over.
    struct Struck {
        var device: Int
        var side: String
        var whom: String
        var run: FailureRuns.Run
    }

    private let cards: [String: RuleCard]
    private let traits: DeviceTraits
    private let runs: FailureRuns
    /// What was kept of incidents whose records were pruned, by the ids of their findings.
    private let kept: [String: KeptAnchor]
    /// Devices that were struck and came through, the latest first.
    private let over: [Struck]
    private let overByValue: DevicesByValue

    /// - Parameters:
    ///   - findings: all of the analysis.
    ///   - kept: what was kept of incidents whose records were pruned, by the ids of their findings.
    init(
        _ cards: [String: RuleCard],
        _ traits: DeviceTraits,
        _ runs: FailureRuns,
        _ findings: [Finding],
        kept: [String: KeptAnchor]
    ) {
        self.cards = cards
        self.traits = traits
        self.runs = runs
        self.kept = kept
        // Of the devices that have a run which is over: they are few, and names of all would be most of what is held here.
        var isOver = Set<Int>()
        for finding in findings where runs.areOver(of: Self.names(finding)) {
            if let device = traits.device(of: finding) { isOver.insert(device) }
        }
        var names: [Int: Set<String>] = [:]
        for finding in isOver.isEmpty ? [] : findings {
            guard let device = traits.device(of: finding), isOver.contains(device) else { continue }
            names[device, default: []].formUnion(Self.names(finding))
        }
        over = names.flatMap { device, names in
            ["dps", "hub"].flatMap { side in
                runs.runs(of: names, at: side).filter(\.isOver)
                    .map { Struck(device: device, side: side, whom: "device/" + traits.name(device), run: $0) }
            }
        }.sorted { ($1.run.begins, $0.whom, $0.side) < ($0.run.begins, $1.whom, $1.side) }
        overByValue = DevicesByValue(over.map(\.device), traits, run: .series)
    }

    /// Whom an incident struck first.
    ///
    /// A device that came through since belongs to it where it has what the struck have in common, or an id of their series, failed on the same side,
    /// and was still failing when the next one was struck.
    func anchor(_ findings: [Finding], _ attribute: String, _ value: String) -> IncidentAnchor {
        var first: IncidentAnchor?
        func take(_ anchor: IncidentAnchor) {
            if first.map({ IncidentAnchor.precedes(anchor, $0) }) ?? true { first = anchor }
        }
        for finding in findings {
            let own = anchor(finding)
            take(own)
            // What began behind it is another incident, of which a finding may have the same id.
            if let kept = kept[finding.id], own.time <= kept.end { take(kept.anchor) }
        }
        let sides = Set(findings.map(side))
        // Of a group's devices, and of those with one SDK, protocol or network, each has its finding, now or before. A finding
        // about a hub or an instance stands for devices of which no rule tells one by one: none of them begins with it only
        // because it came through.
        let told = Set(findings.filter(Self.standsForTold).map(side))
        for one in overByValue.places(attribute, value).map({ over[$0] }) where sides.contains(one.side) {
            guard let known = first?.time, one.run.begins <= known, known <= one.run.until,
                one.run.begins < known || told.contains(one.side)
            else { continue }
            take(IncidentAnchor(side: one.side, whom: one.whom, time: one.run.begins))
        }
        return first ?? IncidentAnchor(side: "", whom: "", time: .max)
    }

    /// Whether a finding is about a device, or about devices of which each has a finding of its own.
    private static func standsForTold(_ finding: Finding) -> Bool {
        switch finding.subjectKind {
        case "device", "enrollment-group": true
        case "fleet": finding.subject.contains("=")
        default: false
        }
    }

    /// The ids of incidents in their order, each once.
    static func ids(_ anchors: [IncidentAnchor], families: [String]) -> [String] {
        var ids = [String](repeating: "", count: anchors.count)
        var used: [IncidentAnchor: Int] = [:]
        // A device may begin two incidents at one time; they are told apart by their families.
        let order = anchors.indices.sorted {
            anchors[$0] == anchors[$1]
                ? (families[$0], $0) < (families[$1], $1) : IncidentAnchor.precedes(anchors[$0], anchors[$1])
        }
        for index in order {
            var anchor = anchors[index]
            if !anchor.whom.hasPrefix("device/") { anchor.time = .max }
            ids[index] = anchors[index].id(used[anchor, default: 0])
            used[anchor, default: 0] += 1
        }
        return ids
    }

    private func anchor(_ finding: Finding) -> IncidentAnchor {
        let side = side(finding)
        let time = finding.firstSeen ?? .max
        guard finding.subjectKind == "device" else { return IncidentAnchor(side: side, whom: finding.id, time: time) }
        let names = Self.names(finding)
        let whom = traits.device(of: finding).map(traits.name) ?? names.min() ?? ""
        return IncidentAnchor(side: side, whom: "device/" + whom, time: runs.beginning(of: names, at: side, time))
    }

    /// `dps` or `hub` where the rule speaks of one alone, by its errors or by what it needs; else the family.
    private func side(_ finding: Finding) -> String {
        guard let card = cards[finding.rule] else { return finding.rule }
        let errors = Set(card.errors.map(\.service))
        let services = errors.isEmpty ? Set(card.needs).intersection(["dps", "hub"]) : errors
        return services.count == 1 ? services.first ?? "" : card.family
    }

    /// The names by which the device of a finding is known, in lower case.
    static func names(_ finding: Finding) -> Set<String> {
        Set([finding.registrationId, finding.deviceId, finding.subject].compactMap { $0?.lowercased() })
    }
}
