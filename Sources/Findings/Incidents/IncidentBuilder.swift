import Basics
import EventStore
import GRDB

/// Makes incidents of findings: what struck whom, since when, what they have in common, and what was changed before.
///
/// What it does not do: it names what goes together, and what was changed shortly before; that one is the reason for the
/// other it cannot know.
struct IncidentBuilder {
    /// Onsets further apart than this belong to different incidents, in microseconds: a day.
    static let quiet: Int64 = Microseconds.day
    private static let shownSubjects = 20

    private let cards: [String: RuleCard]
    private let traits: DeviceTraits
    private let changes: ChangeIndex
    private let runs: FailureRuns
    private let kept: [String: KeptAnchor]
    /// All of the analysis, in total order.
    private let findings: BriefFindings
    /// The devices that the findings are about, by their places; -1 for none.
    private let devices: [Int32]

    /// - Parameters:
    ///   - findings: all of the analysis, in total order.
    ///   - runs: the failures of the devices that findings are about.
    ///   - kept: what was kept of incidents whose records were pruned, by the ids of their findings.
    private init(
        _ findings: BriefFindings,
        _ rules: RuleSet,
        _ traits: DeviceTraits,
        _ changes: [Incident.Change],
        runs: FailureRuns,
        kept: [String: KeptAnchor]
    ) {
        cards = Dictionary(
            rules.entries.map { ($0.card.name, $0.card) } + RegistryChecks.cards.map { ($0.name, $0) },
            uniquingKeysWith: { rule, _ in rule }
        )
        self.findings = findings
        devices = findings.items.indices.map { place in
            traits.device(of: place, among: findings).map { Int32(truncatingIfNeeded: $0) } ?? -1
        }
        self.traits = traits
        self.changes = ChangeIndex(changes)
        self.runs = runs
        self.kept = kept
    }

    /// Makes the incidents of a database's findings, and gives each finding its incident.
    ///
    /// - Parameters:
    ///   - devices: those that the logs name (`DeviceTraits.logged`).
    ///   - attributes: what is known of devices beside the logs.
    /// - Throws: `DatabaseError`.
    static func build(
        _ findings: [Finding],
        _ rules: RuleSet,
        _ devices: DeviceTraits,
        _ connection: Database,
        attributes: [DeviceAttribute] = []
    ) throws -> (
        findings: [Finding], incidents: [Incident]
    ) {
        var incidents: [Incident] = []
        let brief = BriefFindings(findings.sorted(by: Finding.precedes))
        try forEach(of: brief, rules, devices, connection, attributes: attributes) { incident, _ in
            incidents.append(incident)
        }
        incidents.sort(by: Incident.precedes)
        if incidents.isEmpty { return (findings, []) }
        var owners: [String: String] = [:]
        for incident in incidents {
            for finding in incident.findings { owners[finding] = incident.id }
        }
        let marked = findings.map { finding in
            var finding = finding
            finding.incident = owners[finding.id]
            return finding
        }
        return (marked, incidents)
    }

    /// Makes incidents and hands them on one after the other, in no order: of a hundred thousand none need be in memory.
    ///
    /// - Parameters:
    ///   - findings: all of the analysis, in total order.
    ///   - body: gets each incident, and the places of its findings, ascending.
    /// - Throws: `DatabaseError`, and what `body` throws.
    static func forEach(
        of findings: BriefFindings,
        _ rules: RuleSet,
        _ devices: DeviceTraits,
        _ connection: Database,
        attributes: [DeviceAttribute] = [],
        _ body: (Incident, [Int32]) throws -> Void
    ) throws {
        guard findings.items.contains(where: { $0.severity > .informational }) else { return }
        let changes = try Incident.Change.all(connection)
        let enrolled = findings.items.filter { RegistryChecks.names.contains(findings.rules[Int($0.rule)]) }
            .compactMap { findings.text($0.registrationId) }
        try IncidentBuilder(
            findings,
            rules,
            devices.completed(extra: attributes, also: enrolled),
            changes,
            runs: try FailureRuns(of: findings, connection),
            kept: try IncidentRows.kept(connection)
        ).forEach(body)
    }

    /// A cause in the making.
    struct Draft {
        var family: String
        var separation: Separation
        var devices: Set<Int>
        /// The places of its findings.
        var findings: [Int32]
        /// When the first of its findings was first seen, microseconds since 1970; nil where none has a time.
        var begins: Int64?
        /// When the last of them was last seen.
        var ends: Int64?
        /// Whom it struck first; nil until the draft is whole.
        var anchor: IncidentAnchor?

