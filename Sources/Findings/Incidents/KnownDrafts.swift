/// The causes of an episode so far, found by what they name and by whom they have struck.
///
/// Findings may be about a hundred thousand hubs, of which each would else be held against all causes and all devices.
struct KnownDrafts {
    /// Who has a value of an attribute.
    var holders = ValueHolders()
    private var byValue: [DraftValue: Int] = [:]
    /// The cause of each struck device; no device has two in one episode.
    private var byDevice: [Int: Int] = [:]

    /// Causes in their order.
    init(_ drafts: [IncidentBuilder.Draft]) {
        for (index, draft) in drafts.enumerated() { add(draft, index) }
    }

    /// Learns of a cause by its place.
    mutating func add(_ draft: IncidentBuilder.Draft, _ index: Int) {
        let value = DraftValue(draft.separation)
        if byValue[value] == nil { byValue[value] = index }
        for device in draft.devices { byDevice[device] = index }
    }

    /// The place of the first cause that names a value; nil for none.
    func first(_ attribute: String, _ value: String) -> Int? {
        byValue[DraftValue(attribute: attribute, value: value)]
    }

    /// The places of the causes that have struck any of some devices, ascending, and how many of them.
    func sharing(_ devices: [Int]) -> [(index: Int, shared: Int)] {
        var counts: [Int: Int] = [:]
        for device in devices {
            if let index = byDevice[device] { counts[index, default: 0] += 1 }
        }
        return counts.sorted { $0.key < $1.key }.map { (index: $0.key, shared: $0.value) }
    }
}

/// A value of an attribute that a cause names.
struct DraftValue: Hashable {
    var attribute: String
    var value: String

    init(attribute: String, value: String) { (self.attribute, self.value) = (attribute, value) }

    init(_ separation: Separation) { self.init(attribute: separation.attribute, value: separation.value) }
}

/// The devices that have a value of an attribute, put in order once an attribute.
struct ValueHolders {
    /// By attribute: where the devices of each value begin, and the devices value by value, ascending.
    private var columns: [Int: (starts: [Int32], devices: [Int32])] = [:]

    /// The devices that have a value, as `DeviceTraits.membership` says of each.
    mutating func devices(_ attribute: String, _ value: String, _ traits: DeviceTraits) -> [Int] {
        if attribute == DeviceTraits.batch { return Set(traits.run(value)).sorted() }
        guard let place = traits.place(attribute, value) else { return [] }
        let (column, number) = (place.column, Int(place.number))
        if columns[column] == nil { columns[column] = Self.column(traits.values[column], traits.names[column].count) }
        guard let (starts, devices) = columns[column] else { return [] }
        return devices[Int(starts[number])..<Int(starts[number + 1])].map { Int($0) }
    }

    private static func column(_ values: [Int32], _ count: Int) -> (starts: [Int32], devices: [Int32]) {
        var starts = [Int32](repeating: 0, count: count + 1)
        for value in values where value >= 0 { starts[Int(value) + 1] += 1 }
        for index in 1..<starts.count { starts[index] += starts[index - 1] }
        var devices = [Int32](repeating: 0, count: Int(starts[count]))
        var next = starts
        for (device, value) in values.enumerated() where value >= 0 {
            devices[Int(next[Int(value)])] = Int32(truncatingIfNeeded: device)
            next[Int(value)] += 1
        }
        return (starts, devices)
    }
}
