import EventStore

/// Findings as incidents are made of them: their texts are numbers, so that of a hundred thousand each takes some hundred bytes.
///
/// What a finding says in sentences, and on which records it rests, is not here.
struct BriefFindings: Sendable {
    /// A finding; its texts are numbers of `texts`, -1 for none.
    struct Item: Sendable {
        var severity: Severity
        /// The place of its rule among `rules`.
        var rule: Int32
        var subjectKind: Int32
        var subject: Int32
        var registrationId: Int32
        var deviceId: Int32
        var enrollmentGroup: Int32
        var dps: Int32
        var reason: Int32
        var fix: Int32
        var occurrences: Int
        /// Microseconds since 1970; the least integer for none, as in `end`.
        fileprivate var begin: Int64
        fileprivate var end: Int64

        /// Microseconds since 1970.
        var firstSeen: Int64? { begin == .min ? nil : begin }
        /// Microseconds since 1970.
        var lastSeen: Int64? { end == .min ? nil : end }
    }

    /// In the order in which they were added.
    private(set) var items: [Item] = []
    /// The names of their rules, each once.
    private(set) var rules: [String] = []
    private var ruleNumbers: [String: Int32] = [:]
    private var texts = NamePool()
    private var ids = NameList()

    /// No findings.
    init() {}

    /// These, in their order.
    init(_ findings: some Sequence<Finding>) {
        for finding in findings { append(finding) }
    }

    /// Adds a finding.
    mutating func append(_ finding: Finding) {
        let rule = ruleNumbers[finding.rule] ?? Int32(rules.count)
        if Int(rule) == rules.count {
            rules.append(finding.rule)
            ruleNumbers[finding.rule] = rule
        }
        ids.append(finding.id)
        items.append(
            Item(
                severity: finding.severity,
                rule: rule,
                subjectKind: texts.number(finding.subjectKind),
                subject: texts.number(finding.subject),
                registrationId: number(finding.registrationId),
                deviceId: number(finding.deviceId),
                enrollmentGroup: number(finding.enrollmentGroup),
                dps: number(finding.dps),
                reason: texts.number(finding.reason),
                fix: texts.number(finding.fix),
                occurrences: finding.occurrences,
                begin: finding.firstSeen ?? .min,
                end: finding.lastSeen ?? .min
            )
        )
    }

    private mutating func number(_ text: String?) -> Int32 { text.map { texts.number($0) } ?? -1 }

    /// A text by its number; nil for -1.
    func text(_ number: Int32) -> String? { number < 0 ? nil : texts[number] }

    /// The id of the finding at a place.
    func id(_ place: Int) -> String { ids[place] }

    /// The rule of the finding at a place.
    func rule(_ place: Int) -> String { rules[Int(items[place].rule)] }

    /// Whether the finding at a place is about a device.
    func isAboutDevice(_ place: Int) -> Bool { text(items[place].subjectKind) == "device" }

    /// The names by which the device of the finding at a place is known, in lower case.
    func names(_ place: Int) -> Set<String> {
        let item = items[place]
        // Most often all three are one text.
        return Set(Set([item.registrationId, item.deviceId, item.subject]).compactMap { text($0)?.lowercased() })
    }
}
