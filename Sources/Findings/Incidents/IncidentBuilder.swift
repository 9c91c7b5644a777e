import EventStore
import GRDB

/// Makes incidents of findings: what struck whom, since when, what they have in common, and what was changed before.
///
/// What it does not do: it names what goes together, and what was changed shortly before; that one is the reason for the
/// other it cannot know.
struct IncidentBuilder {
    /// Onsets further apart than this belong to different incidents, in microseconds: a day.
    static let quiet: Int64 = 86_400_000_000
    /// A change counts as having come before an onset within this time, in microseconds: a day.
    static let before: Int64 = 86_400_000_000
    /// Changes are shown up to this much after the onset, since two services' clocks differ; microseconds.
    static let skew: Int64 = 60_000_000
    private static let shownSubjects = 20
    private static let shownChanges = 5

    private let cards: [String: RuleCard]
    private let traits: DeviceTraits
    private let changes: [Incident.Change]

    init(_ rules: RuleSet, _ traits: DeviceTraits, _ changes: [Incident.Change]) {
        cards = Dictionary(
            rules.entries.map { ($0.card.name, $0.card) } + RegistryChecks.cards.map { ($0.name, $0) },
            uniquingKeysWith: { rule, _ in rule }
        )
        self.traits = traits
        self.changes = changes
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
        let told = findings.contains { $0.severity > .informational }
        guard told else { return (findings, []) }
        let changes = try Row.fetchAll(
            connection,
            sql: """
                SELECT time, operation, enrollment, dps, evidence FROM service_operations
                WHERE outcome NOT IN ('failed', 'refused') ORDER BY time, evidence
                """
        ).map { Incident.Change(time: $0[0], operation: $0[1], enrollment: $0[2], dps: $0[3], evidence: $0[4]) }
        let enrolled = findings.filter { RegistryChecks.names.contains($0.rule) }.compactMap(\.registrationId)
        let traits = devices.completed(extra: attributes, also: enrolled)
        let incidents = IncidentBuilder(rules, traits, changes).incidents(of: findings)
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

    /// A cause in the making.
    private struct Draft {
        var family: String
        var separation: Separation
        var devices: Set<Int>
        var findings: [Finding]

        var onset: Int64? { findings.compactMap(\.firstSeen).min() }
        var end: Int64? { findings.compactMap(\.lastSeen).max() }
    }

    /// The incidents in total order.
    func incidents(of findings: [Finding]) -> [Incident] {
        let told = findings.filter { $0.severity > .informational }.sorted(by: Finding.precedes)
        var drafts: [Draft] = []
        let byFamily = Dictionary(grouping: told) { cards[$0.rule]?.family ?? $0.rule }
        for (family, members) in byFamily.sorted(by: { $0.key < $1.key }) {
            for episode in Self.episodes(members) { drafts += causes(episode, family) }
        }
        return merged(drafts).map(incident).sorted(by: Incident.precedes)
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
    private func causes(_ findings: [Finding], _ family: String) -> [Draft] {
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
        for finding in others { attach(finding, family, &drafts) }
        if left.count >= Separation.fewest {
            let all = traits.values.count - out.count
            let separation = Separation(
                attribute: "none",
                value: "",
                struck: left.count,
                population: all,
                struckOutside: 0,
                populationOutside: 0
            )
            let told = left.sorted().flatMap { byDevice[$0] ?? [] }
            drafts.append(Draft(family: family, separation: separation, devices: left, findings: told))
        }
        return drafts
    }

    /// A finding about a group, hub or the like joins the cause of that name, or is one by itself.
    private func attach(_ finding: Finding, _ family: String, _ drafts: inout [Draft]) {
        let (attribute, value) = Self.attribute(of: finding)
        if let index = drafts.firstIndex(where: { $0.separation.attribute == attribute && $0.separation.value == value }
        ) {
            drafts[index].findings.append(finding)
            return
        }
        let population = traits.population(attribute, value)
        let separation = Separation(
            attribute: attribute,
            value: value,
            struck: population > 0 ? min(finding.occurrences, population) : finding.occurrences,
            population: population,
            struckOutside: 0,
            populationOutside: traits.values.count - traits.dormant.count - population
        )
        drafts.append(Draft(family: family, separation: separation, devices: [], findings: [finding]))
    }

    private static func attribute(of finding: Finding) -> (String, String) {
        if finding.subjectKind == "enrollment-group", finding.reason == "batch" { return ("id-batch", finding.subject) }
        if finding.subjectKind == "fleet", let equals = finding.subject.firstIndex(of: "=") {
            return (
                String(finding.subject[..<equals]), String(finding.subject[finding.subject.index(after: equals)...])
            )
        }
        return (finding.subjectKind, finding.subject)
    }

    /// Joins causes of different families that name the same value, or strike the same devices, at the same time.
    private func merged(_ drafts: [Draft]) -> [Draft] {
        var result: [Draft] = []
        let ordered = drafts.sorted {
            ($1.separation.strength, $1.findings.count, $0.family, $0.separation.value)
                < ($0.separation.strength, $0.findings.count, $1.family, $1.separation.value)
        }
        for draft in ordered {
            if let index = result.firstIndex(where: { Self.areOne($0, draft) }) {
                // What devices were found says more of how many there are than what one finding counts.
                if result[index].devices.isEmpty, !draft.devices.isEmpty {
                    result[index].separation = draft.separation
                }
                result[index].findings += draft.findings
                if draft.devices.count > 0 { result[index].devices.formUnion(draft.devices) }
            } else {
                result.append(draft)
            }
        }
        return result
    }

    private static func areOne(_ a: Draft, _ b: Draft) -> Bool {
        guard let from = a.onset, let to = a.end, let begins = b.onset, let ends = b.end else { return false }
        guard begins <= to + quiet, from <= ends + quiet else { return false }
        if a.separation.attribute != "none", a.separation.attribute == b.separation.attribute,
            a.separation.value == b.separation.value
        {
            return true
        }
        let smaller = min(a.devices.count, b.devices.count)
        return smaller >= Separation.fewest && a.devices.intersection(b.devices).count * 5 >= smaller * 4
    }

    private func incident(_ draft: Draft) -> Incident {
        let findings = draft.findings.sorted(by: Finding.precedes)
        let separation = draft.separation
        let counts = Dictionary(grouping: findings, by: \.rule).mapValues(\.count)
        // The rule that names the cause: the worst, then the one that speaks of most.
        let leading = findings.max { a, b in
            (a.severity.rank, counts[a.rule] ?? 0, b.rule) < (b.severity.rank, counts[b.rule] ?? 0, a.rule)
        }
        let severity = findings.map(\.severity).max() ?? .low
        let day = (draft.onset ?? 0) / Self.quiet
        var seen = Set<String>()
        let subjects = findings.map(\.subject).filter { seen.insert($0).inserted }.sorted().prefix(Self.shownSubjects)
        return Incident(
            id: FindingID.make(
                rule: draft.family,
                kind: separation.attribute,
                subject: separation.value,
                episode: String(day)
            ),
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
            changes: relevantChanges(draft)
        )
    }

    private func title(_ rule: String, _ separation: Separation) -> String {
        let what = cards[rule]?.title ?? rule
        switch separation.attribute {
        case "none": return "\(what): \(separation.struck) devices with nothing in common that the logs show"
        case "fleet": return "\(what): \(separation.value)"
        default:
            let share = separation.population > 0 ? "\(separation.struck) of \(separation.population) devices" : "all"
            let words = separation.attribute.split(separator: "-").joined(separator: " ")
            return "\(what): \(share) of \(words) \(separation.value)"
        }
    }

    /// Changes of the struck enrollments or, where no enrollment is named, of the DPS instance, latest first.
    private func relevantChanges(_ draft: Draft) -> [Incident.Change] {
        guard let onset = draft.onset else { return [] }
        let near = changes.filter { onset - Self.before <= $0.time && $0.time <= onset + Self.skew }
        if near.isEmpty { return [] }
        // Of a group to which a few of the struck belong by chance, changes say nothing.
        let inGroups = Dictionary(grouping: draft.findings.compactMap(\.enrollmentGroup)) { $0 }.mapValues(\.count)
        let groups = Set(inGroups.filter { $0.value * 2 >= draft.findings.count }.keys)
        let ids = Set(draft.findings.compactMap { $0.registrationId?.lowercased() })
        let instances = Set(draft.findings.compactMap(\.dps))
        let own = near.filter { change in
            guard let name = change.enrollment else { return false }
            return name == draft.separation.value || groups.contains(name) || ids.contains(name.lowercased())
        }
        let wide = near.filter { change in
            change.enrollment == nil && (instances.isEmpty || change.dps.map(instances.contains) ?? true)
        }
        let chosen = own.isEmpty ? wide : own
        return Array(chosen.sorted { ($1.time, $0.evidence) < ($0.time, $1.evidence) }.prefix(Self.shownChanges))
    }
}
