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
}
