import TestSupport
import Testing

@testable import Findings

@Suite struct RegistryTraitsTests {
    /// Twenty devices, of which those of one issuer are refused: three attempts each.
    private func fleet(_ struck: ClosedRange<Int>) -> [String] {
        (1...20).flatMap { number -> [String] in
            // Names without a row, so that no batch explains it.
            let id = "\(["a", "b", "c", "d"][number % 4])\(number * 7919 % 1000)x"
            if struck.contains(number) {
                return (0..<3).map {
                    LogLines.registration(
                        number * 30 + $0 * 600,
                        id,
                        hub: nil,
                        status: "failed",
                        code: 401_002,
                        attestation: "x509"
                    )
                }
            }
            return [LogLines.registration(number * 30, id, attestation: "x509"), LogLines.connect(number * 30 + 5, id)]
        }
    }

    @Test func incidentsAreSetApartByTheIssuerOfCertificates() async throws {
        var registry = RegistryText()
        registry.individuals = (1...20).map { number in
            let id = "\(["a", "b", "c", "d"][number % 4])\(number * 7919 % 1000)x"
            let issuer = number <= 10 ? "factory-1" : "factory-2"
            return Make.individual(
                id,
                Make.client(HandMadeCertificate(id, by: issuer, serial: UInt8(number)))
            )
        }
        let audited = try await Audited(registry, fleet(1...10))
        let incident = try #require(audited.result.incidents.first { $0.rules.contains("certificate-rejected") })
        #expect(incident.attribute == "certificate-issuer")
        #expect(incident.value == "CN=factory-1")
        #expect(incident.struck == 10 && incident.population == 10)
        #expect(incident.struckOutside == 0 && incident.populationOutside == 10)
    }

    @Test func enrolledDevicesThatNoLogNamesAreNoPartOfTheActiveFleet() async throws {
        var registry = RegistryText()
        registry.individuals = (1...30).map { number in
            Make.individual(
                "store-\(number)y",
                Make.client(
                    HandMadeCertificate("s", by: "old", until: "20261121000000Z", serial: UInt8(number))
                )
            )
        }
        let audited = try await Audited(registry, fleet(1...10))
        // Nothing sets the struck apart from the devices that logs name, so they are no incident; were the enrolled
        // ones part of the fleet, being logged would.
        #expect(audited.result.findings.count { $0.rule == "certificate-rejected" } == 10)
        #expect(!audited.result.incidents.contains { $0.rules.contains("certificate-rejected") })
        #expect(audited.result.findings.count { $0.rule == "certificate-expiring" } == 30)
    }

    @Test func theKeyOfALinkedHubIsNamedByHubAndPolicy() async throws {
        var registry = RegistryText()
        let secret = Make.key(32)
        registry.hubs = [
            #"{"connectionString":"HostName=hub-a.azure-devices.net;SharedAccessKeyName=dps-link;SharedAccessKey=\#(secret)"}"#,
            #"{"name":"hub-b.azure-devices.net"}"#,
        ]
        let unauthorized = #"ErrorCode:IotHubUnauthorizedAccess;Unauthorized"#
        let lines = (1...20).flatMap { number -> [String] in
            let id = "\(["a", "b", "c", "d"][number % 4])\(number * 7919 % 1000)x"
            registry.registrations.append(
                #"{"registrationId":"\#(id)","assignedHub":"\#(number <= 10 ? "hub-a" : "hub-b").azure-devices.net","status":"assigned","lastUpdatedDateTimeUtc":"2026-11-01T00:00:00Z"}"#
            )
            guard number <= 10 else { return [LogLines.registration(number * 30, id)] }
            return (0..<3).map {
                LogLines.registration(number * 30 + $0 * 600, id, hub: nil, status: "failed", code: 401_002)
            }
        }
        _ = unauthorized
        let audited = try await Audited(registry, lines)
        #expect(audited.result.findings.count { $0.rule == "key-derivation-failure" } == 10)
        #expect(!"\(audited.result)".contains(secret))
        // Only hub-a's key is known, and all that have it are struck: a value that nobody lacks sets nothing apart.
        #expect(!audited.result.incidents.contains { $0.attribute == "linked-hub-key" })
        registry.hubs[1] =
            #"{"connectionString":"HostName=hub-b.azure-devices.net;SharedAccessKeyName=other;SharedAccessKey=****"}"#
        let both = try await Audited(registry, lines)
        let named = try #require(both.result.incidents.first { $0.rules.contains("key-derivation-failure") })
        #expect(named.attribute == "linked-hub-key")
        #expect(named.value == "hub-a/dps-link")
        #expect(!"\(both.result)".contains(secret))
    }
}
