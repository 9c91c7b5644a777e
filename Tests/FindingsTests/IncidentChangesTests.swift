import EventStore
import FleetSimulator
import Testing

@testable import Findings

/// Which changes an incident names: those of what was struck, before the first failure.
@Suite struct IncidentChangesTests {
    private static let hour: Int64 = 3_600_000_000
    private static let onset: Int64 = 1_772_445_600_000_000

    @Test(arguments: [
        ("Upsert", true), ("Delete", true), ("UpdateEnrollmentGroup", true), ("RegeneratePrimaryKey", true),
        ("enrollmentGroups/delete", true), ("bulkOperation", true), ("Create Or Update", true), ("Get", false),
        ("Query", false), ("GetAttestationMechanism", false), ("list", false), ("queryAndUpdate", false),
        ("QueryEnrollmentGroups", false), ("AttestationAttempt", false), ("", false), ("Upserted", false),
        ("DELETE", true), ("recreated", false), ("creation", true),
    ])
    func anOperationChangesSomethingByTheWordsOfItsName(_ operation: String, _ changes: Bool) {
        #expect(Self.change(0, operation).changesSomething == changes)
    }

    private static func change(
        _ hours: Int64,
        _ operation: String = "Upsert",
        _ enrollment: String? = "line-7",
        dps: String? = "dps-1"
    ) -> Incident.Change {
        Incident.Change(
            time: onset + hours * hour,
            operation: operation,
            enrollment: enrollment,
            dps: dps,
            evidence: "a.json:\(hours + 1000)"
        )
    }

    /// A cause of as many findings as there are ids, each with the group at its place.
    private struct Cause {
        var groups: [String?] = ["line-7", "line-7", "line-7"]
        var value = "line-7"
        var ids = ["press-1", "press-2", "press-3"]
        var anchor: Int64?

        var findings: BriefFindings {
            BriefFindings(
                zip(ids, groups).enumerated().map { index, item in
                    Finding(
                        id: String(index),
                        rule: "key-derivation-failure",
                        severity: .high,
                        confidence: "certain",
                        subjectKind: "device",
                        subject: item.0,
                        registrationId: item.0,
                        enrollmentGroup: item.1,
                        dps: "dps-1",
                        firstSeen: onset + Int64(index) * 1_000_000,
                        occurrences: 3,
                        reason: "",
                        summary: "",
                        fix: "",
                        evidence: []
                    )
                }
            )
        }

        var draft: IncidentBuilder.Draft {
            IncidentBuilder.Draft(
                family: "keys",
                separation: Separation(
                    attribute: "enrollment-group",
                    value: value,
                    struck: 3,
                    population: 3,
                    struckOutside: 0,
                    populationOutside: 9
                ),
                devices: [0, 1, 2],
                findings: ids.indices.map { Int32($0) },
                among: findings,
                anchor: anchor.map { IncidentAnchor(side: "dps", whom: "device/press-0", time: $0) }
            )
        }
    }

    private static func told(_ cause: Cause, _ changes: [Incident.Change]) -> [Int64] {
        cause.draft.changes(among: ChangeIndex(changes), cause.findings).map { ($0.time - onset) / hour }
    }

    @Test func aChangeOfTheStruckGroupInTheWeekBeforeIsNamed() {
        let all = [-200, -168, -3, 0, 1].map { Self.change($0) }
        #expect(Self.told(Cause(), all) == [0, -3, -168])
    }

    @Test func ofAnotherEnrollmentOrInstanceNothingIsSaid() {
        #expect(Self.told(Cause(), [Self.change(-1, "Upsert", "line-8")]) == [])
        #expect(Self.told(Cause(), [Self.change(-1, dps: "dps-2")]) == [])
        // Where no instance was logged the enrollment's name is enough.
        #expect(Self.told(Cause(), [Self.change(-1, dps: nil)]) == [-1])
    }

    @Test func aDevicesOwnEnrollmentIsOneWhateverItsCase() {
        let cause = Cause(groups: [nil, nil, nil], value: "press-1..3")
        #expect(Self.told(cause, [Self.change(-2, "Upsert", "PRESS-2")]) == [-2])
    }

    @Test func aGroupOfFewOfTheStruckIsNotMeant() {
        let few = Cause(groups: ["line-7", nil, nil], value: "press-1..3")
        #expect(Self.told(few, [Self.change(-2)]) == [])
        let most = Cause(groups: ["line-7", "line-7", nil], value: "press-1..3")
        #expect(Self.told(most, [Self.change(-2)]) == [-2])
    }

    @Test func aChangeOfTheWholeInstanceCountsForADayAndOnlyWhereNoneIsNearer() {
        let wide = [-25, -24, -1].map { Self.change($0, "Update", nil) }
        #expect(Self.told(Cause(), wide) == [-1, -24])
        #expect(Self.told(Cause(), wide + [Self.change(-100)]) == [-100])
        #expect(Self.told(Cause(), [Self.change(-1, "Update", nil, dps: "dps-2")]) == [])
    }

    /// A mend that comes after the first device failed is no cause, also where that device came through by it.
    @Test func whatCameBehindTheFirstFailureEverIsNoCause() {
        let mend = Self.change(-2)
        #expect(Self.told(Cause(), [mend]) == [-2])
        #expect(Self.told(Cause(anchor: Self.onset - 3 * Self.hour), [mend]) == [])
    }

    @Test func theLatestFiveAreShown() {
        let all = (-9...(-1)).map { Self.change(Int64($0)) }
        #expect(Self.told(Cause(), all) == [-1, -2, -3, -4, -5])
    }

    /// The index gives what a look at every change gives.
    @Test(arguments: 0..<50)
    func theIndexFindsWhatALookAtEachFinds(_ seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let all = (0..<60).map { _ in
            Self.change(
                Int64(random.next() % 20),
                "Upsert",
                random.next() % 3 == 0 ? nil : ["line-7", "LINE-7", "press-1"][Int(random.next() % 3)],
                dps: ["dps-1", "dps-2", nil][Int(random.next() % 3)]
            )
        }
        let index = ChangeIndex(all)
        for from in Int64(-1)...20 {
            let (from, to) = (Self.onset + from * Self.hour, Self.onset + (from + Int64(random.next() % 9)) * Self.hour)
            let range = index.range(from: from, to: to)
            let near = all.filter { from <= $0.time && $0.time <= to }
            func isSame(_ places: some Sequence<Int>, _ looked: [Incident.Change]) -> Bool {
                Dictionary(grouping: places.map { index.changes[$0] }) { $0 }.mapValues(\.count)
                    == Dictionary(grouping: looked) { $0 }.mapValues(\.count)
            }
            #expect(isSame(range, near))
            #expect(isSame(index.named("LINE-7", range), near.filter { $0.enrollment == "LINE-7" }))
            #expect(isSame(index.ofId("line-7", range), near.filter { $0.enrollment?.lowercased() == "line-7" }))
            let late = from + 2 * Self.hour
            #expect(
                isSame(
                    index.wide("dps-2", from: late, range),
                    near.filter { $0.enrollment == nil && $0.dps == "dps-2" && $0.time >= late }
                )
            )
        }
    }
}
