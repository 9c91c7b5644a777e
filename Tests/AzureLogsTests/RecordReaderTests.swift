import Testing

@testable import AzureLogs

/// The shapes of records that real services and their documentation show, with ids of our own.
@Suite struct RecordReaderTests {
    static let hub = "/SUBSCRIPTIONS/AA/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.DEVICES/IOTHUBS/HUB-7"

    @Test func aHubConnectOf2019HasNeitherSDKNorMessage() {
        let read = ReadRecord(
            #"{"time":"2019-04-07T00:00:26Z","resourceId":"\#(Self.hub)","operationName":"deviceConnect","category":"Connections","level":"Information","properties":"{\"deviceId\":\"90210\",\"protocol\":\"Mqtt\",\"authType\":null,\"maskedIpAddress\":\"192.0.2.XXX\",\"statusCode\":null}","location":"koreacentral"}"#
        )
        #expect(read.isEvent)
        #expect(read.context.kind == .connect)
        #expect(read.context.outcome == .connected)
        #expect(read.context.instance == "hub-7")
        #expect(read.identity == "90210")
        #expect(read.network == "192.0.2.XXX")
        #expect(!read.reader.draft.hasOwnIdentity)
    }

    @Test func aLostConnectionCarriesItsCode() {
        let read = ReadRecord(
            #"{"time":"2023-09-21T22:33:34Z","resourceId":"\#(Self.hub)","operationName":"deviceDisconnect","category":"Connections","level":"Error","resultType":"404104","resultDescription":"DeviceConnectionClosedRemotely","properties":"{\"deviceId\":\"s-1\",\"protocol\":\"Mqtt\",\"authType\":null,\"maskedIpAddress\":\"192.0.2.XXX\",\"statusCode\":\"404\",\"errorMessage\":\"see https://aka.ms/iothub404104\"}"}"#
        )
        #expect(read.context.kind == .disconnect)
        #expect(read.context.outcome == .dropped)
        #expect(read.context.code == 404_104)
    }

    @Test func propertiesMayBeAnObject() {
        let read = ReadRecord(
            #"{"time":"2018-12-17T18:11:25Z","resourceId":"\#(Self.hub)","operationName":"deviceConnect","category":"Connections","level":"Information","properties":{"deviceId":"d-9","protocol":"Mqtt","authType":null,"statusCode":null},"location":"westus"}"#
        )
        #expect(read.identity == "d-9")
        #expect(read.context.outcome == .connected)
    }

    @Test func theFlatRecordOf2016HasEverythingAtTheTop() {
        let read = ReadRecord(
            #"{"protocol":"Amqp","authType":"{ \"scope\": \"device\", \"type\": \"sas\", \"issuer\": \"iothub\" }","time":"2016-11-07T22:10:28.5889858Z","operationName":"deviceConnect","category":"Connections","level":"Information","deviceId":"Flat-1"}"#
        )
        #expect(read.identity == "Flat-1")
        #expect(read.context[.authType] == "sas")
        #expect(read.context[.authScope] == "device")
        #expect(read.context[.transport] == "Amqp")
        #expect(read.reader.draft.hasOwnIdentity)
        #expect(read.reader.draft.ticks % 10_000_000 == 5_889_858)
    }

    @Test func aReshapedRecordKeepsTheInnerDeviceIdAndItsOwnTime() {
        let read = ReadRecord(
            #"{"deviceId":"77-ih","event_time_vis":"2019-03-07T18:16:15Z","event_time":1551982575,"operationName":"deviceDisconnect","category":"Connections","level":"Information","properties":{"deviceId":"77","protocol":"Mqtt","statusCode":null}}"#
        )
        #expect(read.identity == "77")
        #expect(read.context.kind == .disconnect)
        #expect(read.context.outcome == .closed)
        #expect(read.context.instance == "")
    }

