import Attestation
import Testing

@Suite struct AttestationRequestTests {
    private static let whole =
        #"{"transport": "MQTT", "idScope": "0ne00111111", "registrationId": "d1", "apiVersion": "2019-03-31", "authorization": "x", "clientCertificateChain": ["PEM"], "tpm": {"endorsementKey": "a"}, "payload": {"n": 1}, "receivedAt": "2026-01-31T12:00:00Z", "csr": "b"}"#

    @Test func readsTheDocumentOfTheContract() throws {
        let request = try AttestationRequest(try JSONValue(utf8: Self.whole.utf8))
        #expect(request.transport == .mqtt)
        #expect(
            request.idScope == "0ne00111111" && request.registrationID == "d1" && request.apiVersion == "2019-03-31"
        )
        #expect(request.clientCertificateChain == ["PEM"])
        #expect(request.tpm == .init(endorsementKey: "a", storageRootKey: nil))
        #expect(request.payload == ["n": 1])
        #expect(request.receivedAt == UnixTime(rfc3339: "2026-01-31T12:00:00Z"))
        #expect(request.asksForCertificate)
    }

    @Test(arguments: [
        ("[]", "request"), (#"{"registrationId": "d"}"#, "idScope"), (#"{"idScope": "s"}"#, "registrationId"),
        (#"{"transport": "coap", "idScope": "s", "registrationId": "d"}"#, "transport"),
        (#"{"idScope": "s", "registrationId": "d", "receivedAt": "noon"}"#, "receivedAt"),
        (#"{"idScope": "s", "registrationId": "d", "clientCertificateChain": [1]}"#, "clientCertificateChain[0]"),
        (#"{"idScope": "s", "registrationId": "d", "clientCertificateChain": 5}"#, "clientCertificateChain"),
    ])
    func saysWhereItIsWrong(text: String, place: String) throws {
        let document = try JSONValue(utf8: text.utf8)
        let fault = try #require(throws: ImportFault.self) { try AttestationRequest(document) }
        #expect(fault.place == place)
    }

    @Test func survivesTwoThousandDamagedDocuments() {
        var random = SeededRandom(seed: 81)
        var read = 0
        for _ in 0..<2_000 {
            var bytes = Array(Self.whole.utf8)
            bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: .min ... .max, using: &random)
            if let document = try? JSONValue(utf8: bytes), (try? AttestationRequest(document)) != nil { read += 1 }
        }
        #expect(read > 200 && read < 2_000)
    }

    @Test func deepNestingIsAFaultAndNoCrash() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(throws: JSONValue.Fault.self) { try JSONValue(utf8: deep.utf8) }
        let closed = String(repeating: "[", count: 5_000) + String(repeating: "]", count: 5_000)
        #expect(throws: JSONValue.Fault.self) { try JSONValue(utf8: closed.utf8) }
    }
}
