/// The causes of an episode so far, found by what they name and by whom they have struck.
///
/// Findings may be about a hundred thousand hubs, of which each would else be held against all causes and all devices.
struct KnownDrafts {
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
