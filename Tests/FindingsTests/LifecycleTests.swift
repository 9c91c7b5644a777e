import EventStore
import GRDB
import TestSupport
import Testing

@testable import Findings

@Suite struct LifecycleTests {
    private static let finding = Sample.finding()

    private static func judge(
        before: FindingState?,
        isFound: Bool,
        isObserved: Bool = true,
        isSuppressed: Bool = false
    ) -> [TrackedFinding] {
        let previous = before.map {
            [finding.id: TrackedFinding(finding, $0, isSuppressed: false, since: "2026-01-01")]
        }
        return Lifecycle.judge(
            previous: previous ?? [:],
            current: isFound ? [finding] : [],
            night: "2026-01-05",
            observation: { _ in isObserved ? .over("seen") : .unknown("missing") },
            isSuppressed: { _ in isSuppressed }
        )
    }

    @Test(
        arguments: [
            (nil, true, true, .new), (.new, true, true, .ongoing), (.ongoing, true, true, .ongoing),
            (.reopened, true, false, .ongoing), (.unobserved, true, true, .ongoing),
            (.resolved, true, true, .reopened), (.new, false, true, .resolved), (.ongoing, false, true, .resolved),
            (.reopened, false, true, .resolved), (.unobserved, false, true, .resolved),
            (.new, false, false, .unobserved), (.ongoing, false, false, .unobserved),
            (.unobserved, false, false, .unobserved), (.resolved, false, true, nil), (nil, false, true, nil),
        ] as [(FindingState?, Bool, Bool, FindingState?)]
    )
    func eachStateFollowsFromTheOneBefore(
        _ before: FindingState?,
        _ isFound: Bool,
        _ isObserved: Bool,
        _ after: FindingState?
    ) {
        let told = Self.judge(before: before, isFound: isFound, isObserved: isObserved)
        #expect(told.first?.state == after)
        #expect(told.count == (after == nil ? 0 : 1))
    }

    @Test(arguments: [true, false], [nil, .new, .ongoing, .reopened, .unobserved, .resolved] as [FindingState?])
    func aSilentNightChangesNothingButToUnobserved(_ isFound: Bool, _ before: FindingState?) {
        let previous = before.map {
            [Self.finding.id: TrackedFinding(Self.finding, $0, isSuppressed: false, since: "2026-01-01")]
        }
        let told = Lifecycle.judge(
            previous: previous ?? [:],
            current: isFound ? [Self.finding] : [],
            night: "2026-01-05",
            isSilent: true,
            observation: { _ in .over("seen") },
            isSuppressed: { _ in false }
        )
        #expect(told.map(\.state) == (before.map { $0 == .resolved ? [] : [.unobserved] } ?? []))
    }

    @Test func aFindingKeepsTheNightInWhichItBegan() {
        #expect(Self.judge(before: .ongoing, isFound: true).first?.since == "2026-01-01")
        #expect(Self.judge(before: .resolved, isFound: true).first?.since == "2026-01-05")
        #expect(Self.judge(before: nil, isFound: true).first?.since == "2026-01-05")
    }

    @Test func aSuppressedFindingIsShownAsSuchAndKeepsItsState() {
        let told = Self.judge(before: .ongoing, isFound: true, isSuppressed: true).first
        #expect(told?.finding.status == "suppressed")
        #expect(told?.state == .ongoing)
    }

    @Test(
        arguments: [
            (nil, "new", "appeared"), ("new", "ongoing", nil), ("ongoing", "ongoing", nil),
            ("reopened", "ongoing", nil), ("ongoing", "resolved", "resolved"), ("ongoing", nil, "resolved"),
            ("resolved", nil, nil), ("resolved", "reopened", "reopened"), ("ongoing", "unobserved", "unobserved"),
            ("unobserved", "ongoing", "changed"), ("suppressed", "ongoing", "changed"),
            ("ongoing", "suppressed", "suppressed"), (nil, "ongoing", "appeared"),
        ] as [(String?, String?, String?)]
    )
    func theStepBetweenTwoNightsHasAName(_ before: String?, _ after: String?, _ kind: String?) {
        func night(_ status: String?) -> [String: TrackedFinding] {
            guard let status else { return [:] }
            let state = FindingState(rawValue: status) ?? .ongoing
            let tracked = TrackedFinding(Self.finding, state, isSuppressed: status == "suppressed", since: "")
            return [Self.finding.id: tracked]
        }
        let changes = FindingChange.between(night(before), night(after))
        #expect(changes.map(\.kind) == (kind.map { [$0] } ?? []))
        #expect(changes.first?.before == (kind == nil ? nil : before))
    }

    /// What is not said for a record that could not be read is not over.
    @Test func aWithheldFindingIsNotResolved() async throws {
        let folder = try TestFolder()
        let lines = stride(from: 0, to: 36_000, by: 600).map { LogLines.connect($0, "dev-1") }
        let database = try LogDatabase.inMemory()
        _ = try await Importer.run([folder.write(lines.joined(separator: "\n"), to: "x")], into: database)
        let rules = try RuleSet.builtIn()
        _ = try Analysis.refresh(database, rules: rules)
        let start = 1_795_161_600_000_000 as Int64
        var told = Sample.finding("hub-credential-rejected", "dev-1", lastSeen: start + 60_000_000)
        told.hub = "hub-a"
        let finding = told
        let window = AnalysisWindow(from: start, to: start + 36_000_000_000)
        let before = try await database.access.read { try ObservationCheck(window, rules, $0).observe(finding) }
        guard case .over = before else {
            Issue.record("\(before)")
            return
        }
        try await database.access.write {
            try WithheldRows.replace(
                with: [WithheldFinding(rule: finding.rule, subject: finding.subject, place: "x:7")],
                $0
            )
        }
        let after = try await database.access.read { try ObservationCheck(window, rules, $0).observe(finding) }
        guard case .unknown(let why) = after else {
            Issue.record("\(after)")
            return
        }
        #expect(why.contains("x:7"))
    }
}