    @Test func anAttestationOfLogAnalyticsIsAccepted() {
        let read = ReadRecord(
            #"{"CallerIPAddress":"192.0.2.XXX","Category":"DeviceOperations","CorrelationId":"6f9619ff-8b86-d011-b42d-00c04fc964ff","DurationMs":"226","Level":"Information","OperationName":"AttestationAttempt","OperationVersion":"March2019","Resource":"DPS9","ResourceId":"/SUBSCRIPTIONS/A/RESOURCEGROUPS/B/PROVIDERS/MICROSOFT.DEVICES/PROVISIONINGSERVICES/DPS9","ResultDescription":"","ResultSignature":"","ResultType":"Success","SourceSystem":"Azure","TenantId":"t","TimeGenerated":"2022-04-02T00:05:51Z","Type":"AzureDiagnostics","_ResourceId":"/subscriptions/a/x/provisioningservices/other","location_s":"centralus","properties_s":"{\"id\":\"my-device-2\",\"type\":\"Registration\",\"protocol\":\"Mqtt\"}"}"#
        )
        #expect(read.context.kind == .registration)
        #expect(read.context.outcome == .accepted)
        #expect(read.context.instance == "dps9")
        #expect(read.context[.recordType] == "Registration")
        #expect(read.identity == "my-device-2")
        #expect(read.reader.draft.duration == 226)
        #expect(read.reader.draft.correlation == .guid(0x6F96_19FF_8B86_D011, 0xB42D_00C0_4FC9_64FF))
    }

    @Test func noneOfTheAzureCommandLineIsNothing() {
        let read = ReadRecord(
            #"{"TableName":"PrimaryResult","Category":"Connections","OperationName":"deviceConnect","Level":"Information","ResultType":"None","CorrelationId":"None","TimeGenerated":"2022-04-02T00:05:51Z","_ResourceId":"/x/iothubs/h1","properties_s":"{\"deviceId\":\"d\",\"statusCode\":null}"}"#
        )
        #expect(read.context.outcome == .connected)
        #expect(read.reader.draft.correlation == .none)
        #expect(read.context.instance == "h1")
    }

    /// Only the rows that the command line prints write null so.
    @Test(arguments: ["None", "null", "none"], [true, false])
    func anIdMayBeAnyText(_ id: String, _ isText: Bool) {
        let inner = isText ? #""{\"deviceId\":\"\#(id)\"}""# : #"{"deviceId":"\#(id)"}"#
        let read = ReadRecord(
            #"{"time":"2022-04-02T00:05:51Z","resourceId":"\#(Self.hub)","category":"Connections","operationName":"deviceConnect","properties":\#(inner)}"#
        )
        #expect(read.identity == id)
    }

    @Test func aRowOfTheAzureCommandLineHasNoIdThatIsNone() {
        let read = ReadRecord(
            #"{"TableName":"PrimaryResult","TimeGenerated":"2022-04-02T00:05:51Z","Category":"Connections","OperationName":"deviceConnect","deviceId_s":"None"}"#
        )
        #expect(read.isEvent)
        #expect(read.identity == "")
    }

