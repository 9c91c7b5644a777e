import FleetSimulator
import Foundation
import TestSupport

/// A handful of devices with lives of every kind, as lines in files.
struct SmallFleet {
    /// Files with their lines.
    private(set) var files: [(name: String, lines: [String])] = []
    private var random: SplitMix64
    private var records: [(second: Int, place: String, line: String)] = []
    private let hubs: [String]

    private init(files: [(name: String, lines: [String])]) {
        self.files = files
        random = SplitMix64(seed: 0)
        hubs = []
    }

    /// - Parameter devices: how many; nil for a handful.
    init(seed: UInt64, devices: Int? = nil) {
        random = SplitMix64(seed: seed)
        hubs = Array(["HUB-A", "HUB-B", "HUB-C"].prefix(1 + Int(random.next() % 3)))
        for hub in hubs where draw(6) > 0 {
            let step = [300, 900, 1500][draw(3)]
            for second in stride(from: -5400 + draw(300), to: 14_400, by: step) {
                add(second, hub, LogLines.connect(second, "bg-\(draw(9))", hub: hub))
            }
        }
        for number in 0..<(devices ?? 2 + draw(4)) { live("dev-\(number)") }
        arrange()
    }

    private mutating func draw(_ bound: Int) -> Int { Int(truncatingIfNeeded: random.next() >> 33) % bound }

    private mutating func add(_ second: Int, _ place: String, _ line: String) { records.append((second, place, line)) }

    private mutating func connect(_ second: Int, _ device: String, _ hub: String, code: String? = nil) {
        add(second, hub, LogLines.connect(second, device, hub: hub, code: code))
    }

    private mutating func disconnect(_ second: Int, _ device: String, _ hub: String, code: String? = nil) {
        add(second, hub, LogLines.disconnect(second, device, hub: hub, code: code))
    }

    private mutating func register(_ second: Int, _ device: String, _ hub: String, isLogged: Bool) {
        add(
            second,
            "DPS-1",
            isLogged
                ? LogLines.registration(second, device, hub: hub.lowercased()) : LogLines.attestation(second, device)
        )
    }

    private mutating func fail(_ second: Int, _ device: String) {
        add(second, "DPS-1", LogLines.registration(second, device, hub: nil, status: "failed", code: 401_002))
    }

    private mutating func live(_ device: String) {
        let start = draw(3600)
        let hub = hubs[draw(hubs.count)]
        let other = hubs[draw(hubs.count)]
        let isLogged = draw(3) > 0
        let refusal = ["401003", "404001", "403012"][draw(3)]
        switch draw(14) {
        case 0:
            register(start, device, hub, isLogged: isLogged)
            connect(start + 20, device, hub)
            if draw(2) == 0 { disconnect(start + 900, device, hub) }
        case 1:
            register(start, device, hub, isLogged: isLogged)
            connect(start + 700 + draw(6000), device, hub)
        case 2: register(start, device, hub, isLogged: isLogged)
        case 3:
            register(start, device, hub, isLogged: isLogged)
            connect(start + 10, device, hub, code: refusal)
            connect(start + 40 + draw(1200), device, hub)
        case 4:
            register(start, device, hub, isLogged: isLogged)
            for number in 0..<6 { connect(start + 10 + number * 1300, device, hub, code: refusal) }
        case 5:
            register(start, device, hub, isLogged: isLogged)
            connect(start + 30 + draw(3000), device, other)
        case 6:
            register(start, device, hub, isLogged: false)
            connect(start + 5, device, hub, code: refusal)
            connect(start + 60, device, other)
        case 7:
            connect(start - 1500, device, hub)
            register(start, device, hub, isLogged: isLogged)
            if draw(2) == 0 { disconnect(start + 4000, device, hub, code: draw(2) == 0 ? "404104" : nil) }
        case 8:
            for number in 0..<(2 + draw(2)) { fail(start + number * 300, device) }
            register(start + 1000, device, hub, isLogged: isLogged)
            connect(start + 1020, device, hub)
            for number in 0..<2 { fail(start + 5000 + number * 300, device) }
        case 9: for number in 0..<5 { fail(start + number * 400, device) }
        case 10:
            if draw(2) == 0 { register(start - 3000, device, hub, isLogged: isLogged) }
            for number in 0..<4 { connect(start + number * 700, device, hub, code: refusal) }
        case 11:
            register(start, device, hub, isLogged: isLogged)
            register(start + 60 + draw(1200), device, other, isLogged: isLogged)
            connect(start + 1300, device, other)
        case 12:
            connect(start, device, hub)
            for number in 1..<5 {
                connect(start + number * 1000, device, hub, code: refusal)
                if draw(2) == 0 { connect(start + number * 1000 + 200, device, hub) }
            }
        default:
            for number in 0..<6 {
                register(start + number * 600, device, hub, isLogged: isLogged)
                if draw(3) > 0 { connect(start + number * 600 + 9, device, hub) }
            }
        }
    }

