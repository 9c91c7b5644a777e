import EventStore
import FoundationEssentials

/// What is known of each device that may set the struck apart from the spared.
struct DeviceTraits: Sendable {
    /// What the logs say; of two attributes that set apart equally well the earlier one is named.
    static let logged = ["enrollment-group", "dps", "hub", "sdk", "protocol", "network"]

    /// All attributes: what the logs say, then what was handed in.
    private(set) var attributes = logged
    /// Devices that only the registry knows: they are no part of the active fleet.
    private(set) var dormant: Set<Int> = []

    /// For each device the number of its value of each attribute; -1 where it is not known.
    private(set) var values: [[Int32]] = []
    /// The values of each attribute by their numbers.
    private(set) var names: [[String]] = Array(repeating: [], count: logged.count)
    /// The devices whose ids differ by a number at the end alone, in the order of these numbers.
    private(set) var series: [IdSeries] = []

    private var ids: [String] = []
    private var byRegistration: [String: Int] = [:]
    private var byDevice: [String: Int] = [:]
    private var numbers: [[String: Int32]] = Array(repeating: [:], count: logged.count)
    private var stems: [String: [(text: Substring, number: Int, device: Int)]] = [:]

    /// Reads the devices that the logs of a database name, which is up to date.
    ///
    /// - Parameter prepare: compiles a statement.
    static func logged(_ prepare: (String) throws -> PreparedStatement) throws -> DeviceTraits {
        var traits = DeviceTraits()
        try traits.addLogged(prepare)
        return traits
    }

    /// The same with what is known beside the logs, and in its final order.
    ///
    /// - Parameters:
    ///   - extra: what is known beside the logs.
    ///   - also: registration ids that are to be known even if no log names them.
    func completed(extra: [DeviceAttribute] = [], also: [String] = []) -> DeviceTraits {
        var traits = self
        for id in also where traits.byRegistration[id.lowercased()] == nil && traits.byDevice[id] == nil {
            traits.dormant.insert(traits.values.count)
            traits.add(key: id.lowercased(), device: nil, Self.logged.map { _ in -1 })
        }
        for attribute in extra { traits.add(attribute) }
        traits.finish()
        return traits
    }

    /// Adds what the logs say: the registrations, each with its device, and the devices without one.
    private mutating func addLogged(_ prepare: (String) throws -> PreparedStatement) throws {
        var registered = [Int32](repeating: -1, count: try RowNumbers.highest(of: "identity", prepare) + 1)
        let instances = try Texts("instance", "name", prepare)
        var (dps, hubs) = (instances, instances)
        var (agents, networks) = (try Texts("agent", "sdk", prepare), try Texts("network", "address", prepare))
        let registrations = try prepare(
            """
            SELECT t.registration, r.folded, v.name, t.enrollment_group, t.dps, t.assigned_hub
            FROM registration_total t
            JOIN identity r ON r.id = t.registration
            LEFT JOIN identity v ON v.id = t.device
            """
        )
        while try registrations.next() {
            let row = registrations
            registered[row.index(0, below: registered.count)] = Int32(values.count)
            // Where it is meant to be comes first: where it is may be what went wrong.
            let known = [
                row.isNull(3) ? -1 : number(row.text(3), 0), number(&dps, row.index(4, below: dps.texts.count), 1),
                number(&hubs, row.index(5, below: hubs.texts.count), 2), -1, -1, -1,
            ]
            add(key: row.text(1), device: row.isNull(2) ? nil : row.text(2), known)
        }
        let devices = try prepare(
            """
            SELECT d.registration, i.name, d.hub, d.agent, d.protocol, d.network
            FROM device_total d JOIN identity i ON i.id = d.device
            """
        )
        // Of several devices of one registration the first by name speaks for it.
        let alone = values
        var speakers = [String?](repeating: nil, count: alone.count)
        while try devices.next() {
            let row = devices
            let name = row.text(1)
            let known = [
                -1, -1, number(&hubs, row.index(2, below: hubs.texts.count), 2),
                number(&agents, row.index(3, below: agents.texts.count), 3),
                row.isNull(4) ? -1 : number(row.text(4), 4),
                number(&networks, row.index(5, below: networks.texts.count), 5),
            ]
            let index = Int(registered[row.index(0, below: registered.count)])
            if index < 0 {
                add(key: nil, device: name, known)
            } else if speakers[index].map({ name < $0 }) ?? true {
                speakers[index] = name
                values[index] = zip(alone[index], known).map { $0 < 0 ? $1 : $0 }
            }
        }
    }

    /// Adds an attribute to the devices that are known.
    private mutating func add(_ attribute: DeviceAttribute) {
        let column = attributes.count
        attributes.append(attribute.name)
        names.append([])
        numbers.append([:])
        for index in values.indices { values[index].append(-1) }
        for (key, index) in byRegistration.sorted(by: { $0.key < $1.key }) {
            if let value = attribute.values[key], !value.isEmpty { values[index][column] = number(value, column) }
        }
    }

    /// Adds a device with the numbers of its values in the order of `attributes`, -1 for what is not known.
    private mutating func add(key: String?, device: String?, _ known: [Int32]) {
        let index = values.count
        values.append(known)
        ids.append(key ?? device ?? "")
        if let key { byRegistration[key] = index }
        // Of several registrations of one device the first by id is meant; one that none is known of stands behind.
        if let device, key != nil || byDevice[device] == nil, byDevice[device].map({ ids[index] < ids[$0] }) ?? true {
            byDevice[device] = index
        }
        if let id = key ?? device, let split = IdSeries.split(id) {
            stems[split.stem, default: []].append((split.digits, split.number, index))
        }
    }

