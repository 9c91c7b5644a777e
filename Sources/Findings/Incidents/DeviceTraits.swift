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

    /// How many devices there are.
    var count: Int { ids.count }
    /// For each attribute the numbers of the devices' values; -1 where one is not known.
    private(set) var values: [[Int32]] = Array(repeating: [], count: logged.count)
    /// The values of each attribute by their numbers.
    private(set) var names: [[String]] = Array(repeating: [], count: logged.count)
    /// The devices whose ids differ by a number at the end alone, in the order of these numbers.
    private(set) var series: [IdSeries] = []

    private var ids = NameList()
    private var byRegistration = NameIndex()
    private var byDevice = NameIndex()
    /// The device ids that are not those of `ids`, and for each device the number of its own; -1 for the one in `ids`, -2 for none.
    private var otherNames = NameList()
    private var deviceNames: [Int32] = []
    private var numbers: [[String: Int32]] = Array(repeating: [:], count: logged.count)

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
        for id in also where traits.registered(id.lowercased()) == nil && traits.named(id) == nil {
            traits.dormant.insert(traits.count)
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
            registered[row.index(0, below: registered.count)] = Int32(count)
            // Where it is meant to be comes first: where it is may be what went wrong.
            let known = [
                row.isNull(3) ? -1 : number(row.text(3), 0), number(&dps, row.index(4, below: dps.texts.count), 1),
                number(&hubs, row.index(5, below: hubs.texts.count), 2), -1, -1, -1,
            ]
            add(key: row.text(1), device: row.isNull(2) ? nil : row.text(2), known)
        }
        let devices = try prepare(
            """
            SELECT d.registration, i.name, d.hub, d.agent, d.protocol, d.network, d.device
            FROM device_total d JOIN identity i ON i.id = d.device
            """
        )
        // Of several devices of one registration the first by name speaks for it; the hub that DPS named stands.
        let named = values[2]
        var speakers = [Int32](repeating: 0, count: count)
        let name = try prepare("SELECT name FROM identity WHERE id = ?")
        func isFirst(_ text: String, of index: Int) throws -> Bool {
            if speakers[index] == 0 { return true }
            name.bind(1, Int64(speakers[index]))
            defer { name.reset() }
            return try name.next() ? text < name.text(0) : true
        }
        while try devices.next() {
            let row = devices
            let known = [
                -1, -1, number(&hubs, row.index(2, below: hubs.texts.count), 2),
                number(&agents, row.index(3, below: agents.texts.count), 3),
                row.isNull(4) ? -1 : number(row.text(4), 4),
                number(&networks, row.index(5, below: networks.texts.count), 5),
            ]
            let index = Int(registered[row.index(0, below: registered.count)])
            if index < 0 {
                add(key: nil, device: row.text(1), known)
            } else if try isFirst(row.text(1), of: index) {
                speakers[index] = Int32(truncatingIfNeeded: row.index(6, below: registered.count))
                if named[index] < 0 { values[2][index] = known[2] }
                for column in 3...5 { values[column][index] = known[column] }
            }
        }
    }

    /// Adds an attribute to the devices that are known.
    private mutating func add(_ attribute: DeviceAttribute) {
        let column = attributes.count
        attributes.append(attribute.name)
        names.append([])
        numbers.append([:])
        values.append([Int32](repeating: -1, count: count))
        for (key, value) in attribute.values.sorted(by: { $0.key < $1.key }) where !value.isEmpty {
            if let index = registered(key) { values[column][index] = number(value, column) }
        }
    }

    /// Adds a device with the numbers of its values in the order of `attributes`, -1 for what is not known.
    private mutating func add(key: String?, device: String?, _ known: [Int32]) {
        let index = count
        for (column, value) in known.enumerated() { values[column].append(value) }
        let id = key ?? device ?? ""
        ids.append(id)
        if device == nil {
            deviceNames.append(-2)
        } else if device == id {
            deviceNames.append(-1)
        } else {
            deviceNames.append(Int32(truncatingIfNeeded: otherNames.count))
            otherNames.append(device ?? "")
        }
        if let key {
            let names = ids
            byRegistration.set(index, of: NameList.hash(key)) { names.equals($0, key) }
        }
        // Of several registrations of one device the first by id is meant; one that none is known of stands behind.
        guard let device else { return }
        let before = named(device)
        if key != nil || before == nil, before.map({ ids[index] < ids[$0] }) ?? true {
            let (names, others, numbers) = (ids, otherNames, deviceNames)
            byDevice.set(index, of: NameList.hash(device)) { Self.isNamed($0, device, names, others, numbers) }
        }
    }

    /// The device of a registration id in lower case.
    private func registered(_ key: String) -> Int? {
        byRegistration.find(NameList.hash(key)) { ids.equals($0, key) }
    }

    /// The device of a device id, to the letter.
    private func named(_ device: String) -> Int? {
        byDevice.find(NameList.hash(device)) { Self.isNamed($0, device, ids, otherNames, deviceNames) }
    }

    private static func isNamed(
        _ index: Int,
        _ device: String,
        _ ids: NameList,
        _ others: NameList,
        _ numbers: [Int32]
    ) -> Bool {
        switch numbers[index] {
        case -2: false
        case -1: ids.equals(index, device)
        case let other: others.equals(Int(other), device)
        }
    }

    /// Puts the series in order once all devices are known.
    ///
    /// A stem that fewer devices have than are worth to be told of makes no series: ids that are random have as many stems.
    mutating func finish() {
        var members: [(stem: UInt64, member: IdSeries.Member)] = []
        members.reserveCapacity(count)
        for device in 0..<count {
            guard let split = ids.split(device) else { continue }
            members.append((split.stem, IdSeries.Member(split.number, width: split.width, device)))
        }
        members.sort { ($0.stem, $0.member.number, $0.member.device) < ($1.stem, $1.member.number, $1.member.device) }
        series = []
        var start = 0
        while start < members.count {
            var end = start + 1
            while end < members.count, members[end].stem == members[start].stem { end += 1 }
            if end - start >= Separation.fewest { addSeries(members[start..<end].map(\.member)) }
            start = end
        }
        series.sort { $0.stem < $1.stem }
    }

    private mutating func addSeries(_ members: [IdSeries.Member]) {
        func stem(_ member: IdSeries.Member) -> String { IdSeries.split(ids[Int(member.device)])?.stem ?? "" }
        let first = stem(members[0])
        // Two stems of one hash are as rare as they are without harm once they are told apart.
        let (same, others) = (members.filter { stem($0) == first }, members.filter { stem($0) != first })
        if same.count >= Separation.fewest {
            let ordered = same.sorted {
                $0.number != $1.number ? $0.number < $1.number : ids[Int($0.device)] < ids[Int($1.device)]
            }
            series.append(IdSeries(stem: first, members: ordered))
        }
        if others.count >= Separation.fewest { addSeries(others) }
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
        return device(finding.registrationId, finding.deviceId, finding.subject)
    }

    /// The same of the finding at a place.
    func device(of place: Int, among findings: BriefFindings) -> Int? {
        guard findings.isAboutDevice(place) else { return nil }
        let finding = findings.items[place]
        return device(
            findings.text(finding.registrationId),
            findings.text(finding.deviceId),
            findings.text(finding.subject) ?? ""
        )
    }

    private func device(_ registrationId: String?, _ deviceId: String?, _ subject: String) -> Int? {
        if let registrationId, let known = registered(registrationId.lowercased()) { return known }
        if let deviceId, let known = named(deviceId) { return known }
        return registered(subject.lowercased()) ?? named(subject)
    }

    /// The id of a device: its registration id in lower case, else its device id.
    func id(of device: Int) -> String { ids[device] }

    /// The attribute of devices whose ids were given in a row.
    static let batch = "id-batch"

    /// Where a value of an attribute stands: the column of `values`, and its number there; nil if no device has it.
    func place(_ attribute: String, _ value: String) -> (column: Int, number: Int32)? {
        guard let column = attributes.firstIndex(of: attribute), let number = numbers[column][value] else { return nil }
        return (column, number)
    }

    /// The devices of a run of ids; none if there is no such run.
    func run(_ value: String) -> [Int] { seriesOf(run: value)?.devices(in: value) ?? [] }

    /// The devices of the series of a run of ids: who comes through at its end is no more in the run.
    func kin(ofRun value: String) -> [Int] {
        guard let series = seriesOf(run: value), !series.devices(in: value).isEmpty else { return [] }
        return series.members.map { Int($0.device) }
    }

    /// The series of the stem that stands before the digits of a run.
    private func seriesOf(run value: String) -> IdSeries? {
        guard let dots = value.ranges(of: "..").last, let split = IdSeries.split(String(value[..<dots.lowerBound]))
        else {
            return nil
        }
        var (low, high) = (0, series.count)
        while low < high {
            let middle = (low + high) / 2
            if series[middle].stem < split.stem { low = middle + 1 } else { high = middle }
        }
        return low < series.count && series[low].stem == split.stem ? series[low] : nil
    }

    /// Says of a device whether it has a value; of a run of ids, whether its id lies in it.
    func membership(_ attribute: String, _ value: String) -> (Int) -> Bool {
        if attribute == Self.batch {
            let run = Set(run(value))
            return { run.contains($0) }
        }
        guard let (column, number) = place(attribute, value) else { return { _ in false } }
        let values = values[column]
        return { values[$0] == number }
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
