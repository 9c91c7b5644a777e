import Testing

@testable import AzureLogs

/// Errors that are told by words alone.
@Suite struct MessageCodesTests {
    private static let path = "/SUBSCRIPTIONS/S/RESOURCEGROUPS/R/PROVIDERS/MICROSOFT.DEVICES"

    private static func hub(_ description: String, level: String = "Error", type: String? = nil) -> ReadRecord {
        let result = type.map { #""resultType":"\#($0)","# } ?? ""
        return ReadRecord(
            #"{"time":"2022-04-02T00:05:51Z","resourceId":"\#(path)/IOTHUBS/H","category":"Connections","operationName":"deviceConnect","level":"\#(level)",\#(result)"resultDescription":"\#(description)","properties":"{\"deviceId\":\"d\"}"}"#
        )
    }

    private static func dps(_ description: String, signature: String = "", type: String = "Failure") -> ReadRecord {
        ReadRecord(
            #"{"time":"2022-04-02T00:05:51Z","resourceId":"\#(path)/PROVISIONINGSERVICES/D","category":"DeviceOperations","operationName":"AttestationAttempt","resultType":"\#(type)","resultSignature":"\#(signature)","resultDescription":"\#(description)","properties":{"id":"d"}}"#
        )
    }

    @Test(arguments: HubErrorCatalogue.all)
    func aNameThatAHubWritesIsItsCode(_ entry: HubErrorCatalogue.Entry) {
        let name = HubErrorCatalogue.entry(Self.hub(entry.name).context.code ?? 0)?.name
        #expect(name == entry.name)
        #expect(Self.hub(entry.name.lowercased()).context.code != nil)
    }

    @Test(arguments: [
        ("Enrollment not found", 404), ("The registration does not exist.", 404), ("Unauthorized", 401),
        ("Too Many Requests", 429), ("precondition failed", 412),
    ])
    func wordsOfDPSMeanAStatus(_ text: String, _ code: Int) { #expect(Self.dps(text).context.code == code) }

    @Test(arguments: [
        "The request was unauthorized for a reason", "not found by the webhook", "IotHubUnauthorized", "",
    ])
    func otherWordsOfDPSMeanNone(_ text: String) { #expect(Self.dps(text).context.code == nil) }

    @Test func aNumberGoesBeforeWords() {
        #expect(Self.dps("Unauthorized", signature: "403").context.code == 403)
        #expect(Self.hub("IotHubUnauthorized", type: "401002").context.code == 401_002)
    }

    @Test(arguments: ["401003", " 401003 ", "401003.0", "401003: IotHubUnauthorized", "401003 IotHubUnauthorized"])
    func aNumberIsReadHoweverItIsWritten(_ type: String) {
        #expect(Self.hub("", type: type).context.code == 401_003)
    }

    @Test(arguments: ["", "null", "NaN", "0.0", "200.0", "Success"]) func aSuccessIsNoFailure(_ type: String) {
        #expect(Self.hub("", level: "Information", type: type).context.outcome == .connected)
    }

    @Test func wordsMakeNoFailureOfASuccess() {
        let quiet = Self.hub("DeviceNotOnline", level: "Information")
        #expect(quiet.context.code == nil)
        #expect(quiet.context.outcome == .connected)
        #expect(Self.dps("Not found", type: "Success").context.outcome == .accepted)
    }
}