        /// A cause of findings.
        ///
        /// - Parameter known: those among which its own are.
        init(
            family: String,
            separation: Separation,
            devices: Set<Int>,
            findings: [Int32],
            among known: BriefFindings,
            anchor: IncidentAnchor? = nil
        ) {
            self.family = family
            self.separation = separation
            self.devices = devices
            self.findings = []
            self.anchor = anchor
            for place in findings { add(place, among: known) }
        }

        /// Takes a finding in.
        mutating func add(_ place: Int32, among known: BriefFindings) {
            findings.append(place)
            let finding = known.items[Int(place)]
            if let first = finding.firstSeen { begins = min(begins ?? first, first) }
            if let last = finding.lastSeen { ends = max(ends ?? last, last) }
        }

        /// When it began: with those who were struck first, also if they came through since.
        var onset: Int64? { [begins, anchor?.time].compactMap(\.self).min() }
    }

    private func forEach(_ body: (Incident, [Int32]) throws -> Void) throws {
        var drafts: [Draft] = []
        let holders = DevicesByValue(nil, traits, run: .itself)
        var byFamily: [String: [Int32]] = [:]
        for (place, finding) in findings.items.enumerated() where finding.severity > .informational {
            let rule = findings.rule(place)
            byFamily[cards[rule]?.family ?? rule, default: []].append(Int32(truncatingIfNeeded: place))
        }
        for (family, members) in byFamily.sorted(by: { $0.key < $1.key }) {
            for episode in episodes(members) { drafts += causes(episode, family, holders) }
        }
        let names = IncidentNames(cards, traits, runs, findings, devices: devices, kept: kept)
        var whole = merged(drafts)
        for place in whole.indices {
            let separation = whole[place].separation
            whole[place].anchor = names.anchor(whole[place].findings, separation.attribute, separation.value)
        }
        let ids = IncidentNames.ids(whole.compactMap(\.anchor), families: whole.map(\.family))
        for (draft, id) in zip(whole, ids) {
            let places = draft.findings.sorted()
            try body(incident(draft, places, id: id), places)
        }
    }

    /// Findings whose onsets follow each other without a quiet day between them.
    private func episodes(_ places: [Int32]) -> [[Int32]] {
        func first(_ place: Int32) -> Int64? { findings.items[Int(place)].firstSeen }
        let ordered = places.sorted { a, b in
            let (one, other) = (first(a) ?? .min, first(b) ?? .min)
            return one == other ? findings.id(Int(a)) < findings.id(Int(b)) : one < other
        }
        var episodes: [[Int32]] = []
        var last: Int64?
        for place in ordered {
            if let first = first(place), let before = last, first - before <= Self.quiet {
                episodes[episodes.count - 1].append(place)
            } else if first(place) == nil, !episodes.isEmpty {
                episodes[episodes.count - 1].append(place)
            } else {
                episodes.append([place])
            }
            // One without a time says nothing of when the next one is too late.
            if let first = first(place) { last = max(last ?? first, first) }
        }
        return episodes
    }

    /// Splits an episode by what sets its devices apart, the clearest cause first.
    ///
    /// What has nothing in common with others is no incident; it is told by its rule.
    private func causes(_ places: [Int32], _ family: String, _ holders: DevicesByValue) -> [Draft] {
        let byDevice = PlacesByDevice(places, devices)
        var drafts: [Draft] = []
        var left = Set(byDevice.devices.map { Int($0) })
        let isRegistrys = places.contains { RegistryChecks.names.contains(findings.rule(Int($0))) }
        // Devices that no log names cannot be struck by what logs show.
        var out = isRegistrys ? [] : traits.dormant
        while left.count >= Separation.fewest, let (found, members) = SeparationSearch.best(left, isOut: out, traits) {
            let told = members.sorted().flatMap { byDevice[$0] }
            drafts.append(
                Draft(family: family, separation: found, devices: members, findings: told, among: findings)
            )
            left.subtract(members)
            out.formUnion(members)
        }
        var known = KnownDrafts(drafts)
        for place in places where devices[Int(place)] < 0 {
            attach(place, family, holders, byDevice, &left, &drafts, &known)
        }
        return drafts
    }

