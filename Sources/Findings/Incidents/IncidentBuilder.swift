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

    /// - Parameters:
    ///   - runs: the failures of the devices that findings are about.
    ///   - kept: what was kept of incidents whose records were pruned, by the ids of their findings.
    init(
        _ rules: RuleSet,
        _ traits: DeviceTraits,
        _ changes: [Incident.Change],
        runs: FailureRuns = FailureRuns(),
        kept: [String: KeptAnchor] = [:]
    ) {
        cards = Dictionary(
            rules.entries.map { ($0.card.name, $0.card) } + RegistryChecks.cards.map { ($0.name, $0) },
            uniquingKeysWith: { rule, _ in rule }
        )
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
        guard findings.contains(where: { $0.severity > .informational }) else { return (findings, []) }
        let (owners, incidents) = try owners(of: findings, rules, devices, connection, attributes: attributes)
        let marked = findings.map { finding in
            var finding = finding
            finding.incident = owners[finding.id]
            return finding
        }
        return (marked, incidents)
    }

    /// Makes the incidents, and says of each finding to which it belongs, by the finding's id: of a hundred thousand findings
    /// none need be in memory twice.
    ///
    /// - Throws: `DatabaseError`.
    static func owners(
        of findings: [Finding],
        _ rules: RuleSet,
        _ devices: DeviceTraits,
        _ connection: Database,
        attributes: [DeviceAttribute] = []
    ) throws -> (owners: [String: String], incidents: [Incident]) {
        let told = findings.contains { $0.severity > .informational }
        guard told else { return ([:], []) }
        let changes = try Incident.Change.all(connection)
        let enrolled = findings.filter { RegistryChecks.names.contains($0.rule) }.compactMap(\.registrationId)
        let traits = devices.completed(extra: attributes, also: enrolled)
        let struck = Set(findings.filter { $0.subjectKind == "device" }.flatMap(IncidentNames.names))
        let incidents = IncidentBuilder(
            rules,
            traits,
            changes,
            runs: try FailureRuns(of: struck, connection),
            kept: try IncidentRows.kept(connection)
        ).incidents(of: findings)
        var owners: [String: String] = [:]
        for incident in incidents {
            for finding in incident.findings { owners[finding] = incident.id }
        }
        return (owners, incidents)
    }

    /// A cause in the making.
    struct Draft {
        var family: String
        var separation: Separation
        var devices: Set<Int>
        var findings: [Finding]
        /// Whom it struck first; nil until the draft is whole.
        var anchor: IncidentAnchor?

        /// When it began: with those who were struck first, also if they came through since.
        var onset: Int64? { (findings.compactMap(\.firstSeen) + [anchor?.time].compactMap(\.self)).min() }
        var end: Int64? { findings.compactMap(\.lastSeen).max() }
    }

    /// The incidents in total order.
    func incidents(of findings: [Finding]) -> [Incident] {
        let told = findings.filter { $0.severity > .informational }.sorted(by: Finding.precedes)
        var drafts: [Draft] = []
        let holders = DevicesByValue(nil, traits, run: .itself)
        let byFamily = Dictionary(grouping: told) { cards[$0.rule]?.family ?? $0.rule }
        for (family, members) in byFamily.sorted(by: { $0.key < $1.key }) {
            for episode in Self.episodes(members) { drafts += causes(episode, family, holders) }
        }
        let names = IncidentNames(cards, traits, runs, findings, kept: kept)
        let whole = merged(drafts).map { draft in
            var draft = draft
            draft.anchor = names.anchor(draft.findings, draft.separation.attribute, draft.separation.value)
            return draft
        }
        let ids = IncidentNames.ids(whole.compactMap(\.anchor), families: whole.map(\.family))
        return zip(whole, ids).map { incident($0, id: $1) }.sorted(by: Incident.precedes)
    }

    /// Findings whose onsets follow each other without a quiet day between them.
    private static func episodes(_ findings: [Finding]) -> [[Finding]] {
        let ordered = findings.sorted { ($0.firstSeen ?? .min, $0.id) < ($1.firstSeen ?? .min, $1.id) }
        var episodes: [[Finding]] = []
        var last: Int64?
        for finding in ordered {
            if let first = finding.firstSeen, let before = last, first - before <= quiet {
                episodes[episodes.count - 1].append(finding)
            } else if finding.firstSeen == nil, !episodes.isEmpty {
                episodes[episodes.count - 1].append(finding)
            } else {
                episodes.append([finding])
            }
            // One without a time says nothing of when the next one is too late.
            if let first = finding.firstSeen { last = max(last ?? first, first) }
        }
        return episodes
    }

    /// Splits an episode by what sets its devices apart, the clearest cause first.
    ///
    /// What has nothing in common with others is no incident; it is told by its rule.
    private func causes(_ findings: [Finding], _ family: String, _ holders: DevicesByValue) -> [Draft] {
        var byDevice: [Int: [Finding]] = [:]
        var others: [Finding] = []
        for finding in findings {
            if let device = traits.device(of: finding) {
                byDevice[device, default: []].append(finding)
            } else {
                others.append(finding)
            }
        }
        var drafts: [Draft] = []
        var left = Set(byDevice.keys)
        // Devices that no log names cannot be struck by what logs show.
        var out = findings.contains { RegistryChecks.names.contains($0.rule) } ? [] : traits.dormant
        while left.count >= Separation.fewest, let (found, members) = SeparationSearch.best(left, isOut: out, traits) {
            let told = members.sorted().flatMap { byDevice[$0] ?? [] }
            drafts.append(Draft(family: family, separation: found, devices: members, findings: told))
            left.subtract(members)
            out.formUnion(members)
        }
        var known = KnownDrafts(drafts)
        for finding in others { attach(finding, family, holders, byDevice, &left, &drafts, &known) }
        return drafts
    }

    /// A finding about a group, hub or the like joins the cause of that name, or the one whose devices are those it counts;
    /// else it is one by itself, with those of its devices that have no cause yet.
    private func attach(
        _ finding: Finding,
        _ family: String,
        _ holders: DevicesByValue,
        _ byDevice: [Int: [Finding]],
        _ left: inout Set<Int>,
        _ drafts: inout [Draft],
        _ known: inout KnownDrafts
    ) {
        let (attribute, value) = Self.attribute(of: finding)
        let having = holders.places(attribute, value)
        if let index = known.first(attribute, value)
            ?? known.sharing(having).first(where: { index, shared in
                shared * 2 > drafts[index].devices.count && shared * 2 > finding.occurrences
            })?.index
        {
            drafts[index].findings.append(finding)
            return
        }
        let own = Set(having.filter(left.contains))
        left.subtract(own)
        let population = having.count
        let separation = Separation(
            attribute: attribute,
            value: value,
            struck: population > 0 ? min(finding.occurrences, population) : finding.occurrences,
            population: population,
            struckOutside: 0,
            populationOutside: traits.count - traits.dormant.count - population
        )
        let told = own.sorted().flatMap { byDevice[$0] ?? [] }
        drafts.append(Draft(family: family, separation: separation, devices: own, findings: [finding] + told))
        known.add(drafts[drafts.count - 1], drafts.count - 1)
    }

    private static func attribute(of finding: Finding) -> (String, String) {
        if finding.subjectKind == "enrollment-group", finding.reason == "batch" {
            return (DeviceTraits.batch, finding.subject)
        }
        if finding.subjectKind == "fleet", let equals = finding.subject.firstIndex(of: "=") {
            return (
                String(finding.subject[..<equals]), String(finding.subject[finding.subject.index(after: equals)...])
            )
        }
        return (finding.subjectKind, finding.subject)
    }

    /// Joins causes of different families that name the same value, or strike the same devices, at the same time.
    private func merged(_ drafts: [Draft]) -> [Draft] {
        let ordered = drafts.sorted {
            ($1.separation.strength, $1.findings.count, $0.family, $0.separation.value)
                < ($0.separation.strength, $0.findings.count, $1.family, $1.separation.value)
        }
        var merging = DraftMerging()
        for draft in ordered { merging.take(draft) }
        return merging.result
    }

    private func incident(_ draft: Draft, id: String) -> Incident {
        let findings = draft.findings.sorted(by: Finding.precedes)
        let separation = draft.separation
        let counts = Dictionary(grouping: findings, by: \.rule).mapValues(\.count)
        // The rule that names the cause: the worst, then the one that speaks of most.
        let leading = findings.max { a, b in
            (a.severity.rank, counts[a.rule] ?? 0, b.rule) < (b.severity.rank, counts[b.rule] ?? 0, a.rule)
        }
        let severity = findings.map(\.severity).max() ?? .low
        var seen = Set<String>()
        let subjects = findings.map(\.subject).filter { seen.insert($0).inserted }.sorted().prefix(Self.shownSubjects)
        return Incident(
            id: id,
            title: title(leading?.rule ?? draft.family, separation),
            severity: severity,
            family: draft.family,
            rules: counts.keys.sorted(),
            attribute: separation.attribute,
            value: separation.value,
            struck: separation.struck,
            population: separation.population,
            struckOutside: separation.struckOutside,
            populationOutside: separation.populationOutside,
            onset: draft.onset,
            end: draft.end,
            findings: findings.map(\.id),
            subjects: Array(subjects),
            changes: draft.changes(among: changes),
            counts: counts,
            leadingRule: leading?.rule ?? draft.family,
            fix: leading?.fix ?? "",
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
