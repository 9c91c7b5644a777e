/// Devices by the values that they have, so that whoever asks for those of one value does not look at all of them.
///
/// An attribute is put in order when it is first asked for; that takes four bytes a device and four a value.
final class DevicesByValue {
    /// Where the devices of each value begin, and the places of devices value by value, ascending.
    private typealias Column = (starts: [Int32], places: [Int32])

    /// What a run of ids stands for.
    enum Run {
        /// The devices whose ids lie in it.
        case itself
        /// All devices of its series: who comes through at its end is no more in the run.
        case series
    }

    private let traits: DeviceTraits
    private let devices: [Int]?
    private let run: Run
    private var columns: [Int: Column] = [:]
    private var byDevice: [Int: [Int]]?

    /// - Parameters:
    ///   - devices: their numbers, of which one may stand at several places; nil for all that are known, each at its number.
    ///   - run: what a run of ids stands for.
    init(_ devices: [Int]?, _ traits: DeviceTraits, run: Run) {
        self.devices = devices
        self.traits = traits
        self.run = run
    }

    /// The places of the devices that have a value, ascending; of a run of ids, those it stands for.
    func places(_ attribute: String, _ value: String) -> [Int] {
        if attribute == DeviceTraits.batch {
            return places(of: run == .itself ? traits.run(value) : traits.kin(ofRun: value))
        }
        guard let (column, number) = traits.place(attribute, value) else { return [] }
        let (starts, places) = ordered(column)
        return places[Int(starts[Int(number)])..<Int(starts[Int(number) + 1])].map { Int($0) }
    }

    /// The places of some devices, ascending and each once.
    private func places(of wanted: [Int]) -> [Int] {
        guard let devices else { return Set(wanted).sorted() }
        let known = byDevice ?? Dictionary(grouping: devices.indices) { devices[$0] }
        byDevice = known
        return Set(wanted).flatMap { known[$0] ?? [] }.sorted()
    }

    private func ordered(_ column: Int) -> Column {
        if let known = columns[column] { return known }
        let values = traits.values[column]
        let count = devices?.count ?? values.count
        func value(_ place: Int) -> Int { Int(values[devices?[place] ?? place]) }
        var starts = [Int32](repeating: 0, count: traits.names[column].count + 1)
        for place in 0..<count where value(place) >= 0 { starts[value(place) + 1] += 1 }
        for index in 1..<starts.count { starts[index] += starts[index - 1] }
        var places = [Int32](repeating: 0, count: Int(starts[starts.count - 1]))
        var next = starts
        for place in 0..<count where value(place) >= 0 {
            places[Int(next[value(place)])] = Int32(truncatingIfNeeded: place)
            next[value(place)] += 1
        }
        columns[column] = (starts, places)
        return (starts, places)
    }
}
