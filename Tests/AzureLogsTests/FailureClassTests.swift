import Testing

@testable import AzureLogs

@Suite struct FailureClassTests {
    private static let registrations: [(Int, String, String, FailureClass)] = [
        (401_002, "", "symmetricKey", .credential), (401, "Unauthorized", "", .credential),
        (401_000, "Invalid certificate.", "", .certificate), (401_002, "", "x509", .certificate),
        (401_002, "Unauthorized", "tpm", .attestation), (401_001, "", "symmetricKey", .hubNotFound),
        (401_000, "ErrorCode:IotHubUnauthorizedAccess", "x509", .hubCredential),
        (400_004, "", "tpm", .endorsementKey), (401, "The Endorsement Key does not match", "", .endorsementKey),
        (400_207, "", "x509", .allocation), (404, "Custom allocation failed with status code: 404", "", .allocation),
        (404_201, "", "", .notFound), (404, "", "x509", .notFound), (500, "", "", .server), (503_001, "", "", .server),
        (400, "", "", .other), (0, "", "", .other),
    ]

    @Test(arguments: registrations)
    func whatDPSRefusedHasItsClass(_ code: Int, _ text: String, _ attestation: String, _ expected: FailureClass) {
        let failure = FailureClass.of(
            .registration,
            outcome: .failed,
            code: code,
            texts: ["", text],
            attestation: attestation
        )
        #expect(failure == expected)
    }

    private static let contacts: [(Int, String, FailureClass)] = [
        (401_003, "IotHubUnauthorized", .credential), (401_003, "The thumbprint does not match", .thumbprint),
        (401_003, "The hub does not contain the specified device", .notFound), (404_001, "", .notFound),
        (403_012, "does not contain the specified device", .disabled), (401_001, "", .failover),
        (404_012, "", .failover), (403_002, "", .quota), (429_001, "", .throttled), (404_104, "", .connectionLost),
        (400_027, "", .takeover), (409_002, "", .takeover), (400_029, "", .serviceUpgrade),
        (400_030, "", .serviceUpgrade), (401, "", .credential), (403, "", .generalRefusal),
        (403_000, "", .generalRefusal), (404, "", .notFound), (404_000, "", .generalRefusal), (404_002, "", .other),
        (500_001, "", .server),
        (403_001, "", .other),
    ]

    @Test(arguments: contacts)
    func whatAHubRefusedHasItsClass(_ code: Int, _ text: String, _ expected: FailureClass) {
        for outcome in [EventOutcome.refused, .dropped] {
            #expect(
                FailureClass.of(.connect, outcome: outcome, code: code, texts: [text], attestation: "") == expected
            )
        }
    }

    @Test(arguments: [.assigned, .accepted, .assigning, .connected, .closed, .succeeded] as [EventOutcome])
    func whatDidNotFailHasNone(_ outcome: EventOutcome) {
        #expect(FailureClass.of(.registration, outcome: outcome, code: 401_002, texts: ["x"], attestation: "") == nil)
    }

    @Test func whatExportsTellOfTheAttestationDecides() {
        #expect(FailureClass.credential.attested(by: "x509") == .certificate)
        #expect(FailureClass.certificate.attested(by: "symmetricKey") == .credential)
        #expect(FailureClass.credential.attested(by: "") == .credential)
        #expect(FailureClass.throttled.attested(by: "x509") == .throttled)
    }
}
