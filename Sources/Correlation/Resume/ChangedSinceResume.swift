/// The devices and registrations with events since the sweep began.
struct ChangedSinceResume: Sendable {
    /// By the identity of the device.
    var devices: [Bool]
    /// Registrations that asked DPS, by the leader of their spellings.
    var registrations: [Bool]
    /// Registrations whose device was seen at a hub, likewise.
    var journeys: [Bool]
    /// Registrations whose open attempt was decided before the start, so that nothing its device does changes it.
    var decided: [Bool]

    /// Registrations of which the runs of failures since the start are to be written again, and were not yet.
    var runs: [Bool]

    /// None yet, of a number of identities.
    init(count: Int) {
        devices = [Bool](repeating: false, count: count)
        (registrations, journeys, decided) = (devices, devices, devices)
        runs = [Bool](repeating: true, count: count)
    }

    /// Makes room for more identities.
    mutating func add(_ count: Int) {
        let more = repeatElement(false, count: count)
        devices += more
        registrations += more
        journeys += more
        decided += more
        runs += repeatElement(true, count: count)
    }

    /// Whether the latest attempt of a registration may read otherwise than before.
    func mayChange(_ registration: Int) -> Bool {
        registrations[registration] || journeys[registration] && !decided[registration]
    }
}