    /// A finding about a group, hub or the like joins the cause of that name, or the one whose devices are those it counts;
    /// else it is one by itself, with those of its devices that have no cause yet.
    private func attach(
        _ place: Int32,
        _ family: String,
        _ holders: DevicesByValue,
        _ byDevice: PlacesByDevice,
        _ left: inout Set<Int>,
        _ drafts: inout [Draft],
        _ known: inout KnownDrafts
    ) {
        let occurrences = findings.items[Int(place)].occurrences
        let (attribute, value) = attribute(of: findings.items[Int(place)])
        let having = holders.places(attribute, value)
        if let index = known.first(attribute, value)
            ?? known.sharing(having).first(where: { index, shared in
                shared * 2 > drafts[index].devices.count && shared * 2 > occurrences
            })?.index
        {
            drafts[index].add(place, among: findings)
            return
        }
        let own = Set(having.filter(left.contains))
        left.subtract(own)
        let population = having.count
        let separation = Separation(
            attribute: attribute,
            value: value,
            struck: population > 0 ? min(occurrences, population) : occurrences,
            population: population,
            struckOutside: 0,
            populationOutside: traits.count - traits.dormant.count - population
        )
        let told = [place] + own.sorted().flatMap { byDevice[$0] }
        drafts.append(
            Draft(family: family, separation: separation, devices: own, findings: told, among: findings)
        )
        known.add(drafts[drafts.count - 1], drafts.count - 1)
    }

    private func attribute(of finding: BriefFindings.Item) -> (String, String) {
        let kind = findings.text(finding.subjectKind) ?? ""
        let subject = findings.text(finding.subject) ?? ""
        if kind == "enrollment-group", findings.text(finding.reason) == "batch" { return (DeviceTraits.batch, subject) }
        if kind == "fleet", let equals = subject.firstIndex(of: "=") {
            return (String(subject[..<equals]), String(subject[subject.index(after: equals)...]))
        }
        return (kind, subject)
    }

    /// Joins causes of different families that name the same value, or strike the same devices, at the same time.
    private func merged(_ drafts: [Draft]) -> [Draft] {
        let strengths = drafts.map(\.separation.strength)
        let ordered = drafts.indices.sorted { a, b in
            let (one, other) = (drafts[a], drafts[b])
            return (strengths[b], other.findings.count, one.family, one.separation.value)
                < (strengths[a], one.findings.count, other.family, other.separation.value)
        }
        var merging = DraftMerging()
        for index in ordered { merging.take(drafts[index]) }
        return merging.result
    }

    private func incident(_ draft: Draft, _ places: [Int32], id: String) -> Incident {
        let separation = draft.separation
        var inRules = [Int](repeating: 0, count: findings.rules.count)
        var subjects = Set<Int32>()
        for place in places {
            inRules[Int(findings.items[Int(place)].rule)] += 1
            subjects.insert(findings.items[Int(place)].subject)
        }
        var counts: [String: Int] = [:]
        for (rule, count) in inRules.enumerated() where count > 0 { counts[findings.rules[rule]] = count }
        // The rule that names the cause: the worst, then the one that speaks of most.
        let leading = places.map { Int($0) }.max { a, b in
            let (one, other) = (findings.items[a], findings.items[b])
            return (one.severity.rank, inRules[Int(one.rule)], findings.rule(b))
                < (other.severity.rank, inRules[Int(other.rule)], findings.rule(a))
        }
        let leadingRule = leading.map(findings.rule) ?? draft.family
        return Incident(
            id: id,
            title: title(leadingRule, separation),
            severity: places.map { findings.items[Int($0)].severity }.max() ?? .low,
            family: draft.family,
            rules: counts.keys.sorted(),
            attribute: separation.attribute,
            value: separation.value,
            struck: separation.struck,
            population: separation.population,
            struckOutside: separation.struckOutside,
            populationOutside: separation.populationOutside,
            onset: draft.onset,
            end: draft.ends,
            findings: places.map { findings.id(Int($0)) },
            subjects: Array(subjects.compactMap(findings.text).sorted().prefix(Self.shownSubjects)),
            changes: draft.changes(among: changes, findings),
            counts: counts,
            leadingRule: leadingRule,
            fix: leading.flatMap { findings.text(findings.items[$0].fix) } ?? "",
            anchor: draft.anchor
        )
    }

    private func title(_ rule: String, _ separation: Separation) -> String {
        let what = cards[rule]?.title ?? rule
        switch separation.attribute {
        case "fleet": return "\(what): \(separation.value)"
        default:
            let share = separation.population > 0 ? "\(separation.struck) of \(separation.population) devices" : "all"
            let words = separation.attribute.split(separator: "-").joined(separator: " ")
            return "\(what): \(share) of \(words) \(separation.value)"
        }
    }
}