    @Test(arguments: [
        "hub1", "Hub1.azure-devices.net", "HUB1.AZURE-DEVICES.NET.", "https://hub1.azure-devices.net:443/",
        "amqps://hub1.azure-devices.cn", "hub1.private.azure-devices.net", "hub1:8883",
    ])
    func aHubHasOneName(_ written: String) { #expect(EventContext.hubName(written) == "hub1") }

    @Test(arguments: [
        #"{"time":" UTC timestamp","resourceId":"r","operationName":"deviceConnect","category":"Connections","properties":"{\"deviceId\":\"x\"}"}"#,
        #"{"time":"UTC timestamp","operationName":"update","category":"D2CTwinOperations","level":"Error","properties":"{}"}"#,
    ])
    func templatesAreRejectedForTheirTime(_ text: String) {
        #expect(ReadRecord(text).reason == .badTime)
    }

    @Test func anErrorOfAnotherHubCategoryIsKeptAndItsInformationIgnored() {
        let error = ReadRecord(
            #"{"time":"2019-12-12T03:25:14Z","resourceId":"\#(Self.hub)","operationName":"endpointUnhealthy","category":"Routes","level":"Error","resultType":"403004","properties":"{\"deviceId\":null}"}"#
        )
        #expect(error.context.kind == .hubError)
        #expect(!error.context.isIgnored)
        let quiet = ReadRecord(
            #"{"time":"2019-12-12T03:25:14Z","resourceId":"\#(Self.hub)","operationName":"read","category":"TwinQueries","level":"Information","properties":"{}"}"#
        )
        #expect(quiet.context.isIgnored)
    }

    @Test(arguments: [
        (
            #"{"id":"1","topic":"/SUBSCRIPTIONS/S/RESOURCEGROUPS/R/PROVIDERS/MICROSOFT.DEVICES/IOTHUBS/GRIDHUB","eventType":"Microsoft.Devices.DeviceConnected","eventTime":"2018-07-03T23:20:11.6921933+00:00","data":{"hubName":"GRIDHUB","deviceId":"dev","moduleId":""}}"#,
            "connected"
        ),
        (
            #"{"id":"1","source":"/SUBSCRIPTIONS/S/RESOURCEGROUPS/R/PROVIDERS/MICROSOFT.DEVICES/IOTHUBS/GRIDHUB","type":"Microsoft.Devices.DeviceDisconnected","time":"2018-07-03T23:20:11Z","specversion":"1.0","data":{"hubName":"GRIDHUB","deviceId":"dev"}}"#,
            "closed"
        ),
        (
            #"{"event":{"module":"","properties":{"application":{"hubName":"gridhub","deviceId":"dev","opType":"deviceDisconnected","iothub-message-schema":"deviceConnectionStateNotification","operationTimestamp":"2022-06-01T18:43:04.5561024Z"}}}}"#,
            "closed"
        ),
    ])
    func eventGridTellsOfConnections(_ text: String, _ outcome: String) {
        let read = ReadRecord(text)
        #expect(read.isEvent)
        #expect(read.context.outcome.rawValue == outcome)
        #expect(read.context.instance == "gridhub")
        #expect(read.context.category == "EventGrid")
        #expect(read.identity == "dev")
    }

    @Test func bodiesThatDevicesGetAreNoLogRecords() {
        let body =
            #"{"errorCode":401002,"trackingId":"t","message":"Invalid certificate.","timestampUtc":"2019-12-13T14:55:40.2764134Z"}"#
        #expect(ReadRecord(body).reason == .notALogRecord)
    }

    @Test func anExportNeverGivesItsKeysAway() throws {
        let read = ReadRecord(
            #"{"registrationId":"r-1","deviceId":"d-1","attestation":{"type":"symmetricKey","symmetricKey":{"primaryKey":"c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0","secondaryKey":"x"}},"provisioningStatus":"disabled","iotHubs":["Hub-B.azure-devices.net"],"reprovisionPolicy":{"updateHubAssignment":true,"migrateDeviceData":false}}"#
        )
        guard case .snapshot(.enrollment(let enrollment, nil)) = read.reading else {
            Issue.record("not read as an enrollment")
            return
        }
        #expect(enrollment.name == "r-1")
        #expect(enrollment.status == "disabled")
        #expect(enrollment.hubs == "hub-b")
        #expect(enrollment.reprovisionPolicy == "reprovisionandresetdata")
        #expect(!"\(enrollment)".contains("c2Vjcm"))
    }

    @Test func aRegistrationRecordNamesHubAndDevice() {
        let read = ReadRecord(
            #"{"registrationId":"r-1","assignedHub":"Hub-B.azure-devices.net","deviceId":"D-1","status":"assigned","substatus":"initialAssignment","lastUpdatedDateTimeUtc":"2022-08-31T22:02:50.7370676Z","etag":"x"}"#
        )
        guard case .snapshot(.registration(let record)) = read.reading else {
            Issue.record("not read as a registration record")
            return
        }
        #expect(record.hub == "hub-b")
        #expect(record.deviceId == "D-1")
        #expect(record.updated == 1_661_983_370_737_067)
    }

    @Test(arguments: [
        (#"{"time":"2026-01-01T00:00:00Z","category":"Connections","properties":"{"#, RejectReason.truncatedRecord),
        (
            #"{"time":"2026-01-01T00:00:00Z","category":"Connections","properties":"{\"deviceId\": : \"x\"}"}"#,
            .propertiesNotJSON
        ),
        (#"{"time":"2026-01-01T00:00:00Z","category":"Connections",}"#, .notJSON),
        (#"not json"#, .notJSON),
        (#"{"category":"Connections","operationName":"deviceConnect"}"#, .noTime),
        (#"{"time":"2026-13-01T00:00:00Z","category":"Connections"}"#, .badTime),
        (#"{"hello":"world"}"#, .notALogRecord),
        ("{\"a\":" + String(repeating: "[", count: 80) + String(repeating: "]", count: 80) + "}", .tooDeep),
    ])
    func whatCannotBeReadIsRejectedWithItsReason(_ text: String, _ reason: RejectReason) {
        #expect(ReadRecord(text).reason == reason)
    }

    @Test func bytesThatAreNotUTF8AreRejected() {
        #expect(
            ReadRecord(bytes: Array(#"{"time":""#.utf8) + [0xFF, 0xFE] + Array(#""}"#.utf8)).reason == .invalidUTF8
        )
    }

    @Test func aLoneSurrogateBecomesTheReplacementCharacter() {
        let read = ReadRecord(
            #"{"time":"2026-01-01T00:00:00Z","category":"Connections","operationName":"deviceConnect","properties":{"deviceId":"a\ud800b"}}"#
        )
        #expect(read.identity == "a\u{FFFD}b")
    }

    @Test func theLastOfEqualKeysCounts() {
        let read = ReadRecord(
            #"{"time":"2026-01-01T00:00:00Z","category":"Connections","operationName":"deviceConnect","properties":"{\"deviceId\":\"a\"}","properties":"{\"deviceId\":\"b\"}"}"#
        )
        #expect(read.identity == "b")
    }

    @Test func anEnvelopeAndTwoObjectsInALineAreSeveral() {
        for text in [#"{"records":[{"a":1}]}"#, #"{"a":1}{"b":2}"#] {
            guard case .several = ReadRecord(text).reading else {
                Issue.record("\(text) was not taken for several records")
                continue
            }
        }
    }

    @Test(arguments: ["Register", "SomethingNew", "RegisterDevice"])
    func unknownOperationsOfTheRegistrationLogAreKept(_ operation: String) {
        let read = ReadRecord(
            #"{"time":"2026-01-01T00:00:00Z","category":"registrationsoperationallogs","operationName":"\#(operation)","properties":{"registrationId":"r","status":"assigned","assignedHub":"H.azure-devices.net"}}"#
        )
        #expect(read.context.kind == .registration)
        #expect(read.context.outcome == .assigned)
        #expect(read.context[.operation] == operation)
        #expect(read.context[.assignedHub] == "h")
    }

    @Test func aHubsErrorInsideAMessageGivesItsCode() {
        let read = ReadRecord(
            #"{"time":"2026-01-01T00:00:00Z","category":"RegistrationsOperationalLogs","operationName":"Register","resultType":"Failure","properties":{"registrationId":"r","status":"failed","errorMessage":"{\"Message\":\"ErrorCode:IotHubUnauthorizedAccess;Unauthorized\"}"}}"#
        )
        #expect(read.context.code == 401_002)
        #expect(read.context.outcome == .failed)
    }
}
