/// Something that goes wrong in a fleet, with exactly the findings that must be made of it.
public protocol Scenario: Sendable {
    /// The rule for whose sake it is there; it may make others fire as well, and then says so.
    var rule: String { get }
    /// Makes its devices' records, and tells what is true of them.
    func plant(into ground: inout Ground)
}

/// A fleet into which scenarios are planted: devices that they may take out of healthy life, and what they say is true.
public struct Ground: Sendable {
    /// A finding that must be made, with the scenario whose records it rests on.
    public struct Planted: Sendable {
        /// The finding.
        public var truth: Truth
        /// The number of the scenario, as in its records.
        public var plant: Int
    }

    /// The records so far.
    public internal(set) var book: FleetBook
    /// What must be found, and nothing else.
    public private(set) var truths: [Planted] = []
    /// The devices that scenarios have taken, by their numbers in the plan.
    private(set) var taken: [Bool]
    let plan: FleetPlan
    private var pools: [String: [Int]] = [:]
    private var plants = 0

    init(_ plan: FleetPlan, _ book: FleetBook) {
        self.plan = plan
        self.book = book
        taken = [Bool](repeating: false, count: plan.devices.count)
        // Batches of neighbours come from the first hundreds of a line, single devices from behind them.
        for (index, device) in plan.devices.enumerated() where device.dps.isRich {
            let line = plan.line(String(device.id.prefix { $0 != "-" }) + "-")
            if index - line.lowerBound >= line.count / 10 { pools[device.attestation, default: []].append(index) }
        }
        for attestation in pools.keys.sorted() { pools[attestation]?.shuffle(using: &self.book.random) }
    }

    /// Plants a scenario.
    mutating func plant(_ scenario: some Scenario) {
        plants += 1
        book.plant = plants
        scenario.plant(into: &self)
        book.plant = 0
    }

    /// Takes devices out of healthy life: anywhere in the fleet, with the attributes that they have.
    mutating func take(_ count: Int, attestation: String = "symmetricKey") -> [FleetDevice] {
        (0..<count).compactMap { _ in
            guard let index = pools[attestation]?.popLast() else { return nil }
            taken[index] = true
            return plan.devices[index]
        }
    }

    /// Takes neighbours out of a line: devices with ascending numbers.
    mutating func neighbours(_ count: Int, of stem: String, from offset: Int) -> [FleetDevice] {
        let line = plan.line(stem)
        return (line.lowerBound + offset..<min(line.lowerBound + offset + count, line.upperBound)).map { index in
            taken[index] = true
            return plan.devices[index]
        }
    }

    /// Devices of an own group, hub or instance; what is not given is as in the fleet.
    mutating func own(
        _ count: Int,
        stem: String,
        hub: String? = nil,
        group: String? = nil,
        dps: String? = nil,
        attestation: String = "symmetricKey"
    ) -> [FleetDevice] {
        let peers = take(count, attestation: attestation)
        return peers.enumerated().map { number, peer in
            var device = peer
            device.id = stem + String(10_001 + number).dropFirst()
            if let hub { device.hub = hub }
            if let group { device.group = group }
            if let dps { device.dps = FleetInstance(name: dps) }
            return device
        }
    }

    /// Says what must be found.
    mutating func truth(_ rule: String, _ subject: String) {
        truths.append(Planted(truth: Truth(rule: rule, subject: subject), plant: plants))
    }

    /// Says that rules must find each of some devices.
    mutating func truths(_ rules: [String], _ devices: [FleetDevice]) {
        for rule in rules { for device in devices { truth(rule, device.id) } }
    }

    /// A healthy beginning: it registers and connects, and its token is renewed at the latest after 12 hours.
    mutating func health(_ device: FleetDevice, from begin: Int, to end: Int) {
        let done = HealthyLife.register(begin, device, &book)
        book.connect(done + 5, device)
        var next = begin + 9 * 3600
        while next < end {
            // Seen more than once each time, so that one lost record does not make another device of it.
            HealthyLife.visit(next - 9000, device, &book)
            HealthyLife.renew(next, device, &book)
            HealthyLife.visit(next + 3000, device, &book)
            next += 9 * 3600
        }
    }
}

/// All scenarios, in the order of their rules' names.
public enum Scenarios {
    /// The scenarios.
    public static let all: [any Scenario] = [
        AllocationSkew(), AssignedNeverConnected(), AssignedThenRefused(), AssignmentPingPong(),
        AttestedNeverConnected(),
        AttributeOutlier(),
        CategoryMissing(), CertificateExpiryWave(), CertificateRejected(), ClockDriftSuspected(), ConnectionFlapping(),
        ConnectsToOldHub(), CoverageGap(), CustomAllocationFailed(), DecommissionedButAlive(),
        DeviceIdentityConflict(), DisabledEnrollmentRetried(), EndorsementKeyMismatch(), GroupKeyFailure(),
        HubCredentialRejected(), HubFailover(), HubIdentityUnusable(), HubInternalErrors(), HubQuotaExceeded(),
        HubRefused(), HubThrottled(), IdentityOperationsFailing(),
        KeyDerivationFailure(), LinkedHubUnusable(), ManyNetworks(), MassDisconnect(), NoFallbackToDPS(),
        OrphanIdentity(), Recovered(), RegistersEveryBoot(), RegistrationLoop(), RegistrationRefused(), RejectRate(),
        SilentDevice(),
        SlowProvisioning(), SplitBrain(), StuckAssigning(), ThrottledDevices(), ThrottledWithoutBackoff(),
        ThumbprintMismatch(), UnexpectedHub(), UnjoinedEvents(), UnknownEnrollment(),
    ]
}
