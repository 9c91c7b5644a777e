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

    private let traits: DeviceTraits
    private let runs: FailureRuns
    private let findings: BriefFindings
    /// The devices that the findings are about, by their places; -1 for none.
    private let devices: [Int32]
    /// Of each of the findings' rules `dps` or `hub` where it speaks of one alone, by its errors or by what it needs; else the
    /// family.
    private let sides: [String]
    /// What was kept of incidents whose records were pruned, by the ids of their findings.
    private let kept: [String: KeptAnchor]
    /// Devices that were struck and came through, the latest first.
    private let over: [Struck]
    private let overByValue: DevicesByValue

    /// - Parameters:
    ///   - findings: all of the analysis.
    ///   - devices: those that the findings are about, by their places; -1 for none.
    ///   - kept: what was kept of incidents whose records were pruned, by the ids of their findings.
    init(
        _ cards: [String: RuleCard],
        _ traits: DeviceTraits,
        _ runs: FailureRuns,
        _ findings: BriefFindings,
        devices: [Int32],
        kept: [String: KeptAnchor]
    ) {
        self.traits = traits
        self.runs = runs
        self.findings = findings
        self.devices = devices
        self.kept = kept
        sides = findings.rules.map { Self.side(ofRule: $0, cards) }
        // Of the devices that have a run which is over: they are few, and names of all would be most of what is held here.
        var isOver = Set<Int32>()
        for place in devices.indices where devices[place] >= 0 && runs.areOver(of: findings.names(place)) {
            isOver.insert(devices[place])
        }
        var names: [Int: Set<String>] = [:]
        for place in isOver.isEmpty ? [] : Array(devices.indices) where isOver.contains(devices[place]) {
            names[Int(devices[place]), default: []].formUnion(findings.names(place))
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
    ///
    /// - Parameter places: those of its findings.
    func anchor(_ places: [Int32], _ attribute: String, _ value: String) -> IncidentAnchor {
        var first: IncidentAnchor?
        func take(_ anchor: IncidentAnchor) {
            if first.map({ IncidentAnchor.precedes(anchor, $0) }) ?? true { first = anchor }
        }
        var (sides, told) = (Set<String>(), Set<String>())
        for place in places.lazy.map({ Int($0) }) {
            let own = anchor(place)
            take(own)
            // What began behind it is another incident, of which a finding may have the same id.
            if !kept.isEmpty, let kept = kept[findings.id(place)], own.time <= kept.end { take(kept.anchor) }
            sides.insert(side(place))
            if standsForTold(place) { told.insert(side(place)) }
        }
        // Of a group's devices, and of those with one SDK, protocol or network, each has its finding, now or before. A finding
        // about a hub or an instance stands for devices of which no rule tells one by one: none of them begins with it only
        // because it came through.
        for one in overByValue.places(attribute, value).map({ over[$0] }) where sides.contains(one.side) {
            guard let known = first?.time, one.run.begins <= known, known <= one.run.until,
                one.run.begins < known || told.contains(one.side)
            else { continue }
            take(IncidentAnchor(side: one.side, whom: one.whom, time: one.run.begins))
        }
        return first ?? IncidentAnchor(side: "", whom: "", time: .max)
    }

    /// Whether a finding is about a device, or about devices of which each has a finding of its own.
    private func standsForTold(_ place: Int) -> Bool {
        let finding = findings.items[place]
        return switch findings.text(finding.subjectKind) {
        case "device", "enrollment-group": true
        case "fleet": findings.text(finding.subject)?.contains("=") ?? false
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

    private func anchor(_ place: Int) -> IncidentAnchor {
        let side = side(place)
        let time = findings.items[place].firstSeen ?? .max
        guard findings.isAboutDevice(place) else {
            return IncidentAnchor(side: side, whom: findings.id(place), time: time)
        }
        let names = findings.names(place)
        let whom = devices[place] >= 0 ? traits.name(Int(devices[place])) : names.min() ?? ""
        return IncidentAnchor(side: side, whom: "device/" + whom, time: runs.beginning(of: names, at: side, time))
    }

    private func side(_ place: Int) -> String { sides[Int(findings.items[place].rule)] }

    private static func side(ofRule rule: String, _ cards: [String: RuleCard]) -> String {
        guard let card = cards[rule] else { return rule }
        let errors = Set(card.errors.map(\.service))
        let services = errors.isEmpty ? Set(card.needs).intersection(["dps", "hub"]) : errors
        return services.count == 1 ? services.first ?? "" : card.family
    }
}
