import Findings
import Testing

@testable import FleetSimulator

/// Causes that strike a healthy fleet of 20,000 devices: the first incidents name them.
///
/// Everything goes the whole way, from log files over events and findings to incidents. One test, so that the fleet is read
/// once.
@Suite struct FleetIncidentTests {
    @Test func theFirstIncidentsNameTheCausesThatStruck() async throws {
        let healthy = try await HealthyBase(devices: 20_000, seed: 7)
        #expect(healthy.findings == [], "a healthy fleet gives nothing")
        for cause in Causes.all { try await one(cause, in: healthy) }
        for causes in Self.triples(12, seed: 5) { try await three(causes, in: healthy) }
        try await twelveThousand(in: healthy)
    }

    /// One cause: the first incident names it, with all that it struck and nobody else, and the change before it.
    private func one(_ cause: any Cause, in healthy: HealthyBase) async throws {
        let outcome = try await healthy.play([cause])
        print(outcome.text)
        let first = try #require(outcome.incidents.first, "\(cause.name)")
        #expect(Self.name(first) == Self.name(cause), "\(cause.name)")
        #expect(first.struck == outcome.counts[cause.name], "\(cause.name)")
        #expect(first.population == outcome.populations[cause.name], "\(cause.name)")
        #expect(first.struckOutside == 0, "\(cause.name)")
        let changes = first.changes.map { "\($0.operation) \($0.enrollment ?? "")" }
        #expect(changes == (cause.change.map { ["\($0.operation) \($0.enrollment)"] } ?? []), "\(cause.name)")
        #expect(outcome.incidents.count == 1, "\(cause.name)")
    }

    /// Three causes: the first three incidents are theirs, and count each struck device once.
    private func three(_ causes: [any Cause], in healthy: HealthyBase) async throws {
        let outcome = try await healthy.play(causes)
        print(outcome.text)
        let top = outcome.incidents.prefix(3)
        #expect(Set(top.map(Self.name)) == Set(causes.map { Self.name($0) }))
        // A device with the values of two causes of one kind is told with the clearer one.
        #expect(top.map(\.struck).reduce(0, +) == outcome.counts.values.reduce(0, +))
        #expect(outcome.incidents.count == 3)
        for cause in causes {
            let own = top.first { Self.name($0) == Self.name(cause) }
            #expect(own?.population ?? 0 <= outcome.populations[cause.name] ?? 0)
            #expect(own?.changes.map { $0.enrollment ?? "" } ?? [] == (cause.change.map { [$0.enrollment] } ?? []))
        }
    }

    /// One cause and as many findings as devices: one incident, and each finding is still there.
    private func twelveThousand(in healthy: HealthyBase) async throws {
        let cause = GroupKeyRegenerated(group: "meters-west", devices: 12_000)
        let outcome = try await healthy.play([cause])
        print(outcome.text)
        #expect(outcome.counts[cause.name] == 12_000)
        #expect(outcome.findings.count { $0.rule == "key-derivation-failure" } == 12_000)
        #expect(outcome.findings.count { $0.rule == "group-key-failure" } == 1)
        #expect(outcome.findings.count == 12_001)
        #expect(outcome.incidents.map(Self.name) == [Self.name(cause)])
        #expect(outcome.incidents.first?.findings.count == 12_001)
        #expect(outcome.incidents.first?.struck == 12_000)
        #expect(Set(outcome.findings.map(\.incident)) == [outcome.incidents.first?.id])
    }

    private static func name(_ incident: Incident) -> String { "\(incident.attribute)=\(incident.value)" }
    private static func name(_ cause: any Cause) -> String { "\(cause.attribute)=\(cause.value)" }

    /// Threes of causes, drawn so that each occurs.
    private static func triples(_ count: Int, seed: UInt64) -> [[any Cause]] {
        var random = SplitMix64(seed: seed)
        var triples: [[any Cause]] = []
        var left: [any Cause] = []
        while triples.count < count {
            if left.count < 3 { left = Causes.all.shuffled(using: &random) }
            triples.append(Array(left.prefix(3)))
            left.removeFirst(3)
        }
        return triples
    }
}
