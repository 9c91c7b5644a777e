import AzureLogs
import EventStore
import Testing

@testable import Reports

@Suite struct DecodedRecordTests {
    @Test func theTextInsideOfPropertiesIsOpenedHoweverDeep() throws {
        let record = DecodedRecord(
            #"{"time":"2026-03-02T09:00:00Z","n":1.50,"properties":"{\"deviceId\":\"a\",\"authType\":\"{\\\"scope\\\":\\\"device\\\"}\"}"}"#
        )
        #expect(
            record.lines == [
                "{", #"  "time": "2026-03-02T09:00:00Z","#, #"  "n": 1.50,"#, #"  "properties": {"#,
                #"    "deviceId": "a","#, #"    "authType": {"#, #"      "scope": "device""#, "    }", "  }", "}",
            ]
        )
        #expect(record.json.contains(#""properties":{"deviceId":"a","authType":{"scope":"device"}}"#))
    }

    @Test func whatIsNoJSONStaysAsItIs() {
        #expect(DecodedRecord("a,b\nc").lines == ["a,b", "c"])
        #expect(DecodedRecord("a\"b").json == #""a\"b""#)
        #expect(DecodedRecord(#"{"p":"{not json"}"#).json == #"{"p":"{not json"}"#)
    }

    @Test func secretsAreMaskedWhereverTheyStand() {
        let key = (0..<44).map { _ in "xB3" }.joined().prefix(44)
        let texts = [
            #"{"primaryKey":"short"}"#, #"{"properties":"{\"symmetricKey\":{\"primaryKey\":\"short\"}}"}"#,
            #"{"message":"SharedAccessSignature sr=x&sig=short&se=1"}"#, #"{"x":"\#(key)"}"#,
            #"{"properties":"{\"connectionString\":\"HostName=h;SharedAccessKey=short\"}"}"#,
        ]
        for text in texts {
            let record = DecodedRecord(text)
            #expect(!record.json.contains("short"), "\(record.json)")
            #expect(!record.lines.joined().contains(key))
            #expect(record.json.contains(SecretRedaction.mark))
        }
    }

    @Test func theIdsThatSupportAsksForAreFound() {
        let record = DecodedRecord(
            #"{"correlationId":"c-1","properties":"{\"trackingId\":\"t-1\",\"errorMessage\":\"Denied. Tracking ID:abcdef0123-G:4-TimeStamp:2026, more\"}","correlationId":"c-1","x":""}"#
        )
        #expect(record.supportIDs.map(\.name) == ["correlationId", "trackingId", "trackingId"])
        #expect(record.supportIDs.map(\.value) == ["c-1", "t-1", "abcdef0123-G:4-TimeStamp:2026"])
    }

    @Test func hostileTextsNeverReachATerminalAsTheyAre() {
        let record = EvidenceRecord(place: "a.json:1", records: [DecodedRecord("{\"a\":\"\\u001b[31m\u{202E}\"}")])
        let text = EvidenceScreen.render([record], of: nil, style: Style(color: false), width: 80, databaseArgument: "")
        #expect(!text.contains("\u{1B}"))
        #expect(!text.contains("\u{202E}"))
        #expect(text.contains("\\u202e"))
    }
}
