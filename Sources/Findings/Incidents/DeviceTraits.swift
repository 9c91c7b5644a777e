import EventStore
import GRDB

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

    private var byRegistration: [String: Int] = [:]
    private var byDevice: [String: Int] = [:]
    private var numbers: [[String: Int32]] = Array(repeating: [:], count: logged.count)
    private var stems: [String: [(text: Substring, number: Int, device: Int)]] = [:]

    /// Reads the devices of a database that is up to date.
    ///
    /// - Parameters:
    ///   - extra: what is known beside the logs.
    ///   - also: registration ids that are to be known even if no log names them.
    static func load(
        _ connection: Database,
        extra: [DeviceAttribute] = [],
        also: [String] = []
    ) throws -> DeviceTraits {
        var traits = DeviceTraits()
        // Of the tables and not of the views: a view of joins behind a LEFT JOIN is made as a whole first.
        let known = """
            LEFT JOIN instance h ON h.id = d.hub
            LEFT JOIN agent a ON a.id = d.agent
            LEFT JOIN network n ON n.id = d.network
            """
        let registrations = try PreparedStatement(
            connection,
            """
            SELECT r.folded, v.name, t.enrollment_group, p.name, COALESCE(m.hub, h.name), a.sdk, d.protocol, n.address
            FROM registration_total t
            JOIN identity r ON r.id = t.registration
            LEFT JOIN device_total d ON d.registration = t.registration
            LEFT JOIN identity i ON i.id = d.device
            LEFT JOIN identity v ON v.id = t.device
            LEFT JOIN instance p ON p.id = t.dps
            \(known)
            LEFT JOIN (
                -- Where it is meant to be: where it is may be what went wrong.
                SELECT e.registration, g.name AS hub, MAX(e.ended) FROM attempt e JOIN instance g ON g.id = e.hub
                WHERE e.outcome = 'assigned' AND e.basis = 'logged' GROUP BY e.registration
            ) m ON m.registration = t.registration
            ORDER BY r.folded, i.name
            """
        )
        while try registrations.next() {
            let texts = (0..<8).map { registrations.isNull($0) ? nil : registrations.text($0) }
            traits.add(key: texts[0], device: texts[1], Array(texts[2...]))
        }
        let others = try PreparedStatement(
            connection,
            """
            SELECT i.name, h.name, a.sdk, d.protocol, n.address
            FROM device_total d JOIN identity i ON i.id = d.device \(known)
            WHERE d.registration IS NULL ORDER BY i.name
            """
        )
        while try others.next() {
            let texts = (0..<5).map { others.isNull($0) ? nil : others.text($0) }
            traits.add(key: nil, device: texts[0], [nil, nil] + texts[1...])
        }
        for id in also where traits.byRegistration[id.lowercased()] == nil && traits.byDevice[id] == nil {
            traits.dormant.insert(traits.values.count)
            traits.add(key: id.lowercased(), device: nil, logged.map { _ in nil })
        }
        for attribute in extra { traits.add(attribute) }
        traits.finish()
        return traits
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

    /// Adds a device with its values in the order of `attributes`, as far as known.
    mutating func add(key: String?, device: String?, _ texts: [String?]) {
        if let key, let known = byRegistration[key] {
            // A registration that several devices share is one member of the fleet.
            if let device { byDevice[device] = known }
            return
        }
        let index = values.count
        values.append(
            texts.enumerated().map { attribute, text in
                guard let text, !text.isEmpty else { return -1 }
                return number(text, attribute)
            }
        )
        if let key { byRegistration[key] = index }
        if let device, byDevice[device] == nil { byDevice[device] = index }
        if let id = key ?? device, let split = IdSeries.split(id) {
            stems[split.stem, default: []].append((split.digits, split.number, index))
        }
    }

    /// Puts the series in order once all devices are known.
    mutating func finish() {
        series = stems.sorted { $0.key < $1.key }.map { stem, members in
            let ordered = members.sorted { ($0.number, $0.device) < ($1.number, $1.device) }
            return IdSeries(stem: stem, digits: ordered.map { String($0.text) }, devices: ordered.map(\.device))
        }
        stems = [:]
    }

    private mutating func number(_ text: String, _ attribute: Int) -> Int32 {
        if let known = numbers[attribute][text] { return known }
        let number = Int32(names[attribute].count)
        names[attribute].append(text)
        numbers[attribute][text] = number
        return number
    }

    /// The device that a finding is about, nil if it is about none that is known.
    func device(of finding: Finding) -> Int? {
        guard finding.subjectKind == "device" else { return nil }
        if let id = finding.registrationId, let known = byRegistration[id.lowercased()] { return known }
        if let id = finding.deviceId, let known = byDevice[id] { return known }
        return byRegistration[finding.subject.lowercased()] ?? byDevice[finding.subject]
    }

    /// How many devices have a value.
    func population(_ attribute: String, _ value: String) -> Int {
        guard let index = attributes.firstIndex(of: attribute), let number = numbers[index][value] else {
            return 0
        }
        return values.count { $0[index] == number }
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