    /// One file a resource, one for all, or the storage account's blobs; in the order of time or against it.
    private mutating func arrange() {
        records.sort { ($0.second, $0.place, $0.line) < ($1.second, $1.place, $1.line) }
        let kind = draw(4)
        let isDescending = kind == 1 && draw(2) == 0
        var byName: [String: [String]] = [:]
        for record in isDescending ? records.reversed() : records {
            let hour = (8 * 3600 + record.second) / 3600
            let type = record.place.hasPrefix("DPS") ? "PROVISIONINGSERVICES" : "IOTHUBS"
            let name =
                switch kind {
                case 0: "all.json"
                case 1: record.place + ".json"
                case 2: "\(record.place)-\(hour).json"
                default: "resourceId=/\(type)/\(record.place)/y=2026/m=11/d=20/h=\(hour)/m=00/PT1H.json"
                }
            byName[name, default: []].append(record.line)
        }
        files = byName.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}

extension SmallFleet {
    /// A sample with some of its devices: those that something is wrong with, and the first ones beside them.
    init(_ story: any Story, devices count: Int) {
        self.init(files: [])
        let texts = Stories.log(of: story).files().map { ($0.path, $0.text.split(separator: "\n").map(String.init)) }
        var chosen = Set<String>()
        let struck = Set(story.truths.map(\.subject))
        let ids = texts.flatMap(\.1).compactMap(Self.id)
        for id in ids where struck.contains(id) && chosen.count < count / 2 { chosen.insert(id) }
        for id in ids where chosen.count < count { chosen.insert(id) }
        files = texts.compactMap { path, lines in
            let kept = lines.filter { Self.id(of: $0).map(chosen.contains) ?? true }
            return kept.isEmpty ? nil : (String(path.dropLast(".gz".count)), kept)
        }
    }

    /// The id that a record of a sample names.
    private static func id(of line: String) -> String? {
        for key in ["registrationId", "deviceId", "id"] {
            let mark = #"\"\#(key)\":\""#
            if let found = line.range(of: mark) {
                return String(line[found.upperBound...].prefix { $0 != "\\" })
            }
        }
        return nil
    }
}

/// Ways in which a line comes to be unreadable.
enum LineDamage: CaseIterable {
    case cut
    case head
    case garbage
    case invalidUTF8
    case nulls
    case noTime
    case badTime
    case quotes

    /// The line's bytes afterwards; nil if this way does nothing to it.
    func apply(to line: String, _ random: inout SplitMix64) -> [UInt8]? {
        var bytes = Array(line.utf8)
        func draw(_ bound: Int) -> Int { Int(truncatingIfNeeded: random.next() >> 33) % max(1, bound) }
        switch self {
        case .cut: return Array(bytes.prefix(1 + draw(bytes.count - 1)))
        case .head: return Array(bytes.suffix(1 + draw(bytes.count - 1)))
        case .garbage:
            let start = draw(bytes.count)
            for index in start..<min(bytes.count, start + 4 + draw(40)) { bytes[index] = UInt8(33 + draw(94)) }
            return bytes
        case .invalidUTF8:
            bytes[1 + draw(bytes.count - 2)] = 0xFF
            return bytes
        case .nulls:
            let start = draw(bytes.count)
            for index in start..<min(bytes.count, start + 1 + draw(60)) { bytes[index] = 0 }
            return bytes
        case .noTime: return Array(line.replacing("\"time\"", with: "\"tome\"").utf8)
        case .badTime: return Array(line.replacing("\"time\":\"2026", with: "\"time\":\"20x6").utf8)
        case .quotes: return Array(line.replacing("\\\"", with: "'").replacing("\"", with: "'").utf8)
        }
    }
}
