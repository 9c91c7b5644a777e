import Glibc

/// How well one value of one attribute sets the struck apart from the spared.
struct Separation: Sendable {
    var attribute: String
    var value: String
    /// Struck devices with the value, and all that have it.
    var struck: Int
    var population: Int
    /// Struck devices without it, and all that do not have it.
    var struckOutside: Int
    var populationOutside: Int

    /// Fewer struck devices with a value say nothing.
    static let fewest = 5

    /// The log-likelihood ratio of "the value matters" against "it does not" (G test of a two by two table); 0 where the
    /// others are struck as often.
    var strength: Double {
        guard population > 0, populationOutside > 0,
            Double(struck) / Double(population) > Double(struckOutside) / Double(populationOutside)
        else { return 0 }
        let all = Double(population + populationOutside)
        let rate = Double(struck + struckOutside) / all
        func term(_ observed: Int, _ expected: Double) -> Double {
            observed == 0 || expected <= 0 ? 0 : 2 * Double(observed) * log(Double(observed) / expected)
        }
        return term(struck, Double(population) * rate)
            + term(population - struck, Double(population) * (1 - rate))
            + term(struckOutside, Double(populationOutside) * rate)
            + term(populationOutside - struckOutside, Double(populationOutside) * (1 - rate))
    }

    /// Whether it is worth to be told: enough devices, three times as often, and not by chance (one in 100,000).
    var isTelling: Bool {
        guard struck >= Self.fewest, strength >= 19.5 else { return false }
        return Double(struck) * Double(populationOutside) >= 3 * Double(struckOutside) * Double(population)
    }
}

/// Looks for the value that sets the struck apart best.
enum SeparationSearch {
    /// The best value, nil if none is telling; and the devices that have it.
    ///
    /// - Parameters:
    ///   - struck: devices in trouble.
    ///   - isOut: devices that another cause has struck and that count neither way.
    static func best(_ struck: Set<Int>, isOut: Set<Int>, _ traits: DeviceTraits) -> (
        found: Separation, members: Set<Int>
    )? {
        let all = traits.count - isOut.count
        // Of each device: 0 spared, 1 struck, 2 out. Every device is looked at once for each attribute and each cause.
        var marks = [UInt8](repeating: 0, count: traits.count)
        for device in struck { marks[device] = 1 }
        for device in isOut { marks[device] = 2 }
        var best: (found: Separation, attribute: Int, number: Int32)?
        for (attribute, name) in traits.attributes.enumerated() {
            var counts = [(struck: Int, all: Int)](repeating: (0, 0), count: traits.names[attribute].count)
            let values = traits.values[attribute]
            for (device, value) in values.enumerated() where value >= 0 && marks[device] != 2 {
                counts[Int(value)].all += 1
                if marks[device] == 1 { counts[Int(value)].struck += 1 }
            }
            // Only those of which the value is known can tell for or against it.
            let known = counts.reduce((struck: 0, all: 0)) { ($0.struck + $1.struck, $0.all + $1.all) }
            // In the order of their names, so that of two that tell as much always the same is named.
            let candidates = counts.indices.filter { counts[$0].struck >= Separation.fewest }
                .sorted { traits.names[attribute][$0] < traits.names[attribute][$1] }
            for number in candidates {
                let count = counts[number]
                let found = separation(name, traits.names[attribute][number], count, known.struck, known.all)
                guard found.isTelling, found.strength > (best?.found.strength ?? 0) + 1e-9 else { continue }
                best = (found, attribute, Int32(number))
            }
        }
        // A run of ids is fitted to what it explains, so it must explain clearly more than a value that was given.
        let bar = (best?.found.strength ?? 0) * 1.15
        var batch: (found: Separation, members: Set<Int>)?
        for series in traits.series where series.members.count >= Separation.fewest {
            guard let run = series.densestRun({ marks[$0] == 2 ? nil : marks[$0] == 1 }),
                run.struck >= Separation.fewest
            else { continue }
            let (first, last) = (series.members[run.range.lowerBound], series.members[run.range.upperBound])
            let value = "\(series.stem)\(first.digits)..\(last.digits)"
            let found = separation(DeviceTraits.batch, value, (run.struck, run.all), struck.count, all)
            guard found.isTelling, found.strength > max(bar, (batch?.found ?? best?.found)?.strength ?? 0) else {
                continue
            }
            batch = (found, struck.intersection(series.members[run.range].map { Int($0.device) }))
        }
        if let batch { return batch }
        guard let best else { return nil }
        let values = traits.values[best.attribute]
        return (best.found, struck.filter { values[$0] == best.number })
    }

    private static func separation(
        _ attribute: String,
        _ value: String,
        _ count: (struck: Int, all: Int),
        _ struck: Int,
        _ all: Int
    ) -> Separation {
        Separation(
            attribute: attribute,
            value: value,
            struck: count.struck,
            population: count.all,
            struckOutside: struck - count.struck,
            populationOutside: all - count.all
        )
    }
}
