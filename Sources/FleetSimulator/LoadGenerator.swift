/// Logs of a large fleet for benchmarks: mostly connects, disconnects and renewals, with some things wrong.
public struct LoadGenerator {
    /// How many records to make.
    public var events: Int
    /// How many devices there are.
    public var devices: Int
    /// The seed.
    public var seed: UInt64
    /// Records in each hour's file.
    public var perHour: Int

    /// A generator for a number of records.
    public init(events: Int, devices: Int, seed: UInt64, perHour: Int = 40_000) {
        self.events = events
        self.perHour = max(1, perHour)
        self.devices = max(1, devices)
        self.seed = seed
    }

    /// Makes the records, hour by hour, and hands each hour's text on.
    ///
    /// Most of what devices do is to connect, to renew tokens (once an hour at most, at a time of the device's own) and to
    /// close; one step in fifty asks DPS. One in a hundred records is delivered twice. Of each hundred devices one is refused by its hub after each assignment, and one
    /// fails to attest.
    ///
    /// - Parameter hour: called with the hour's number and its text.
    public func run(hour: (Int, String) throws -> Void) rethrows {
        var random = SplitMix64(seed: seed)
        var made = 0
        var number = 0
        while made < events {
            var log = FleetLog(start: Stories.start + number * 3600, seed: random.next())
            var renewed = Set<Int>()
            while log.lines.count < min(perHour, events - made) { step(&log, &renewed, &random) }
            var lines = log.lines.sorted { ($0.second, $0.text) < ($1.second, $1.text) }.map(\.text)
            lines = Array(lines.prefix(min(perHour, events - made)))
            for index in stride(from: 0, to: lines.count - 1, by: 100) { lines[index + 1] = lines[index] }
            try hour(number, lines.map { $0 + "\n" }.joined())
            made += lines.count
            number += 1
        }
    }

    private func step(_ log: inout FleetLog, _ renewed: inout Set<Int>, _ random: inout SplitMix64) {
        let device = Int(random.next() % UInt64(devices))
        let id = "unit-\(100_000 + device)"
        let hub = "hub-\(device % 4)"
        let second = Int(random.next() % 3500)
        log.network = "203.\(device / 4096 % 64).\(device % 4096 / 16).XXX"
        switch device % 100 {
        case 0:
            log.registration(second, id, hub: hub, group: "group-\(device % 8)")
            log.connect(second + 5, id, hub: hub, code: 401_003)
        case 1:
            log.registration(second, id, status: "failed", code: 401_002, message: "Unauthorized")
        default:
            switch random.next() % 100 {
            case 0:
                log.registration(second, id, hub: hub, group: "group-\(device % 8)")
                log.connect(second + 5, id, hub: hub)
            case 1:
                log.attestation(second, id)
                log.connect(second + 5, id, hub: hub)
            case 2..<40 where renewed.insert(device).inserted:
                log.renewal(60 + device * 37 % 3400, id, hub: hub)
            default:
                log.connect(second, id, hub: hub)
                log.disconnect(second + 60, id, hub: hub)
            }
        }
    }
}
