/// Findings that share a cause, with what sets the struck apart from the spared.
public struct Incident: Sendable, Hashable, Codable {
    /// A change through the DPS service API that came shortly before.
    public struct Change: Sendable, Hashable, Codable {
        /// Microseconds since 1970.
        public var time: Int64
        /// As logged.
        public var operation: String
        /// The enrollment that was changed, as far as logged.
        public var enrollment: String?
        /// The DPS instance.
        public var dps: String?
        /// `file:line`.
        public var evidence: String
    }

    /// Stable over runs and nights for whom it struck first: 16 hexadecimal digits.
    public var id: String
    /// One sentence that names the cause as far as the logs show it.
    public var title: String
    /// The worst of its findings.
    public var severity: Severity
    /// What kind of trouble: the rules that may share a cause.
    public var family: String
    /// The rules of its findings, in the order of their names.
    public var rules: [String]
    /// What the struck have in common: `enrollment-group`, `hub`, `sdk` ….
    public var attribute: String
    /// The value of the attribute.
    public var value: String
    /// Struck devices with the value.
    public var struck: Int
    /// All active devices with the value.
    public var population: Int
    /// Struck devices without it: the counter-examples.
    public var struckOutside: Int
    /// All active devices without it.
    public var populationOutside: Int
    /// When the first of it was seen; microseconds since 1970.
    public var onset: Int64?
    /// When the last of it was seen; microseconds since 1970.
    public var end: Int64?
    /// The ids of its findings, in the order of findings.
    public var findings: [String]
    /// Devices and other subjects of its findings, at most the first twenty in their order.
    public var subjects: [String]
    /// What was changed shortly before the onset, latest first.
    public var changes: [Change]
    /// How many findings of each rule it has.
    public var counts: [String: Int] = [:]
    /// The rule that names the cause: the worst, then the one with most findings.
    public var leadingRule = ""
    /// What to do about the cause.
    public var fix = ""
    /// Whom it struck first; nil where that is not known.
    var anchor: IncidentAnchor?

    /// How many times more often the devices with the value are struck than the others; nil if none of the others is.
    public var lift: Double? {
        guard population > 0, populationOutside > 0, struckOutside > 0 else { return nil }
        return (Double(struck) / Double(population)) / (Double(struckOutside) / Double(populationOutside))
    }

    /// The total order of outputs: worst first, then most findings, onset, id.
    public static func precedes(_ a: Incident, _ b: Incident) -> Bool {
        if a.severity != b.severity { return a.severity > b.severity }
        if a.findings.count != b.findings.count { return a.findings.count > b.findings.count }
        return (a.onset ?? .min, a.id) < (b.onset ?? .min, b.id)
    }
}
