/// Of which devices and registrations events have told.
struct TouchedIdentities: Sendable {
    /// By the identity of the device.
    var devices: [Bool]
    /// By the leader of the registration's spellings.
    var registrations: [Bool]

    /// None yet, of so many identities.
    init(count: Int) {
        devices = [Bool](repeating: false, count: count)
        registrations = [Bool](repeating: false, count: count)
    }
}
