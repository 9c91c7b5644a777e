import AzureLogs
import Foundation
import TestSupport
import Testing

@testable import FleetSimulator

/// Causes that strike in a week, some of them again: the incident of each has one id from its first night to the last, names the
/// change before the first failure, and no read and no later change.
@Suite struct NightCausesTests {
    @Test func theIncidentOfACauseKeepsItsIdAndNamesTheChangeBeforeIt() throws {
        let fleet = Fleet.healthy(devices: 6000, seed: 7)
        // Two days each; a cause that has struck does so again two days later.
        let all = Causes.all
        let parts = [Array(all[0..<4]), Array(all[0..<8]), Array(all[0..<11])]
        let setting = try NightOracleTests.Setting(NightWeek(parts: parts.map { Self.book(fleet, $0) }, nights: 7))
        // By the cause's place: the incident's id, and when the last of it was seen. A cause that strikes again after a quiet day
        // is another incident.
        var known: [String: (id: String, end: String)] = [:]
        var ids = Set<String>()
        var told: [String: Int] = [:]
        for night in 1...7 {
            try setting.week.deliver(night, to: setting.folder)
            #expect(try setting.run(night).code == (setting.week.isSilent(max(2, night)) ? 2 : 0))
            let window = try setting.window(night)
            for incident in try setting.incidents() where incident["end"].prefix(19) >= window.from.prefix(19) {
                let name = "\(incident["attribute"])=\(incident["value"])"
                guard let cause = all.first(where: { "\($0.attribute)=\($0.value)" == name }) else { continue }
                if let before = known[name], incident["onset"] <= Self.dayLater(before.end) {
                    #expect(before.id == incident["incident"], "\(name), night \(night)")
                } else {
                    #expect(ids.insert(incident["incident"]).inserted, "\(name), night \(night)")
                }
                known[name] = (incident["incident"], incident["end"])
                told[incident["incident"], default: 0] += 1
                let changes = incident["changes"].split(separator: ";").map(String.init)
                #expect(!changes.contains { $0.contains("Get") || $0.contains("Query") }, "\(name): \(changes)")
                #expect(changes.allSatisfy { $0.prefix(19) <= incident["onset"].prefix(19) }, "\(name): \(changes)")
                if let change = cause.change {
                    #expect(changes.contains { $0.hasSuffix("\(change.operation) \(change.enrollment)") }, "\(name)")
                }
            }
        }
        let missing = all.map { "\($0.attribute)=\($0.value)" }.filter { known[$0] == nil }
        #expect(missing.count <= 1, "\(missing)")
        #expect(told.values.contains { $0 >= 3 })
    }

    private static func dayLater(_ time: String) -> String {
        // Times are read in ticks of 100 ns.
        Timestamp.format(microseconds: (Timestamp.parse(time) ?? 0) / 10 + 86_400_000_000)
    }

    /// A healthy fleet's two days, in the last hours of which causes strike; with reads of every group.
    static func book(_ fleet: Fleet, _ causes: [any Cause]) -> FleetBook {
        var stage = Stage(fleet)
        stage.play(causes)
        var book = stage.book
        for (index, line) in FleetPlan.lines.enumerated() where !line.group.isEmpty {
            for operation in ["Get", "Query"] {
                book.change(Stage.begin + 300 + index, operation, id: line.group, dps: line.dps.name, isGroup: true)
            }
        }
        for record in fleet.book.records where record.second < Stage.begin { book.add(record) }
        for record in stage.rest(of: fleet) { book.add(record) }
        return book
    }
}
