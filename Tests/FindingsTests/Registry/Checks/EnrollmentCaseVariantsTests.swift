import Attestation
import TestSupport
import Testing

@testable import Findings

@Suite struct EnrollmentCaseVariantsTests {
    private let rule = "enrollment-case-variants"

    @Test func tellsSpellingsOfOneId() async throws {
        var registry = RegistryText()
        registry.individuals = [
            Make.individual("Dev-1", Make.symmetric()), Make.individual("dev-1", Make.symmetric()),
            Make.individual("dev-2", Make.symmetric()), Make.individual("dev-20", Make.symmetric()),
        ]
        registry.groups = [Make.group("dev-2", Make.symmetric()), Make.group("DEV-2", Make.symmetric())]
        let audited = try await Audited(registry)
        #expect(audited.told(rule) == ["DEV-2 low group", "Dev-1 low individual"])
        #expect(audited.of(rule).last?.summary.contains("dev-1") == true)
    }

    @Test func anIndividualAndAGroupOfOneNameAreQuiet() async throws {
        var registry = RegistryText()
        registry.individuals = [Make.individual("x", Make.symmetric())]
        registry.groups = [Make.group("X", Make.symmetric())]
        #expect(try await Audited(registry).told(rule) == [])
    }

    @Test func theVerifierStillRefusesToGuess() throws {
        var registry = RegistryText()
        registry.individuals = [
            Make.individual("Dev-1", Make.symmetric()), Make.individual("dev-1", Make.symmetric()),
        ]
        #expect(throws: ImportFault.self) { try Registry.read(utf8: registry.json.utf8) }
    }
}