    /// Puts the series in order once all devices are known.
    mutating func finish() {
        series = stems.sorted { $0.key < $1.key }.map { stem, members in
            let ordered = members.sorted { ($0.number, ids[$0.device]) < ($1.number, ids[$1.device]) }
            return IdSeries(stem: stem, digits: ordered.map { String($0.text) }, devices: ordered.map(\.device))
        }
        stems = [:]
    }

    /// The number of a value that a table of totals gives as a row's id; -1 for NULL.
    private mutating func number(_ texts: inout Texts, _ id: Int, _ attribute: Int) -> Int32 {
        if texts.numbers[id] < 0, !texts.texts[id].isEmpty { texts.numbers[id] = number(texts.texts[id], attribute) }
        return texts.numbers[id]
    }

    private mutating func number(_ text: String, _ attribute: Int) -> Int32 {
        if let known = numbers[attribute][text] { return known }
        let number = Int32(names[attribute].count)
        names[attribute].append(text)
        numbers[attribute][text] = number
        return number
    }

    /// The name of a device in lower case: its registration id, else its device id.
    func name(_ device: Int) -> String { ids[device].lowercased() }

    /// The device that a finding is about, nil if it is about none that is known.
    func device(of finding: Finding) -> Int? {
        guard finding.subjectKind == "device" else { return nil }
        if let id = finding.registrationId, let known = byRegistration[id.lowercased()] { return known }
        if let id = finding.deviceId, let known = byDevice[id] { return known }
        return byRegistration[finding.subject.lowercased()] ?? byDevice[finding.subject]
    }

    /// The id of a device: its registration id in lower case, else its device id.
    func id(of device: Int) -> String { ids[device] }

    /// The same of those that may have had part in it: for a run of ids all of its series, since who comes through at its end is
    /// no more in the run.
    func kin(_ attribute: String, _ value: String) -> (Int) -> Bool {
        guard attribute == "id-batch" else { return membership(attribute, value) }
        let all = Set(series.filter { !$0.devices(in: value).isEmpty }.flatMap(\.devices))
        return { all.contains($0) }
    }

    /// Says of a device whether it has a value; of a run of ids, whether its id lies in it.
    func membership(_ attribute: String, _ value: String) -> (Int) -> Bool {
        if attribute == "id-batch" {
            let run = Set(series.flatMap { $0.devices(in: value) })
            return { run.contains($0) }
        }
        guard let index = attributes.firstIndex(of: attribute), let number = numbers[index][value] else {
            return { _ in false }
        }
        return { values[$0][index] == number }
    }
}

/// A table's texts by the ids of its rows, with the numbers that an attribute's values have got.
private struct Texts {
    let texts: [String]
    var numbers: [Int32]

    init(_ table: String, _ column: String, _ prepare: (String) throws -> PreparedStatement) throws {
        let highest = try RowNumbers.highest(of: table, prepare)
        var texts = [String](repeating: "", count: highest + 1)
        let rows = try prepare("SELECT id, \(column) FROM \(table)")
        while try rows.next() { texts[rows.index(0, below: texts.count)] = rows.text(1) }
        self.texts = texts
        numbers = [Int32](repeating: -1, count: highest + 1)
    }
}

/// Devices whose ids were given in a row: `line-7-00120` to `line-7-00450`.
struct IdSeries: Sendable {
    /// What their ids have in common.
    var stem: String
    /// The digits behind it, ascending as numbers.
    var digits: [String]
    /// The devices in the same order.
    var devices: [Int]

    /// The devices of a run that is written as its first id and the digits of the last: `line-7-00120..00450`.
    func devices(in run: String) -> ArraySlice<Int> {
        guard run.hasPrefix(stem), let dots = run.ranges(of: "..").last else { return [] }
        let (low, high) = (run[..<dots.lowerBound].dropFirst(stem.count), run[dots.upperBound...])
        guard let first = digits.firstIndex(of: String(low)), let last = digits.firstIndex(of: String(high)),
            first <= last
        else { return [] }
        return devices[first...last]
    }

    /// An id as its stem and the number behind it; nil if there is none of either.
    static func split(_ id: String) -> (stem: String, digits: Substring, number: Int)? {
        var start = id.endIndex
        while start > id.startIndex {
            let before = id.utf8.index(before: start)
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(id.utf8[before]) else { break }
            start = before
        }
        let digits = id[start...]
        guard start > id.startIndex, !digits.isEmpty, digits.utf8.count <= 15, let number = Int(digits) else {
            return nil
        }
        return (String(id[..<start]), digits, number)
    }

    /// The run of neighbours that holds most of the struck and fewest of the spared.
    ///
    /// The run of the largest sum, where a struck device counts 1 and a spared one -1 (Kadane's way to find it).
    func densestRun(_ isStruck: (Int) -> Bool?) -> (range: ClosedRange<Int>, struck: Int, all: Int)? {
        var best: (sum: Int, from: Int, to: Int)?
        var (sum, from) = (0, 0)
        for (index, device) in devices.enumerated() {
            guard let struck = isStruck(device) else { continue }
            if sum <= 0 { (sum, from) = (0, index) }
            sum += struck ? 1 : -1
            if sum > best?.sum ?? 0 { best = (sum, from, index) }
        }
        guard let best else { return nil }
        var (struck, all) = (0, 0)
        for device in devices[best.from...best.to] {
            guard let isStruck = isStruck(device) else { continue }
            all += 1
            if isStruck { struck += 1 }
        }
        return (best.from...best.to, struck, all)
    }
}
