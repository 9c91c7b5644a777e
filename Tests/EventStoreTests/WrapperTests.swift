import FleetSimulator
import Foundation
import GRDB
import TestSupport
import Testing

@testable import AzureLogs
@testable import EventStore

/// What shippers put around records, in every container.
@Suite struct WrapperTests {
    private static let records = (0..<4).map { LogLines.connect($0 * 60, "dev-\($0)") }

    /// The text as a JSON string.
    private static func quoted(_ text: String) -> String {
        String(decoding: JSONTree.string(text).json, as: UTF8.self)
    }

    /// Each wrapper around one record.
    static let wrappers: [(name: String, wrap: @Sendable (String) -> String)] = [
        (
            "hit",
            {
                #"{"_index":"i","_id":"1","_score":null,"_source":{"@timestamp":"2025-01-01T00:00:00Z","event":{"original":\#(quoted($0))}}}"#
            }
        ),
        ("hit, flat key", { #"{"_source":{"event.original":\#(quoted($0)),"tags":["x"]}}"# }),
        ("hit, record itself", { #"{"_id":"1","_source":\#($0)}"# }),
        (
            "filebeat",
            { #"{"@timestamp":"2025-01-01T00:00:00Z","@metadata":{"beat":"filebeat"},"message":\#(quoted($0))}"# }
        ),
        (
            "filebeat of an envelope",
            { #"{"message":\#(quoted(#"{"records":[\#($0)]}"#)),"input":{"type":"azure-eventhub"}}"# }
        ),
        ("logstash split", { #"{"@version":"1","records":\#($0)}"# }),
        (
            "splunk",
            {
                #"{"preview":false,"offset":3,"lastrow":true,"result":{"_raw":\#(quoted($0)),"source":"eh","category":"x"}}"#
            }
        ),
        ("cribl", { #"{"_raw":\#(quoted($0)),"_time":1762335660.1,"cribl_pipe":"main"}"# }),
        ("hec", { #"{"time":1762335660.1,"host":"h","sourcetype":"azure","event":\#($0)}"# }),
        ("sumo", { #"{"map":{"_raw":\#(quoted($0)),"_sourcecategory":"azure/iot"}}"# }),
        (
            "capture text",
            { #"{"SequenceNumber":1,"Offset":"1","EnqueuedTimeUtc":"11/5/2025 9:20:00 AM","Body":\#(quoted($0))}"# }
        ),
        (
            "capture bytes",
            { #"{"SequenceNumber":1,"Properties":{},"Body":{"bytes":\#(quoted(#"{"records":[\#($0)]}"#))}}"# }
        ),
        ("data explorer", { #"{"Records":\#($0)}"# }), ("data explorer, text", { #"{"Records":\#(quoted($0))}"# }),
        (
            "datadog",
            { #"{"id":"A","content":{"timestamp":"2025-01-01T00:00:00Z","service":"azure","attributes":\#($0)}}"# }
        ),
        (
            "datadog archive",
            { #"{"_id":"A","date":"2025-01-01T00:00:00Z","source":"azure.devices","message":"x","attributes":\#($0)}"# }
        ),
        ("fluent bit", { #"{"date":1762335660.0,"log":\#(quoted($0 + "\n")),"stream":"stdout"}"# }),
        ("loki", { #"{"labels":{"job":"eh"},"line":\#(quoted($0)),"timestamp":"2025-01-01T00:00:00Z"}"# }),
        ("cloudwatch", { #"{"@timestamp":"2025-01-01 00:00:00.000","@message":\#(quoted($0))}"# }),
        ("new relic", { #"{"timestamp":1762335660000,"message":\#(quoted($0)),"logtype":"azure"}"# }),
        ("kafka", { #"{"topic":"t","partition":0,"offset":5,"payload":\#(quoted($0))}"# }),
        (
            "wazuh",
            {
                #"{"timestamp":"2025-01-01T00:00:00.000+0000","rule":{"level":3},"full_log":\#(quoted($0)),"location":"azure"}"#
            }
        ),
        ("logscale", { #"{"@timestamp":1762335660000,"@rawstring":\#(quoted($0)),"repo":"azure"}"# }),
        ("coralogix", { #"{"timestamp":1762335660000,"subsystemName":"iothub","text":\#(quoted($0))}"# }),
        (
            "logic apps",
            {
                let packed = Data(#"{"records":[\#($0)]}"#.utf8).base64EncodedString()
                return #"{"ContentData":"\#(packed)","Properties":{},"SystemProperties":{"SequenceNumber":1}}"#
            }
        ),
        (
            "otlp, an envelope as bytes",
            {
                let packed = Data(#"{"records":[\#($0)]}"#.utf8).base64EncodedString()
                return #"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"bytesValue":"\#(packed)"}}]}]}]}"#
            }
        ),
        ("a text of its own", { quoted($0) }),
        ("two wrappers", { #"{"_source":{"message":\#(quoted(#"{"Body":\#(quoted($0))}"#))}}"# }),
        (
            "otlp, body text",
            { #"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":\#(quoted($0))}}]}]}]}"# }
        ),
        (
            "search response",
            { #"{"took":5,"hits":{"total":{"value":1},"hits":[{"_index":"i","_id":"1","_source":\#($0)}]}}"# }
        ),
        (
            "hit with fields",
            { #"{"_index":"i","_id":"1","_score":1.0,"fields":{"event.original":[\#(quoted($0))]}}"# }
        ),
        ("splunk, fields taken out", { #"{"preview":false,"offset":3,"result":\#($0)}"# }),
        (
            "splunk, fields beside the text",
            {
                #"{"preview":false,"result":{"_raw":\#(quoted($0)),"category":"Connections","time":"2025-01-01T00:00:00Z"}}"#
            }
        ),
        (
            "graylog",
            { #"{"version":"1.1","host":"eh","level":6,"short_message":"azure","full_message":\#(quoted($0))}"# }
        ),
        ("graylog, short", { #"{"version":"1.1","host":"eh","short_message":\#(quoted($0))}"# }),
        (
            "cloudwatch subscription",
            {
                #"{"messageType":"DATA_MESSAGE","logGroup":"g","logStream":"s","logEvents":[{"id":"1","timestamp":1762335660000,"message":\#(quoted($0))}]}"#
            }
        ),
        (
            "google cloud, payload as JSON",
            {
                #"{"insertId":"a","logName":"projects/p/logs/eh","receiveTimestamp":"2025-01-01T00:00:00Z","jsonPayload":\#($0)}"#
            }
        ),
        (
            "google cloud, payload as text",
            { #"{"insertId":"a","severity":"INFO","textPayload":\#(quoted($0)),"labels":{"k":"v"}}"# }
        ),
        (
            "new relic batch",
            {
                #"{"common":{"attributes":{"service":"eh"}},"logs":[{"timestamp":1762335660000,"message":\#(quoted($0))}]}"#
            }
        ),
        ("kafka, value", { #"{"topic":"t","partition":1,"offset":7,"key":null,"value":\#(quoted($0))}"# }),
        (
            "custom table",
            { #"{"TimeGenerated":"2025-01-01T00:00:00Z","RawData":\#(quoted($0)),"Type":"Hub_CL"}"# }
        ),
        (
            "custom table of the old collector",
            { #"{"TimeGenerated":"2025-01-01T00:00:00Z","RawData_s":\#(quoted($0)),"Type":"Hub_CL"}"# }
        ),
        (
            "custom table, message",
            { #"{"TimeGenerated":"2025-01-01T00:00:00Z","Message_s":\#(quoted($0)),"Type":"Hub_CL"}"# }
        ),
        (
            "cloud event",
            {
                #"{"specversion":"1.0","type":"com.example.log","source":"/eh","id":"1","time":"2025-01-01T00:00:00Z","data":\#($0)}"#
            }
        ),
        (
            "cloud event in a shipper's text",
            {
                let event = #"{"specversion":"1.0","type":"com.example.log","source":"/eh","id":"1","data":\#($0)}"#
                return #"{"_time":1762335660.1,"_raw":\#(quoted(event))}"#
            }
        ),
        ("list of a service", { #"{"items":[\#($0)],"continuationToken":null}"# }),
        ("search results", { #"{"count":1,"results":[\#($0)]}"# }),
        ("function's binding", { #"{"partition":"0","record":\#($0)}"# }),
    ]

    /// Every place has a record that nothing else finds; so a line of `Wrapper.places` without one, or twice, is told.
    @Test(arguments: Wrapper.places.indices) func everyPlaceHasARecordOfItsOwn(_ index: Int) throws {
        let place = Wrapper.places[index]
        var others = Wrapper.places
        others.remove(at: index)
        let needsIt = Self.wrappers.contains { _, wrap in
            guard let tree = JSONTree.parse(wrap(Self.records[0]).utf8) else { return false }
            return Wrapper.records(in: tree) != Wrapper.records(in: tree, at: others)
        }
        #expect(needsIt, "add a record of \(place.name) under \(place.path) to WrapperTests, or take the place out")
        #expect(place.path == place.path.map { $0.lowercased() }, "keys are looked up in lower case")
    }

    private func read(_ text: String, packed: Bool = false) async throws -> Store {
        let folder = try TestFolder()
        let bytes = Array(text.utf8)
        var store = try Store()
        try await store.ingest([folder.write(packed ? try gzip(bytes) : bytes, to: "x")])
        #expect(store.report.isBalanced)
        return store
    }

    private func plain() async throws -> [String] { try await read(Self.records.joined(separator: "\n")).content() }

    /// Every container around every wrapper gives the events that the records alone give.
    @Test(arguments: wrappers.indices) func theRecordInsideIsRead(_ index: Int) async throws {
        let (name, wrap) = Self.wrappers[index]
        let wrapped = Self.records.map(wrap)
        let plain = try await plain()
        var texts = [
            wrapped.joined(separator: "\n"), "{\"records\":[" + wrapped.joined(separator: ",") + "]}\n",
            "{\n  \"value\": [\n" + wrapped.joined(separator: ",\n") + "]\n}",
            "{\"took\":5,\"hits\":{\"total\":{\"value\":4},\"hits\":[\n" + wrapped.joined(separator: ",\n")
                + "]},\"x\":[]}",
            "Records,Other\n"
                + wrapped.map { "\"" + $0.replacing("\"", with: "\"\"") + "\",1" }.joined(separator: "\n"),
        ]
        texts.append("[" + wrapped.joined(separator: ",\n") + "]")
        // A string is an element of an array as an object is, but no row's cell and no hit.
        if wrapped[0].hasPrefix("\"") { texts.removeSubrange(3...4) }
        for (place, text) in texts.enumerated() {
            // Packed is the same text to the reader: each container once in a while.
            for packed in place == index % texts.count ? [false, true] : [false] {
                let store = try await read(text, packed: packed)
                #expect(store.report.rejected == 0, "\(name): \(text.prefix(60))")
                #expect(try store.content() == plain, "\(name): \(text.prefix(60))")
            }
        }
    }

    /// A damaged wrapper costs its own record, is counted, and says when it was written if that can be read.
    @Test(arguments: wrappers.indices) func aDamagedWrapperIsOneReject(_ index: Int) async throws {
        let (name, wrap) = Self.wrappers[index]
        var lines = Self.records.map(wrap)
        lines[1] = String(lines[1].dropLast(lines[1].count / 5))
        let store = try await read(lines.joined(separator: "\n"))
        #expect(store.report.stored == 3, "\(name)")
        #expect(store.report.rejected == 1, "\(name)")
        #expect(try store.count("SELECT count(*) FROM rejects WHERE previous_time < next_time") == 1, "\(name)")
    }

    @Test func wrappedRecordsAreTheSameEventsAsPlainOnes() async throws {
        let folder = try TestFolder()
        let lines = (0..<5).map { LogLines.registration($0, "r-\($0)", correlation: "c-\($0)") }
        let plain = try folder.write(lines.joined(separator: "\n"), to: "plain")
        let wrapped = try folder.write(lines.map(Self.wrappers[3].wrap).joined(separator: "\n"), to: "wrapped")
        for order in [[plain, wrapped], [wrapped, plain]] {
            var store = try Store()
            try await store.ingest(order)
            #expect(store.report.stored == 5)
            #expect(store.report.duplicates == 5)
        }
    }

    @Test func whatWrapsNoLogStaysAReject() async throws {
        let lines = [
            #"{"message":"hello"}"#, #"{"_source":{"message":"{\"a\":1}"}}"#, #"{"Body":{"temperature":20}}"#,
            #"{"value":[1,2]}"#, #"{"attributes":{}}"#, #""a text""#,
        ]
        let store = try await read(lines.joined(separator: "\n"))
        #expect(store.report.stored == 0)
        #expect(store.report.rejected >= 6)
    }

    @Test func otlpOfTheCollectorsAzureReceivers() async throws {
        func value(_ text: String) -> String { #"{"stringValue":"\#(text)"}"# }
        let fields = [
            ("category", value("Connections")), ("operation.name", value("deviceConnect")),
            ("result.type", value("401003")), ("cloud.region", value("westeurope")),
            (
                "properties",
                #"{"kvlistValue":{"values":[{"key":"deviceId","value":{"stringValue":"dev-9"}},{"key":"protocol","value":{"stringValue":"Mqtt"}}]}}"#
            ),
        ].map { #"{"key":"\#($0)","value":\#($1)}"# }.joined(separator: ",")
        let resource =
            #"{"attributes":[{"key":"cloud.resource_id","value":{"stringValue":"/SUBSCRIPTIONS/X/RESOURCEGROUPS/R/PROVIDERS/MICROSOFT.DEVICES/IOTHUBS/HUB-A"}}]}"#
        for body in [
            #""body":{"kvlistValue":{"values":[\#(fields)]}}"#,
            #""attributes":[\#(fields.replacing(#""category""#, with: #""azure.category""#).replacing(#""operation.name""#, with: #""azure.operation.name""#))]"#,
        ] {
            let text =
                #"{"resourceLogs":[{"resource":\#(resource),"scopeLogs":[{"logRecords":[{"timeUnixNano":"1762335660000000000","severityText":"Error",\#(body)}]}]}]}"#
            let store = try await read(text)
            #expect(store.report.stored == 1)
            #expect(
                try store.count(
                    "SELECT count(*) FROM events WHERE kind = 'connect' AND outcome = 'refused' AND code = 401003 AND instance = 'hub-a' AND identity = 'dev-9'"
                ) == 1
            )
        }
    }

    @Test func propertiesThatWereEncodedTwiceAreRead() async throws {
        let inner = #"{"deviceId":"dev-1","protocol":"Mqtt","statusCode":null,"errorMessage":"a \"b\""}"#
        func line(_ properties: String) -> String {
            #"{"time":"2026-11-20T08:00:00Z","resourceId":"/X/PROVIDERS/MICROSOFT.DEVICES/IOTHUBS/H","operationName":"deviceConnect","category":"Connections","level":"Information","properties":\#(properties)}"#
        }
        let once = try await read(line(Self.quoted(inner)))
        let twice = try await read(line(Self.quoted(Self.quoted(inner))))
        let object = try await read(line(inner))
        #expect(once.report.stored == 1)
        #expect(try twice.content() == once.content())
        #expect(try object.content() == once.content())
        let broken = try await read(line(Self.quoted(String(Self.quoted(inner).dropLast(3)))))
        #expect(broken.report.rejected == 1)
    }
}

/// Records that are no logs of DPS or of hubs' connections.
@Suite struct ForeignRecordTests {
    private static let foreign: [(text: String, name: String)] = [
        (
            #"{"count":1,"total":42,"resourceId":"/X","time":"2025-11-05T09:00:00Z","metricName":"connectedDevices","timeGrain":"PT1M"}"#,
            "platform metrics"
        ),
        (
            #"{"TimeGenerated":"2025-11-05T09:00:00Z","MetricName":"x","Total":1,"TimeGrain":"PT1M","TenantId":"t"}"#,
            "platform metrics"
        ),
        (
            #"{"time":"2025-11-05T09:00:00Z","resourceId":"/X","operationName":"A/WRITE","category":"Administrative","properties":{"a":1}}"#,
            "Administrative"
        ),
        (
            #"{"authorization":{},"eventTimestamp":"2025-11-05T09:00:00Z","category":{"value":"Administrative"},"operationName":{"value":"a"}}"#,
            "activity log"
        ),
        (
            #"{"category":"ProvisioningLogs","operationName":"x","properties":"no JSON","time":"never"}"#,
            "ProvisioningLogs"
        ),
        (#"{"category":"AuditEvent","operationName":"x"}"#, "AuditEvent"),
        (
            #"{"category":"D2CTwinOperations","operationName":"read","level":"Information","properties":"{broken","time":"x"}"#,
            "D2CTwinOperations"
        ),
        (
            #"{"id":"1","topic":"/X","eventType":"Microsoft.Devices.DeviceCreated","data":{"deviceId":"d"},"eventTime":"2025-11-05T09:00:00Z"}"#,
            "Event Grid: Microsoft.Devices.DeviceCreated"
        ),
        (
            #"{"specversion":"1.0","type":"Microsoft.Storage.BlobCreated","source":"/X","id":"1","time":"2025-11-05T09:00:00Z","data":{}}"#,
            "Event Grid: Microsoft.Storage.BlobCreated"
        ),
        (
            #"{"allocationWeight":1,"applyAllocationPolicy":true,"connectionString":"HostName=h","name":"h.azure-devices.net"}"#,
            "linked hub list"
        ),
        (#"{"deviceId":"d","etag":"AA","connectionState":"Disconnected","status":"enabled"}"#, "device identities"),
        (
            #"{"id":"/subscriptions/x/resourceGroups/r/providers/Microsoft.Devices/IotHubs/h","type":"Microsoft.Devices/IotHubs","name":"h","properties":{"state":"Active"}}"#,
            "resource: Microsoft.Devices/IotHubs"
        ),
    ]

    @Test(arguments: foreign.indices) func theyAreIgnoredByName(_ index: Int) async throws {
        let (text, name) = Self.foreign[index]
        let folder = try TestFolder()
        for form in [text, "{\"records\":[\(text),\(text)]}", "[\n\(text),\n\(text)]"] {
            var store = try Store()
            try await store.ingest([folder.write(form, to: "x")])
            #expect(store.report.isBalanced)
            #expect(store.report.rejected == 0, "\(form.prefix(90))")
            #expect(store.report.ignored > 0)
            #expect(
                try store.count("SELECT sum(records) FROM ignored WHERE category = '\(name)'") == store.report.ignored
            )
        }
    }

    @Test func errorsOfTheHubsOtherCategoriesAreStillRead() async throws {
        let text =
            #"{"category":"D2CTwinOperations","operationName":"read","level":"Error","resultType":"400000","properties":"{broken","time":"2025-11-05T09:00:00Z"}"#
        let folder = try TestFolder()
        var store = try Store()
        try await store.ingest([folder.write(text, to: "x")])
        #expect(store.report.rejected == 1)
    }

    @Test func exportsCompareTheirKeysWithoutCaseAndNullIsAbsent() async throws {
        let folder = try TestFolder()
        let text = #"""
            [{"RegistrationId":"r-1","DeviceId":"d-1","AssignedHub":"h.azure-devices.net","Status":"Assigned",
              "LastUpdatedDateTimeUtc":"2025-11-05T09:00:00Z","ErrorCode":null},
             {"registrationId":"r-2","status":null,"assignedHub":null,"attestation":{"type":"symmetricKey"},
              "registrationState":null,"provisioningStatus":"enabled"},
             {"REGISTRATIONID":"r-3","ATTESTATION":{"TYPE":"x509"},"RegistrationState":{"registrationId":"r-3","status":null}}]
            """#
        var store = try Store()
        try await store.ingest([folder.write(text, to: "x")])
        #expect(store.report.rejected == 0)
        #expect(try store.count("SELECT count(*) FROM registration_record") == 1)
        #expect(try store.count("SELECT count(*) FROM enrollment") == 2)
        #expect(
            try store.count("SELECT count(*) FROM registration_record WHERE device_id = 'd-1' AND hub = 'h'") == 1
        )
    }
}
