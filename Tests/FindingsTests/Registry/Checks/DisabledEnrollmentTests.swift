import TestSupport
import Testing

@testable import Findings

@Suite struct DisabledEnrollmentTests {
    @Test func tellsWhatIsSwitchedOffAndNothingElse() async throws {
        var registry = RegistryText()
        let off = #""provisioningStatus":"disabled","lastUpdatedDateTimeUtc":"2026-10-01T00:00:00Z""#
        registry.individuals = [
            Make.individual("off", Make.symmetric(), off), Make.individual("on", Make.symmetric()),
            Make.individual("said", Make.symmetric(), #""provisioningStatus":"enabled""#),
        ]
        registry.groups = [Make.group("g", Make.symmetric(), #""provisioningStatus":"Disabled""#)]
        let audited = try await Audited(registry)
        #expect(
            audited.told("disabled-enrollment") == ["g informational disabled", "off informational disabled"]
        )
        #expect(
            audited.of("disabled-enrollment").contains { $0.summary.hasSuffix("last changed 2026-10-01T00:00:00Z") }
        )
    }

    @Test func groupsOfOneNameInTwoInstancesAreTwoFindings() async throws {
        var one = RegistryText()
        one.groups = [Make.group("g", Make.symmetric(), #""provisioningStatus":"disabled""#)]
        var two = one
        two.name = "dps-2"
        two.scope = "0ne00222222"
        let audited = try await Audited([one, two, one])
        let found = audited.of("disabled-enrollment")
        #expect(found.compactMap(\.dps).sorted() == ["dps-1", "dps-2"])
        #expect(Set(found.map(\.id)).count == 2)
    }
}
