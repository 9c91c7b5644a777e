import EventStore
import Findings
import Foundation
import GRDB
import TestSupport
import Testing

@testable import FleetSimulator

/// The database of a fleet that is healthy up to the last hours, from which every case goes on.
struct HealthyBase {
    /// What a case came to.
    struct Outcome {
        var incidents: [Incident]
        var findings: [Finding]
        /// How many devices each cause struck, by its name.
        var counts: [String: Int]
        /// How many devices have each cause's value.
        var populations: [String: Int]
        /// All of it as text.
        var text: String
    }

    let fleet: Fleet
    /// What was found in the healthy hours.
    let findings: [Finding]
    private let base: [FleetRecord]
    private let folder: TestFolder

    init(devices: Int, seed: UInt64) async throws {
        fleet = Fleet.healthy(devices: devices, seed: seed)
        folder = try TestFolder()
        base = fleet.book.records.filter { $0.second < Stage.begin }
        var book = fleet.book.emptied()
        for record in base { book.add(record) }
        let database = try LogDatabase.open(folder.path + "/base.db")
        let report = try await Importer.run(FleetRun.write(book, to: folder, "base"), into: database)
        #expect(report.isBalanced && report.rejected == 0)
        findings = try Analysis.refresh(database, rules: RuleSet.builtIn()).findings
        try await database.access.vacuum(into: folder.path + "/healthy.db")
        try database.access.close()
    }

    /// Lets causes strike in a copy of the fleet's database, from files on.
    func play(_ causes: [any Cause]) async throws -> Outcome {
        let clock = ContinuousClock()
        let begin = clock.now
        let place = try TestFolder()
        try FileManager.default.copyItem(atPath: folder.path + "/healthy.db", toPath: place.path + "/case.db")
        var stage = Stage(fleet)
        stage.play(causes)
        var book = stage.book
        for record in stage.rest(of: fleet) { book.add(record) }
        let database = try LogDatabase.open(place.path + "/case.db")
        let report = try await Importer.run(FleetRun.write(book, to: place, "tail"), into: database)
        #expect(report.isBalanced && report.stored == book.records.count)
        let result = try Analysis.refresh(database, rules: RuleSet.builtIn())
        let asked = Set((base + book.records).filter { !$0.isOfHub && $0.kind != .serviceOperation }.map(\.id))
        let populations = causes.map { ($0.name, population($0, asked)) }
        let text =
            "\n" + causes.map(\.name).joined(separator: " + ") + "  (\(clock.now - begin))\n"
            + causes.map { "  planted:  \($0.attribute)=\($0.value), \(stage.counts[$0.name] ?? 0) devices\n" }.joined()
            + result.incidents.prefix(6).map(Self.line).joined()
        return Outcome(
            incidents: result.incidents,
            findings: result.findings,
            counts: stage.counts,
            populations: Dictionary(uniqueKeysWithValues: populations),
            text: text
        )
    }

    private static func line(_ incident: Incident) -> String {
        "  incident: \(incident.severity) \(incident.attribute)=\(incident.value) \(incident.struck) of \(incident.population), "
            + "outside \(incident.struckOutside) of \(incident.populationOutside), \(incident.findings.count) findings of "
            + incident.rules.joined(separator: " ")
            + incident.changes.map { "; \($0.operation) \($0.enrollment ?? "-")" }.joined() + "\n"
    }

    /// How many devices have a cause's value; group and instance are known of those that asked DPS within the logs.
    private func population(_ cause: some Cause, _ asked: Set<String>) -> Int {
        if let population = cause.population { return population }
        return fleet.plan.devices.count { device in
            switch cause.attribute {
            case "enrollment-group": device.group == cause.value && asked.contains(device.id)
            case "dps": device.dps.name == cause.value && asked.contains(device.id)
            case "hub": device.hub == cause.value
            case "sdk": device.sdk == cause.value
            case "network": device.network == cause.value
            default: device.transport == cause.value
            }
        }
    }
}
