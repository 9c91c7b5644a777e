/// Some devices by the values that they have, so that whoever asks for those of one value does not look at all of them.
///
/// An attribute is put in order when it is first asked for.
final class DevicesByValue {
    private let devices: [Int]
    private let traits: DeviceTraits
    private var byColumn: [Int: [Int32: [Int]]] = [:]
    private var byDevice: [Int: [Int]]?

    /// - Parameter devices: their numbers; one may stand at several places.
    init(_ devices: [Int], _ traits: DeviceTraits) {
        self.devices = devices
        self.traits = traits
    }

    /// The places of the devices that may have had part in a value, ascending: those that have it, and for a run of ids those of
    /// its series, since who comes through at its end is no more in the run.
    func places(_ attribute: String, _ value: String) -> [Int] {
        if attribute == DeviceTraits.batch { return places(of: traits.kin(ofRun: value)) }
        guard let (column, number) = traits.place(attribute, value) else { return [] }
        if let known = byColumn[column] { return known[number] ?? [] }
        var byNumber: [Int32: [Int]] = [:]
        let values = traits.values[column]
        for (place, device) in devices.enumerated() where values[device] >= 0 {
            byNumber[values[device], default: []].append(place)
        }
        byColumn[column] = byNumber
        return byNumber[number] ?? []
    }

    private func places(of wanted: [Int]) -> [Int] {
        let known = byDevice ?? Dictionary(grouping: devices.indices) { devices[$0] }
        byDevice = known
        return wanted.flatMap { known[$0] ?? [] }.sorted()
    }
}
