/// How bad a finding is, worst last.
public enum Severity: String, Sendable, CaseIterable, Comparable, Codable {
    case informational
    case low
    case medium
    case high
    case critical

    /// The place in the order, 0 for the mildest.
    public var rank: Int {
        switch self {
        case .informational: 0
        case .low: 1
        case .medium: 2
        case .high: 3
        case .critical: 4
        }
    }

    /// Milder is less.
    public static func < (a: Severity, b: Severity) -> Bool { a.rank < b.rank }
}

/// What is known of a finding.
public struct FindingFields: Sendable, Hashable, Codable {
    /// Stable over runs for the same rule, subject and episode: 16 hexadecimal digits.
    public var id: String
    /// The rule's name.
    public var rule: String
    /// How bad it is.
    public var severity: Severity
    /// `certain`, `likely` or `possible`.
    public var confidence: String
    /// `new`, `ongoing` or another state (docs/audit.md).
    public var status = "new"
    /// `device`, `enrollment-group`, `hub`, `dps` or `fleet`.
    public var subjectKind: String
    /// Whom it is about.
    public var subject: String
    /// The registration id, if it is about one.
    public var registrationId: String?
    /// The device id, if it is about one.
    public var deviceId: String?
    /// The enrollment group, as far as logged.
    public var enrollmentGroup: String?
    /// The DPS instance.
    public var dps: String?
    /// The hub.
    public var hub: String?
    /// Microseconds since 1970.
    public var firstSeen: Int64?
    /// Microseconds since 1970.
    public var lastSeen: Int64?
    /// How many records, attempts or devices it counts.
    public var occurrences: Int
    /// The incident that it belongs to.
    public var incident: String?
    /// A short word for why.
    public var reason: String
    /// One sentence.
    public var summary: String
    /// What to do.
    public var fix: String
    /// Up to three places, `file:line`.
    public var evidence: [String]
    /// What a registry says of why it is there, surest first; nil without a registry.
    public var diagnosis: [FindingDiagnosis]?
}

/// One rule's statement about one subject, with its evidence; its members are those of `FindingFields`.
///
/// Its fields are a third of a kilobyte and more, and lists of findings are filtered, grouped and sorted many times over: what
/// these copy is a reference to fields that never change, which a change replaces.
@dynamicMemberLookup
public struct Finding: Sendable, Hashable, Codable {
    private final class Box: Sendable {
        let fields: FindingFields
        init(_ fields: FindingFields) { self.fields = fields }
    }

    private var box: Box

    /// All that is known of it.
    var fields: FindingFields { box.fields }

    /// A member of the fields.
    public subscript<Value>(dynamicMember path: WritableKeyPath<FindingFields, Value>) -> Value {
        get { box.fields[keyPath: path] }
        set {
            var fields = box.fields
            fields[keyPath: path] = newValue
            box = Box(fields)
        }
    }

    /// A finding with all that is known of it.
    public init(
        id: String,
        rule: String,
        severity: Severity,
        confidence: String,
        status: String = "new",
        subjectKind: String,
        subject: String,
        registrationId: String? = nil,
        deviceId: String? = nil,
        enrollmentGroup: String? = nil,
        dps: String? = nil,
        hub: String? = nil,
        firstSeen: Int64? = nil,
        lastSeen: Int64? = nil,
        occurrences: Int,
        incident: String? = nil,
        reason: String,
        summary: String,
        fix: String,
        evidence: [String]
    ) {
        box = Box(
            FindingFields(
                id: id,
                rule: rule,
                severity: severity,
                confidence: confidence,
                status: status,
                subjectKind: subjectKind,
                subject: subject,
                registrationId: registrationId,
                deviceId: deviceId,
                enrollmentGroup: enrollmentGroup,
                dps: dps,
                hub: hub,
                firstSeen: firstSeen,
                lastSeen: lastSeen,
                occurrences: occurrences,
                incident: incident,
                reason: reason,
                summary: summary,
                fix: fix,
                evidence: evidence
            )
        )
    }

    /// Reads the fields.
    public init(from decoder: any Decoder) throws { box = Box(try FindingFields(from: decoder)) }

    /// Writes the fields.
    public func encode(to encoder: any Encoder) throws { try box.fields.encode(to: encoder) }

    /// Whether all fields are equal.
    public static func == (a: Finding, b: Finding) -> Bool { a.box === b.box || a.box.fields == b.box.fields }

    /// Hashes the fields.
    public func hash(into hasher: inout Hasher) { hasher.combine(box.fields) }

    /// The total order of all outputs: worst first, then rule, subject, id.
    public static func precedes(_ a: Finding, _ b: Finding) -> Bool {
        let (a, b) = (a.box.fields, b.box.fields)
        if a.severity != b.severity { return a.severity > b.severity }
        return (a.rule, a.subject, a.id) < (b.rule, b.subject, b.id)
    }
}

/// What is shown of the findings.
public struct FindingFilter: Sendable {
    /// Findings that end before this are left out; microseconds since 1970.
    public var since: Int64?
    /// Findings that begin after this are left out; microseconds since 1970.
    public var until: Int64?
    /// Milder ones are left out.
    public var minSeverity: Severity?

    /// A filter that lets everything through unless it is told otherwise.
    public init(since: Int64? = nil, until: Int64? = nil, minSeverity: Severity? = nil) {
        self.since = since
        self.until = until
        self.minSeverity = minSeverity
    }

    /// Whether a finding is shown.
    ///
    /// One without times is: it speaks of the whole.
    public func admits(_ finding: Finding) -> Bool {
        if let minSeverity, finding.severity < minSeverity { return false }
        if let since, let last = finding.lastSeen, last < since { return false }
        if let until, let first = finding.firstSeen, first > until { return false }
        return true
    }
}
