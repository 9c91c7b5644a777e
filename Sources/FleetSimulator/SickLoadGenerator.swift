/// Logs of a large fleet in an incident: a third of the devices are in trouble, each in one of ten ways.
///
/// The other devices live as those of `LoadGenerator` do. Hubs deliver their hours in several files and DPS instances in
/// one each, some forty files an hour, as a storage account keeps them.
public struct SickLoadGenerator {
    /// How many records to make.
    public var events: Int
    /// How many devices there are.
    public var devices: Int
    /// The seed.
    public var seed: UInt64
    /// Records in each hour.
    public var perHour: Int

    static let hubs = 12
    static let filesOfHub = 3
    static let instances = 4

    /// A generator for a number of records.
    public init(events: Int, devices: Int, seed: UInt64, perHour: Int = 40_000) {
        self.events = events
        self.devices = max(1, devices)
        self.seed = seed
        self.perHour = max(1, perHour)
    }

    /// Makes the records, hour by hour, and hands on each hour's files.
    ///
    /// - Parameter hour: called with the hour's number and its files: what each is of (`hub-3-1`, `dps-2`) and its text.
    public func run(hour: (Int, [(name: String, text: String)]) throws -> Void) rethrows {
        var random = SplitMix64(seed: seed)
        var made = 0
        var number = 0
        while made < events {
            let room = min(perHour, events - made)
            var log = FleetLog(start: Stories.start + number * 3600, seed: random.next())
            for device in 0..<devices where Trouble(device: device) != nil { trouble(device, number, &log) }
            var renewed = Set<Int>()
            while log.lines.count < room {
                let device = Int(random.next() % UInt64(devices))
                if Trouble(device: device) == nil { healthy(device, &log, &renewed, &random) }
            }
            let lines = log.lines.sorted { ($0.second, $0.text) < ($1.second, $1.text) }.prefix(room)
            try hour(number, Self.files(Array(lines)))
            made += lines.count
            number += 1
        }
    }

    /// An hour's records by file, in the order of their names; one in a hundred is delivered twice.
    private static func files(_ lines: [FleetLog.Line]) -> [(name: String, text: String)] {
        var texts: [String: [String]] = [:]
        for (index, line) in lines.enumerated() {
            let resource = line.resource.split(separator: "/").last.map { $0.lowercased() } ?? ""
            let name = line.category == "Connections" ? "\(resource)-\(index % filesOfHub)" : resource
            texts[name, default: []].append(line.text + "\n")
            if index % 100 == 0 { texts[name, default: []].append(line.text + "\n") }
        }
        return texts.sorted { $0.key < $1.key }.map { ($0.key, $0.value.joined()) }
    }

    private func healthy(_ device: Int, _ log: inout FleetLog, _ renewed: inout Set<Int>, _ random: inout SplitMix64) {
        let unit = Unit(device)
        let second = Int(random.next() % 3500)
        log.network = unit.network
        switch random.next() % 100 {
        case 0..<3:
            log.registration(second, unit.id, hub: unit.hub, group: unit.group, dps: unit.dps)
            log.connect(second + 5, unit.id, hub: unit.hub)
        case 3..<40 where renewed.insert(device).inserted:
            log.renewal(60 + device * 37 % 3400, unit.id, hub: unit.hub)
        default:
            log.connect(second, unit.id, hub: unit.hub)
            log.disconnect(second + 60, unit.id, hub: unit.hub)
        }
    }

    /// What a device in trouble does in an hour; the same for the same seed, device and hour.
    private func trouble(_ device: Int, _ hour: Int, _ log: inout FleetLog) {
        guard let trouble = Trouble(device: device) else { return }
        let unit = Unit(device)
        var random = SplitMix64(seed: seed ^ UInt64(device) &* 0x9E37_79B9 ^ UInt64(hour) << 40)
        let second = Int(random.next() % 600)
        let turn = device / 30 + hour
        log.network = unit.network
        switch trouble {
        case .retryStorm where turn % 12 == 0:
            for attempt in 0..<14 {
                log.registration(
                    second + attempt * 3,
                    unit.id,
                    status: "failed",
                    group: unit.group,
                    code: 429_001,
                    message: "Operations are being throttled for this tenant.",
                    dps: unit.dps
                )
            }
        case .registrationLoop where turn % 6 == 0:
            for attempt in 0..<6 {
                log.registration(second + attempt * 300, unit.id, hub: unit.hub, group: unit.group, dps: unit.dps)
                log.connect(second + attempt * 300 + 5, unit.id, hub: unit.hub)
            }
        case .wrongKey, .wrongCertificate:
            log.registration(
                second,
                unit.id,
                status: "failed",
                attestation: trouble == .wrongKey ? "symmetricKey" : "x509",
                group: unit.group,
                code: 401_002,
                message: trouble == .wrongKey ? "Unauthorized" : "Invalid certificate.",
                dps: unit.dps
            )
        case .refused where turn % 2 == 0:
            log.registration(second, unit.id, hub: unit.hub, group: unit.group, dps: unit.dps)
            for attempt in 0..<4 { log.connect(second + 5 + attempt * 120, unit.id, hub: unit.hub, code: 401_003) }
        case .silent where turn % 3 == 0:
            log.registration(second, unit.id, hub: unit.hub, group: unit.group, dps: unit.dps)
        case .oldHub where turn % 3 == 0:
            log.registration(second, unit.id, hub: unit.hub, group: unit.group, dps: unit.dps)
            for attempt in 0..<4 { log.connect(second + 5 + attempt * 200, unit.id, hub: unit.nextHub) }
        case .flapping where turn % 4 == 0:
            for cycle in 0..<12 {
                log.connect(second + cycle * 200, unit.id, hub: unit.hub)
                log.disconnect(second + cycle * 200 + 60, unit.id, hub: unit.hub, code: 404_104)
            }
        case .twoOfOne where turn % 4 == 0:
            for turn in 0..<6 {
                let network = turn % 2 == 0 ? "100.90.7.XXX" : unit.network
                log.connect(second + turn * 400, unit.id, hub: unit.hub, network: network)
                log.disconnect(second + turn * 400 + 1, unit.id, hub: unit.hub, code: 400_027)
            }
        case .everyBoot where turn % 4 == 0:
            log.registration(second, unit.id, hub: unit.hub, group: unit.group, dps: unit.dps)
            log.connect(second + 5, unit.id, hub: unit.hub)
        default: break
        }
    }

    /// The ways in which devices are in trouble: ten of each thirty devices, one in each way.
    private enum Trouble: Int {
        case retryStorm, registrationLoop, wrongKey, wrongCertificate, refused, silent, oldHub, flapping, twoOfOne
        case everyBoot

        init?(device: Int) { self.init(rawValue: device % 30) }
    }

    /// Who a device is and where it belongs.
    private struct Unit {
        let id: String
        let hub: String
        let nextHub: String
        let group: String
        let dps: String
        let network: String

        init(_ device: Int) {
            let place = device / 30 + device
            id = "unit-\(100_000 + device)"
            hub = "hub-\(place % SickLoadGenerator.hubs)"
            nextHub = "hub-\((place + 1) % SickLoadGenerator.hubs)"
            group = "group-\(place % 16)"
            dps = "DPS-\(place % SickLoadGenerator.instances)"
            network = "203.\(device / 4096 % 64).\(device % 4096 / 16).XXX"
        }
    }
}
