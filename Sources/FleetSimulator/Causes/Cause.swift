/// Something that strikes many devices of a healthy fleet at one time, and what names it.
protocol Cause: Sendable {
    /// In a few words.
    var name: String { get }
    /// What the struck have in common, as incidents call it.
    var attribute: String { get }
    /// Its value.
    var value: String { get }
    /// How many devices have the value; nil for all of the fleet's that do.
    var population: Int? { get }
    /// The change through the service API that came before, as an operation and an enrollment.
    var change: (operation: String, enrollment: String)? { get }
    /// Whether it strikes all that it can, so that others must take their devices before it.
    var isTotal: Bool { get }
    /// Makes the records of the struck.
    func strike(_ stage: inout Stage)
}

extension Cause {
    var population: Int? { nil }
    var change: (operation: String, enrollment: String)? { nil }
    var isTotal: Bool { false }
}

/// The last hours of a healthy fleet, in which causes strike.
///
/// Each device is struck once at most; a struck one does nothing any more of what it would have done healthy.
struct Stage: Sendable {
    /// When the last hours begin, in seconds.
    static let begin = 41 * 3600

    /// The records of the struck.
    var book: FleetBook
    /// The devices that were struck, by their ids.
    private(set) var struck = Set<String>()
    /// How many devices each cause struck, by its name.
    private(set) var counts: [String: Int] = [:]
    private var spared = 0
    let plan: FleetPlan

    /// A stage on which nothing has happened.
    init(_ fleet: Fleet) {
        book = fleet.book.emptied()
        plan = fleet.plan
    }

    /// Lets causes strike.
    mutating func play(_ causes: [any Cause]) {
        for cause in causes.filter({ !$0.isTotal }) + causes.filter(\.isTotal) {
            let before = struck.count
            spared = 0
            cause.strike(&self)
            counts[cause.name] = struck.count - before - spared
        }
    }

    /// Says how many of the devices that a cause took came off well.
    mutating func note(spared count: Int) { spared = count }

    /// What the healthy devices that were not struck do in the last hours.
    func rest(of fleet: Fleet) -> [FleetRecord] {
        fleet.book.records.filter { $0.second >= Self.begin && !struck.contains($0.id) }
    }

    /// Devices that are well and of which the logs hold the registration, spread evenly over those that qualify.
    mutating func take(_ count: Int, where isMeant: (FleetDevice) -> Bool) -> [FleetDevice] {
        var meant: [FleetDevice] = []
        for (index, device) in plan.devices.enumerated() where !Fleet.isKnown(index, Fleet.healthyKnown) {
            if isMeant(device), !struck.contains(device.id) { meant.append(device) }
        }
        let chosen = meant.count <= count ? meant : (0..<count).map { meant[$0 * meant.count / count] }
        for device in chosen { struck.insert(device.id) }
        return chosen
    }

    /// Devices that are new: their ids go on where a line ends.
    mutating func new(_ numbers: Range<Int>, of stem: String) -> [FleetDevice] {
        let model = plan.devices[plan.line(stem).lowerBound]
        return numbers.map { number in
            var device = model
            device.id = stem + String(100_000 + number).dropFirst()
            struck.insert(device.id)
            return device
        }
    }

    /// The devices begin one after another within some seconds, each at its own.
    func spread(_ devices: [FleetDevice], from begin: Int, over seconds: Int) -> [(second: Int, device: FleetDevice)] {
        devices.enumerated().map { (Self.begin + begin + $0.offset * seconds / max(1, devices.count), $0.element) }
    }

    /// A device that was healthy and whose credential the hub refuses for the rest of the hour.
    mutating func refuse(_ second: Int, _ device: FleetDevice) {
        book.disconnect(second, device)
        for attempt in 0..<5 { book.connect(second + 30 + attempt * 600, device, code: 401_003) }
    }
}

/// All causes.
enum Causes {
    /// The causes.
    static let all: [any Cause] = [
        GroupKeyRegenerated(), LinkedHubKeyRotated(), HubOutage(), SDKRegression(), SiteBlocked(), CertificateExpired(),
        BatchOfWrongKeys(), InstanceThrottled(), HubMigration(), EnrollmentDisabled(), ProtocolBlocked(),
    ]
}
