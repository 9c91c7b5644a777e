/// Which errors findings name: those of their subject, in their time, with a code of which their rule speaks.
///
/// It does not know which records a rule looked at: two errors of one device, code and time are named both or neither.
public struct NamedErrors: Sendable {
    private struct Claim: Sendable {
        var first: Int64
        var last: Int64
        /// Its place among `rules`.
        var rule: Int32
        /// The next claim of the same id or place; -1 for none.
        var next: Int32 = -1
    }

    /// Claims by a text, each with those that came after it: a sick fleet has one a device.
    private struct Claims: Sendable {
        private var names = NamePool()
        /// Of each name its first and its last claim.
        private var ends: [(first: Int32, last: Int32)] = []
        private var claims: [Claim] = []

        var isEmpty: Bool { claims.isEmpty }

        mutating func add(_ claim: Claim, to name: String) {
            let number = Int(names.number(name))
            let place = Int32(truncatingIfNeeded: claims.count)
            claims.append(claim)
            if number == ends.count {
                ends.append((place, place))
            } else {
                claims[Int(ends[number].last)].next = place
                ends[number].last = place
            }
        }

        /// The first claim of a name that is meant; in the order in which they were added.
        func first(of name: String, where isMeant: (Claim) -> Bool) -> Claim? {
            guard let number = names.find(name) else { return nil }
            var place = ends[number].first
            while place >= 0 {
                let claim = claims[Int(place)]
                if isMeant(claim) { return claim }
                place = claim.next
            }
            return nil
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

    private var byId = Claims()
    private var byPlace = Claims()
    /// The rules that name errors, with the errors of which each speaks.
    private var rules: [(name: String, scopes: [ErrorScope])] = []
    private var numbers: [String: Int32] = [:]

    /// The errors that findings name.
    ///
    /// - Parameter rules: the rules that made them; a finding of another one names no error.
    public init(_ findings: [Finding], _ rules: RuleSet) {
        self.init(rules.entries.map(\.card))
        for finding in findings { add(finding) }
    }

    /// None yet.
    ///
    /// - Parameter cards: the rules of which findings will be added.
    init(_ cards: [RuleCard]) {
        for card in cards where !card.errors.isEmpty && numbers[card.name] == nil {
            numbers[card.name] = Int32(rules.count)
            rules.append((card.name, card.errors))
        }
    }

    /// Adds what a finding names.
    mutating func add(_ finding: Finding) {
        guard let rule = numbers[finding.rule], let first = finding.firstSeen, let last = finding.lastSeen else {
            return
        }
        let claim = Claim(first: first, last: last, rule: rule)
        switch finding.subjectKind {
        case "device":
            for id in Set([finding.registrationId?.lowercased(), finding.deviceId?.lowercased()].compactMap(\.self)) {
                byId.add(claim, to: id)
            }
        case "hub", "dps":
            byPlace.add(claim, to: finding.subjectKind + "/" + finding.subject.lowercased())
            // What a linked hub does shows in the log of the instance.
            if finding.subjectKind == "hub", let dps = finding.dps { byPlace.add(claim, to: "dps/" + dps.lowercased()) }
        case "enrollment-group":
            if let group = finding.enrollmentGroup { byPlace.add(claim, to: "group/" + group) }
        default: break
        }
    }

    private func scopes(_ claim: Claim) -> [ErrorScope] { rules[Int(claim.rule)].scopes }

    /// The rule of a finding that names an error, nil if none does.
    public func rule(of error: Item) -> String? {
        func holds(_ claim: Claim) -> Bool {
            claim.first <= error.time && error.time <= claim.last
                && scopes(claim).contains { $0.holds(error.service, error.code) }
        }
        func name(_ claim: Claim) -> String { rules[Int(claim.rule)].name }
        if let about = byId.first(of: error.id, where: holds) { return name(about) }
        if byPlace.isEmpty { return nil }
        let place = error.service + "/" + error.instance.lowercased()
        if let first = byPlace.first(of: place, where: holds) { return name(first) }
        guard !error.group.isEmpty else { return nil }
        return byPlace.first(of: "group/" + error.group, where: holds).map(name)
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
                func names(_ claim: Claim) -> Bool { self.scopes(claim).contains { $0.holds(scope.service, code) } }
                let isNamed = ids.contains { id in
                    byId.first(of: id) { names($0) && $0.first <= last && first <= $0.last } != nil
                }
                if isNamed { return true }
                // What struck a whole hub or instance names what lies within it: a device that is refused on and on is more.
                let place = scope.service == "hub" ? finding.hub : finding.dps
                return byPlace.first(of: "\(scope.service)/\((place ?? "").lowercased())") {
                    names($0) && $0.first <= first && last <= $0.last
                } != nil
            }
        }
    }
}
