/// Which errors findings name: those of their subject, in their time, with a code of which their rule speaks.
///
/// It does not know which records a rule looked at: two errors of one device, code and time are named both or neither.
public struct NamedErrors: Sendable {
    private struct Claim: Sendable {
        var scopes: [ErrorScope]
        var first: Int64
        var last: Int64
        var rule: String

        func holds(_ service: String, _ code: Int, _ time: Int64) -> Bool {
            first <= time && time <= last && scopes.contains { $0.holds(service, code) }
        }
    }

    /// An error as the log tells it.
    public struct Item: Sendable {
        /// `dps` or `hub`.
        public var service: String
        /// Six digits, else the HTTP status; 0 where none was logged.
        public var code: Int
        /// Microseconds since 1970.
        public var time: Int64
        /// The registration id, or the device id at the hub, in lower case; empty for none.
        public var id: String
        /// The DPS instance or hub.
        public var instance: String
        /// The enrollment group, as far as known.
        public var group = ""

        /// An error.
        public init(service: String, code: Int, time: Int64, id: String, instance: String, group: String = "") {
            self.service = service
            self.code = code
            self.time = time
            self.id = id
            self.instance = instance
            self.group = group
        }
    }

    private var byId: [String: [Claim]] = [:]
    private var byPlace: [String: [Claim]] = [:]

    /// The errors that findings name.
    ///
    /// - Parameter rules: the rules that made them; a finding of another one names no error.
    public init(_ findings: [Finding], _ rules: RuleSet) { self.init(findings, rules.entries.map(\.card)) }

    init(_ findings: [Finding], _ cards: [RuleCard]) {
        let scopes = Dictionary(cards.map { ($0.name, $0.errors) }, uniquingKeysWith: { first, _ in first })
        for finding in findings {
            guard let scopes = scopes[finding.rule], !scopes.isEmpty, let first = finding.firstSeen,
                let last = finding.lastSeen
            else { continue }
            let claim = Claim(scopes: scopes, first: first, last: last, rule: finding.rule)
            switch finding.subjectKind {
            case "device":
                for id in Set(
                    [finding.registrationId?.lowercased(), finding.deviceId?.lowercased()].compactMap(\.self)
                ) {
                    byId[id, default: []].append(claim)
                }
            case "hub", "dps":
                byPlace[finding.subjectKind + "/" + finding.subject.lowercased(), default: []].append(claim)
                // What a linked hub does shows in the log of the instance.
                if finding.subjectKind == "hub", let dps = finding.dps {
                    byPlace["dps/" + dps.lowercased(), default: []].append(claim)
                }
            case "enrollment-group":
                if let group = finding.enrollmentGroup { byPlace["group/" + group, default: []].append(claim) }
            default: break
            }
        }
    }

    /// The rule of a finding that names an error, nil if none does.
    public func rule(of error: Item) -> String? {
        let about = byId[error.id]?.first { $0.holds(error.service, error.code, error.time) }
        if let about { return about.rule }
        if byPlace.isEmpty { return nil }
        let place = byPlace[error.service + "/" + error.instance.lowercased()]
        if let first = place?.first(where: { $0.holds(error.service, error.code, error.time) }) { return first.rule }
        guard !error.group.isEmpty else { return nil }
        return byPlace["group/" + error.group]?.first { $0.holds(error.service, error.code, error.time) }?.rule
    }

    /// Whether other findings name everything that a finding of a catch-all rule speaks of.
    ///
    /// - Parameters:
    ///   - codes: of which it speaks; empty where that is not known, which nothing names.
    ///   - scopes: those of its rule.
    func name(_ finding: Finding, codes: [Int], _ scopes: [ErrorScope]) -> Bool {
        guard !codes.isEmpty, let first = finding.firstSeen, let last = finding.lastSeen else { return false }
        let ids = [finding.registrationId?.lowercased(), finding.deviceId?.lowercased()].compactMap(\.self)
        return codes.allSatisfy { code in
            scopes.contains { scope in
                func names(_ claim: Claim) -> Bool { claim.scopes.contains { $0.holds(scope.service, code) } }
                if ids.contains(where: { id in
                    byId[id]?.contains { names($0) && $0.first <= last && first <= $0.last } == true
                }) {
                    return true
                }
                // What struck a whole hub or instance names what lies within it: a device that is refused on and on is more.
                let place = scope.service == "hub" ? finding.hub : finding.dps
                return byPlace["\(scope.service)/\((place ?? "").lowercased())"]?.contains {
                    names($0) && $0.first <= first && last <= $0.last
                } == true
            }
        }
    }
}
