import TestSupport
import Testing

@testable import Findings

@Suite struct EnrollmentHubNotLinkedTests {
    private let rule = "enrollment-hub-not-linked"

    private func named(_ hubs: String...) -> String {
        #""iotHubs":[\#(hubs.map { "\"\($0).azure-devices.net\"" }.joined(separator: ","))]"#
    }

    @Test func tellsHubsThatAreNotLinked() async throws {
        var registry = RegistryText()
        registry.individuals = [
            Make.individual("none", Make.symmetric(), named("gone")),
            Make.individual("some", Make.symmetric(), named("gone", "hub-a")),
            Make.individual("good", Make.symmetric(), named("HUB-A")),
            Make.individual("any", Make.symmetric()),
            Make.individual("off", Make.symmetric(), named("gone") + #","provisioningStatus":"disabled""#),
        ]
        registry.groups = [Make.group("g", Make.symmetric(), named("gone"))]
        let audited = try await Audited(registry)
        #expect(audited.told(rule) == ["g high no-hub-left", "none high no-hub-left", "some medium some"])
    }

    @Test func anExportWithoutHubsSaysNothing() async throws {
        var registry = RegistryText()
        registry.hubs = []
        registry.individuals = [Make.individual("none", Make.symmetric(), named("gone"))]
        #expect(try await Audited(registry).told(rule) == [])
    }
}
