/// Findings by the devices that they are about: of each device the places of its findings, in the order in which they came.
struct PlacesByDevice {
    /// The devices, ascending.
    private(set) var devices: [Int32] = []
    private var starts: [Int32] = []
    private var places: [Int32] = []

    /// - Parameters:
    ///   - places: of findings; those that are about no device are left out.
    ///   - owners: the devices of all findings by their places; -1 for none.
    init(_ places: [Int32], _ owners: [Int32]) {
        let ordered = places.indices.filter { owners[Int(places[$0])] >= 0 }
            .sorted { (owners[Int(places[$0])], $0) < (owners[Int(places[$1])], $1) }
        for index in ordered {
            let device = owners[Int(places[index])]
            if devices.last != device {
                devices.append(device)
                starts.append(Int32(truncatingIfNeeded: self.places.count))
            }
            self.places.append(places[index])
        }
        starts.append(Int32(truncatingIfNeeded: self.places.count))
    }

    /// The places of a device's findings; none if it has none.
    subscript(_ device: Int) -> ArraySlice<Int32> {
        var (low, high) = (0, devices.count)
        while low < high {
            let middle = (low + high) / 2
            if Int(devices[middle]) < device { low = middle + 1 } else { high = middle }
        }
        guard low < devices.count, Int(devices[low]) == device else { return [] }
        return places[Int(starts[low])..<Int(starts[low + 1])]
    }
}
