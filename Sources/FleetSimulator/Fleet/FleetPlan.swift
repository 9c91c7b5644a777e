/// The devices of a fleet: who they are, before anything happens.
///
/// Group, hub, SDK, site and protocol are drawn independently of each other, as far as the fleet allows (a group belongs
/// to one instance, an instance has its hubs): what sets struck devices apart can then be told from what goes with it.
public struct FleetPlan: Sendable {
    /// A part of the fleet whose ids are of one series.
    struct Line: Sendable {
        var group: String
        var stem: String
        var dps: FleetInstance
        var attestation: String
        /// Of a thousand devices.
        var share: Int
    }

    static let europe = FleetInstance(name: "dps-eu")
    static let america = FleetInstance(name: "dps-us")
    static let laboratory = FleetInstance(name: "dps-lab", isRich: false)
    /// The hubs of an instance with their shares of ten devices.
    static let hubs = [
        "dps-eu": ["hub-eu-1", "hub-eu-1", "hub-eu-1", "hub-eu-1", "hub-eu-2", "hub-eu-2", "hub-eu-2", "hub-eu-3"],
        "dps-us": ["hub-us-1", "hub-us-1", "hub-us-2"],
        "dps-lab": ["hub-us-2"],
    ]
    static let lines = [
        Line(group: "meters-west", stem: "mw-", dps: europe, attestation: "symmetricKey", share: 640),
        Line(group: "meters-east", stem: "me-", dps: europe, attestation: "symmetricKey", share: 60),
        Line(group: "pumps", stem: "pump-", dps: europe, attestation: "x509", share: 50),
        Line(group: "valves", stem: "valve-", dps: europe, attestation: "symmetricKey", share: 50),
        Line(group: "", stem: "safe-", dps: europe, attestation: "tpm", share: 30),
        Line(group: "trucks", stem: "truck-", dps: america, attestation: "symmetricKey", share: 60),
        Line(group: "lifts", stem: "lift-", dps: america, attestation: "x509", share: 40),
        Line(group: "kiosks", stem: "kiosk-", dps: america, attestation: "symmetricKey", share: 40),
        Line(group: "", stem: "lab-", dps: laboratory, attestation: "symmetricKey", share: 30),
    ]
    /// Sites, of some hundred devices each in a fleet of 20,000.
    static let sites = 160

    /// The devices, line by line, with ascending numbers in each.
    public private(set) var devices: [FleetDevice] = []
    /// Where the devices of each line stand.
    private(set) var ranges: [String: Range<Int>] = [:]

    /// Plans a fleet.
    public init(devices count: Int, seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let shares = SDK.field.flatMap { Array(repeating: $0.0, count: $0.1) }
        let networks = (0..<Self.sites).map { "100.\(64 + $0 / 16).\($0 % 16 * 8).XXX" }
        for line in Self.lines {
            let size = count * line.share / 1000
            let hubs = Self.hubs[line.dps.name] ?? []
            let from = devices.count
            for number in 0..<size {
                let bits = random.next()
                func draw(_ shift: UInt64, _ bound: Int) -> Int { Int(bits >> shift & 0x7FFF) % bound }
                devices.append(
                    FleetDevice(
                        id: line.stem + String(100_001 + number).dropFirst(),
                        group: line.group,
                        dps: line.dps,
                        hub: hubs[draw(0, hubs.count)],
                        attestation: line.attestation,
                        renewal: shares[draw(15, shares.count)],
                        network: networks[draw(30, networks.count)],
                        transport: draw(45, 100) < 12 ? "Amqp" : "Mqtt"
                    )
                )
            }
            ranges[line.stem] = from..<devices.count
        }
    }

    /// The numbers of the devices of a line.
    func line(_ stem: String) -> Range<Int> { ranges[stem] ?? 0..<0 }
}
