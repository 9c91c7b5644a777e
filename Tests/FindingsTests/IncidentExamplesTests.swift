import EventStore
import TestSupport
import Testing

@testable import Findings

/// Who is named beside an incident, against the logs it was made of.
@Suite struct IncidentExamplesTests {
    @Test func theSparedAreThoseOfWhomNothingIsFound() async throws {
        let folder = try TestFolder()
        var lines: [String] = []
        // Forty devices of one series: of 12 to 23 the keys are wrong, the others are assigned and connect.
        for number in 0..<40 {
            let id = "press-\(number + 100)"
            for attempt in 0..<4 {
                let time = attempt * 600 + number
                if (12..<24).contains(number), number != 20 {
                    lines.append(LogLines.registration(time, id, hub: nil, status: "failed", code: 401002))
                } else {
                    if attempt == 0 { lines.append(LogLines.registration(time, id, hub: "hub-a")) }
                    lines.append(LogLines.connect(time + 2, id))
                }
            }
        }
        let place = try folder.write(lines.joined(separator: "\n"), to: "a.json")
        let database = try LogDatabase.inMemory()
        _ = try await Importer.run([place], into: database)
        let result = try Analysis.refresh(database, rules: RuleSet.builtIn())
        let found = try IncidentExamples.load(result.incidents, result.findings, from: database)
        let incident = try #require(result.incidents.first { $0.rules.contains("key-derivation-failure") })
        let concerned = Set(result.findings.filter { $0.severity > .informational }.map(\.subject))
        let examples = found[incident.id] ?? IncidentExamples()
        #expect(incident.population - incident.struck == examples.spared.count)
        for name in examples.spared { #expect(!concerned.contains(name)) }
        if incident.attribute == "id-batch" { #expect(examples.spared == ["press-120"]) }
        #expect(examples.outside.isEmpty == (incident.struckOutside == 0))
    }
}
