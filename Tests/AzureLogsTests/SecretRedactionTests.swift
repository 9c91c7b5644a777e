import FleetSimulator
import Testing

@testable import AzureLogs

@Suite struct SecretRedactionTests {
    /// Made of a counter, so that no secret of anybody stands in the sources.
    private static let key =
        String((0..<86).map { Character(Unicode.Scalar(UInt8([65, 97, 48][$0 % 3] + $0 % 10))) }) + "=="

    @Test(arguments: [
        #"{"primaryKey":"KEY"}"#, "HostName=h;SharedAccessKey=KEY", "SharedAccessSignature sr=x&sig=KEY&se=1", "KEY",
        #"{\"symmetricKey\":{\"secondaryKey\":\"KEY\"}}"#,
    ])
    func keysDoNotSurvive(_ pattern: String) {
        let text = pattern.split(separator: "KEY", omittingEmptySubsequences: false).joined(separator: Self.key)
        let redacted = SecretRedaction.redact(text)
        #expect(!redacted.contains(Self.key.prefix(20)))
        #expect(redacted.contains(SecretRedaction.mark))
    }

    @Test func ordinaryTextStaysAsItIs() {
        let text =
            #"{"time":"2026-11-20T08:00:00Z","resourceId":"/SUBSCRIPTIONS/3F0E/IOTHUBS/HUB","deviceId":"press-1040"}"#
        #expect(SecretRedaction.redact(text) == text)
    }

    @Test func theQuickLookMissesNothingThatWouldBeRedacted() {
        var random = SplitMix64(seed: 11)
        let pieces = [
            "primaryKey", "secondarykey", "SharedAccessKey", "sharedaccesskeyname=", "authenticationKey",
            "symmetricKey",
            "sig=", "ConnectionString", "password", "\":\"", "\\\"", "=", "x", "Abc1xyz", Self.key, "aA1", "/", "-",
            " ", "é",
            String(Self.key.prefix(39)), String(Self.key.prefix(40)),
        ]
        var redacted = 0
        for _ in 0..<20_000 {
            let text = (0..<(1 + random.next() % 6)).map { _ in pieces[Int(random.next() % UInt64(pieces.count))] }
                .joined()
            guard SecretRedaction.redact(text) != text else { continue }
            redacted += 1
            let bytes = Array(text.utf8) + [UInt8](repeating: 0, count: 8)
            let found = SecretRedaction.mayHoldSecret(bytes.span.bytes, 0..<text.utf8.count)
            #expect(found, "\(text)")
        }
        #expect(redacted > 5000)
    }

    @Test func theAttestationTypeIsNoSecret() {
        let text = Array(#"{"attestationType":"symmetricKey","status":"x"}"#.utf8) + [UInt8](repeating: 0, count: 8)
        let found = SecretRedaction.mayHoldSecret(text.span.bytes, 0..<text.count - 8)
        #expect(!found)
    }
}
