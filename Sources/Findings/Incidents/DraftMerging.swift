/// Joins causes of different families one after the other: those that name the same value, or strike the same devices, at the
/// same time.
///
/// Each is held against those alone that share its value or a device, so the cost follows what was struck, not the square of
/// the causes.
struct DraftMerging {
    /// The causes so far, in the order in which they came.
    private(set) var result: [IncidentBuilder.Draft] = []
    /// When each begins and ends; nil where none of its findings has a time.
    private var spans: [(from: Int64, to: Int64)?] = []
    private var byValue: [DraftValue: [Int]] = [:]
    private var byDevice: [Int: [Int]] = [:]

    /// Takes the next cause.
    mutating func take(_ draft: IncidentBuilder.Draft) {
        let span = draft.begins.flatMap { from in draft.ends.map { (from: from, to: $0) } }
        guard let index = place(draft, span) else {
            for device in draft.devices { byDevice[device, default: []].append(result.count) }
            byValue[DraftValue(draft.separation), default: []].append(result.count)
            spans.append(span)
            result.append(draft)
            return
        }
        // What devices were found says more of how many there are than what one finding counts.
        if result[index].devices.isEmpty, !draft.devices.isEmpty {
            byValue[DraftValue(result[index].separation)]?.removeAll { $0 == index }
            byValue[DraftValue(draft.separation), default: []].append(index)
            result[index].separation = draft.separation
        }
        result[index].findings += draft.findings
        result[index].begins = [result[index].begins, draft.begins].compactMap(\.self).min()
        result[index].ends = [result[index].ends, draft.ends].compactMap(\.self).max()
        for device in draft.devices where result[index].devices.insert(device).inserted {
            byDevice[device, default: []].append(index)
        }
        if let span, let known = spans[index] {
            spans[index] = (from: min(known.from, span.from), to: max(known.to, span.to))
        }
    }

    /// The first cause that is one with another; nil for none.
    private func place(_ draft: IncidentBuilder.Draft, _ span: (from: Int64, to: Int64)?) -> Int? {
        guard let span else { return nil }
        func isTogether(_ index: Int) -> Bool {
            guard let other = spans[index] else { return false }
            return span.from <= other.to + IncidentBuilder.quiet && other.from <= span.to + IncidentBuilder.quiet
        }
        var first = byValue[DraftValue(draft.separation)]?.filter(isTogether).min()
        if draft.devices.count < Separation.fewest { return first }
        var shared: [Int: Int] = [:]
        for device in draft.devices {
            for index in byDevice[device] ?? [] { shared[index, default: 0] += 1 }
        }
        for (index, count) in shared where first.map({ index < $0 }) ?? true {
            let smaller = min(result[index].devices.count, draft.devices.count)
            if smaller >= Separation.fewest, count * 5 >= smaller * 4, isTogether(index) { first = index }
        }
        return first
    }
}
