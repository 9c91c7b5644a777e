/// What a healthy device does in two days: much of it looks like failure, and none of it is.
struct HealthyLife {
    /// When the logs end, in seconds.
    static let end = 46 * 3600
    /// When the service moves the connections of a hub, in seconds.
    static let upgrade = 30 * 3600 + 1200
    /// The hub whose connections are moved.
    static let upgraded = "hub-eu-2"

    /// Writes the life of a device.
    ///
    /// - Parameter isKnown: whether it was provisioned before the logs begin.
    static func write(_ device: FleetDevice, isKnown: Bool, into book: inout FleetBook) {
        let bits = book.random.next()
        func draw(_ shift: UInt64, _ bound: Int) -> Int { Int(bits >> shift & 0xFFFF) % bound }
        let begin = 30 + draw(0, 36_000)
        var now = begin
        if !isKnown { now = register(begin, device, polls: draw(16, 20) == 0, &book) }
        book.connect(now + 3 + draw(24, 20), device)
        now += 30
        let period = device.renewal.period + draw(32, 600)
        something(draw(40, 1000), at: now + period / 2, device, &book)
        var next = now + period
        while next < end - 60 {
            if isFarFromUpgrade(next, device) { renew(next, device, &book) }
            next += period
        }
        let restart = now + period * (draw(36, 2) == 0 ? 3 : 5) / 2
        if draw(44, 100) < 12, restart < end - 12_000, isFarFromUpgrade(restart, device) {
            // Restarted: it asks DPS again and stays where it is.
            book.disconnect(restart, device)
            book.connect(register(restart + 60, device, &book) + 5, device)
            for hour in 1..<3 { visit(restart + hour * 4000, device, &book) }
        }
        if device.hub == upgraded, draw(20, 2) == 0, begin < upgrade - 3000 {
            move(upgrade + draw(48, 240), device, isRefused: draw(28, 3) == 0, &book)
        }
    }

    /// Asks DPS, with the challenge if it has a TPM, and says when it was done.
    static func register(_ second: Int, _ device: FleetDevice, polls: Bool = false, _ book: inout FleetBook) -> Int {
        if device.attestation == "tpm" {
            book.fail(second, device, code: 401_002, "Unauthorized")
            book.assign(second + 2, device)
            return second + 2
        }
        if polls, device.dps.isRich {
            book.poll(second, device)
            book.assign(second + 4, device)
            return second + 4
        }
        book.assign(second, device)
        return second
    }

    /// The renewal of a token.
    static func renew(_ second: Int, _ device: FleetDevice, _ book: inout FleetBook) {
        if device.renewal.isDropped {
            book.disconnect(second, device, code: 404_104)
            book.connect(second + 1, device, code: 401_003)
            book.connect(second + 9, device)
        } else {
            book.disconnect(second, device)
            book.connect(second + 2, device)
        }
    }

    private static func isFarFromUpgrade(_ second: Int, _ device: FleetDevice) -> Bool {
        device.hub != upgraded || abs(second - upgrade) > 3000
    }

    /// The device closes its connection and comes back.
    static func visit(_ second: Int, _ device: FleetDevice, _ book: inout FleetBook) {
        book.disconnect(second, device)
        book.connect(second + 20, device)
    }

    /// The service closes the connection, refuses the device for a moment, and takes it back.
    private static func move(_ second: Int, _ device: FleetDevice, isRefused: Bool, _ book: inout FleetBook) {
        book.disconnect(second, device, code: 400_029)
        if isRefused { book.connect(second + 1, device, code: 400_030) }
        book.connect(second + 12, device)
    }

    /// What befalls one device in some, between two renewals.
    private static func something(_ draw: Int, at second: Int, _ device: FleetDevice, _ book: inout FleetBook) {
        switch draw {
        case 0..<50:
            // The network was gone for a moment.
            book.disconnect(second, device, code: 404_104)
            book.connect(second + 20, device)
        case 50..<60:
            // Back before the hub noticed; the new session comes first.
            book.connect(second, device)
            book.disconnect(second + 1, device, code: 400_027)
        case 60..<70:
            book.disconnect(second, device, code: 400_027)
            book.connect(second + 1, device)
        case 70..<120:
            book.disconnect(second, device)
            book.connect(second + 300, device)
        case 120..<200:
            // Restarted: it asks DPS again and stays where it is.
            visit(second - 7000, device, &book)
            book.disconnect(second, device)
            let done = register(second + 60, device, &book)
            book.connect(done + 5, device)
        case 200..<204:
            // Short tokens for a while, an hour and some minutes each.
            for hour in 0..<4 { renew(second + hour * 3900, device, &book) }
        default: break
        }
    }
}
