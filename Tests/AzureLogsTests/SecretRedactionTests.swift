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
}
