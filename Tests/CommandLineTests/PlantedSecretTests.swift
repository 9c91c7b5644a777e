import FleetSimulator
import Foundation
import TestSupport
import Testing

@testable import EventStore

/// Secrets in every member of every dialect: none is in any byte of the database, of what stands beside it, or of an output.
@Suite struct PlantedSecretTests {
    /// A secret in one of the forms in which logs have been seen to carry them.
    private struct Planted {
        var text: String
        /// What must not be found again: its beginning and its end.
        var needles: [String]

        init(_ text: String, _ secret: String) {
            self.text = text
            needles = [String(secret.prefix(10)), String(secret.suffix(10))]
        }
    }

    /// All forms, made anew of a seed: nobody's secret stands in the sources.
    private static func forms(_ random: inout SplitMix64) -> [Planted] {
        func bytes(_ count: Int) -> Data { Data((0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }) }
        // A run that a search cannot take for anything else, also where its `+` and `/` are written in another way.
        func letters(_ count: Int) -> String {
            String(
                (0..<count).map { _ in
                    "abcdefghkmnpqrstuvwxyzABCDEFGHKMNPQRSTUVWXYZ23456789".randomElement(using: &random) ?? "x"
                }
            )
        }
        func base64(_ count: Int) -> String {
            let text = Array(bytes(count).base64EncodedString())
            return letters(10) + String(text[10..<(text.count - 12)]) + letters(10) + String(text.suffix(2))
        }
        func key(_ count: Int) -> (String, String) {
            let text = base64(count)
            return (text, String(text.dropLast(2)))
        }
        func percent(_ text: String) -> String {
            text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        }
        var forms: [Planted] = []
        for name in ["primaryKey=", "SecondaryKey: ", "the device key ", "AccountKey=", "token=", "Bearer "] {
            let (text, core) = key(16)
            forms.append(Planted(name + text, core))
        }
        let hex = bytes(16).map { String(format: "%02x", $0) }.joined()
        forms.append(Planted("deviceKey=\(hex)", hex))
        let safe = letters(12) + "-_" + letters(12)
        forms.append(Planted("symmetricKey: \(safe)", safe))
        let (signature, core) = key(32)
        let encoded = signature.replacingOccurrences(of: "+", with: "%2B").replacingOccurrences(of: "/", with: "%2F")
            .replacingOccurrences(of: "=", with: "%3D")
        forms.append(Planted("SharedAccessSignature sr=h.azure-devices.net%2Fdevices%2Fd&sig=\(encoded)&se=1", core))
        let (shared, sharedCore) = key(32)
        forms.append(Planted("HostName=h.azure-devices.net;DeviceId=d;SharedAccessKey=\(shared)", sharedCore))
        let lines = (0..<5).map { _ in letters(64) } + [letters(30)]
        let pem = "-----BEGIN PRIVATE KEY-----\n" + lines.joined(separator: "\n") + "\n-----END PRIVATE KEY-----"
        forms += lines.map { Planted(pem, $0) }
        // The same in one line, with marks where lines end, as JSON and settings carry it.
        forms += lines.map { Planted("cannot load key: " + pem.replacingOccurrences(of: "\n", with: "\\n"), $0) }
        let (account, accountCore) = key(64)
        let endpoint =
            "DefaultEndpointsProtocol=https;AccountName=logs;AccountKey=\(account);EndpointSuffix=core.example"
        forms.append(Planted(endpoint, accountCore))
        forms.append(Planted("upload refused for " + percent(endpoint), accountCore))
        let (hub, hubCore) = key(32)
        forms.append(Planted(percent("HostName=h.azure-devices.net;DeviceId=d;SharedAccessKey=\(hub)"), hubCore))
        // The parts of a JSON Web Token: each is told of by what stands before it.
        for name in ["token: ", "jwt=", "Authorization: Bearer ", "access_token="] {
            let parts = (0..<3).map { _ in letters(40) }
            let token = "eyJ\(parts[0]).eyJ\(parts[1]).\(parts[2])"
            forms += parts.map { Planted("refused, \(name)\(token) is too old", $0) }
        }
        // Documents in messages, as objects and as texts of them.
        for quote in ["\"", "\\\""] {
            let (first, firstCore) = key(32)
            let (second, secondCore) = key(32)
            let document =
                "{'deviceId':'d','authentication':{'symmetricKey':{'primaryKey':'\(first)','secondaryKey':'\(second)'}}}"
            let text = "unauthorized " + document.replacingOccurrences(of: "'", with: quote)
            forms += [Planted(text, firstCore), Planted(text, secondCore)]
        }
        // Over several lines.
        for separator in [":\n  ", " =\r\n\t"] {
            let (text, core) = key(32)
            forms.append(Planted("settings:\nDeviceId=d\nSharedAccessKey\(separator)\(text)\nHostName=h", core))
        }
        // Names with labels and tags of their own, wide signs, and what was encoded again on its way.
        for form in [
            #"<add key="SharedAccessKey" value="§"/>"#, #"{"name":"DEVICE_KEY","value":"§"}"#,
            "<key>primaryKey</key><string>§</string>", "Authorization: Basic §", "SharedAccessKey＝§", "primaryKey：§",
        ] {
            for size in [16, 32] {
                let (text, core) = key(size)
                forms.append(Planted(form.replacingOccurrences(of: "§", with: text), core))
            }
        }
        let (twice, twiceCore) = key(32)
        let string = "HostName=h.azure-devices.net;DeviceId=d;SharedAccessKey=\(twice)"
        forms.append(Planted(percent(percent(string)), twiceCore))
        // The part of the encoded text in which the key is, from the first whole group of three bytes on.
        let encodedString = Data(string.utf8).base64EncodedString()
        forms.append(Planted(encodedString, String(encodedString.dropFirst(76).dropLast(2))))
        let password = letters(10) + "!" + letters(4)
        forms.append(Planted("cannot reach amqps://user:\(password)@broker.example:5671/q", password))
        let word = letters(10)
        forms.append(Planted("login failed, password: \(word)", word))
        return forms
    }

    private static let prefix = "/SUBSCRIPTIONS/0/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.DEVICES"

    /// One record of every dialect, with the members that it is known to have.
    private static let records = [
        #"{"time":"2026-11-20T08:00:0NZ","resourceId":"\#(prefix)/IOTHUBS/HUB","operationName":"deviceConnect","category":"Connections","level":"Error","resultType":"401003","resultDescription":"x","location":"we","properties":"{\"deviceId\":\"d\",\"protocol\":\"Mqtt\",\"authType\":\"{\\\"scope\\\":\\\"device\\\",\\\"type\\\":\\\"sas\\\",\\\"issuer\\\":\\\"iothub\\\"}\",\"maskedIpAddress\":\"10.0.0.XXX\",\"statusCode\":\"401\",\"errorMessage\":\"m\",\"moduleId\":\"m\",\"sdkVersion\":\"s\",\"other\":\"o\"}"}"#,
        #"{"time":"2026-11-20T08:00:0NZ","resourceId":"\#(prefix)/PROVISIONINGSERVICES/DPS","operationName":"Register","operationVersion":"1","category":"RegistrationsOperationalLogs","resultType":"Failure","resultSignature":"401","resultDescription":"x","correlationId":"c","callerIpAddress":"1.2.3.4","durationMs":"12","properties":{"registrationId":"r","deviceId":"d","attestationType":"symmetricKey","status":"failed","substatus":"s","errorCode":"401002","errorMessage":"m","assignedHub":"h.azure-devices.net","enrollmentGroupId":"g","enrollmentType":"group","allocationPolicy":"hashed","idScope":"0ne"}}"#,
        #"{"TenantId":"t","TimeGenerated":"2026-11-20T08:00:0NZ","ResourceId":"\#(prefix)/IOTHUBS/HUB","Category":"Connections","OperationName":"deviceDisconnect","Level":"Error","ResultType":"404104","ResultDescription":"x","properties_s":"{\"deviceId\":\"d\"}","deviceId_s":"d","CorrelationId":"c","_ResourceId":"x"}"#,
        #"{"time":"2026-11-20T08:00:0NZ","operationName":"deviceConnect","category":"Connections","level":"Error","deviceId":"d","protocol":"Mqtt","authType":"{}","maskedIpAddress":"10.0.0.X","statusCode":"401","errorMessage":"m","sdkVersion":"s","moduleId":"m"}"#,
        #"{"id":"i","topic":"\#(prefix)/IotHubs/hub","subject":"devices/d","eventType":"Microsoft.Devices.DeviceConnected","eventTime":"2026-11-20T08:00:0NZ","data":{"deviceConnectionStateEventInfo":{"sequenceNumber":"0001"},"hubName":"hub","deviceId":"d","moduleId":"m"}}"#,
        #"{"registrationId":"r","createdDateTimeUtc":"2026-11-20T08:00:0NZ","assignedHub":"h.azure-devices.net","deviceId":"d","status":"failed","substatus":"s","errorCode":"401002","errorMessage":"m","lastUpdatedDateTimeUtc":"2026-11-20T08:00:00Z","etag":"e","payload":{"x":"y"}}"#,
        #"{"enrollmentGroupId":"g","attestation":{"type":"symmetricKey","symmetricKey":{"primaryKey":"p","secondaryKey":"s"}},"iotHubs":["h.azure-devices.net"],"provisioningStatus":"enabled","allocationPolicy":"hashed","createdDateTimeUtc":"2026-11-20T08:00:0NZ","lastUpdatedDateTimeUtc":"2026-11-20T08:00:00Z"}"#,
        #"{"name":"dps","properties":{"allocationPolicy":"Hashed","iotHubs":[{"name":"h.azure-devices.net","connectionString":"x","allocationWeight":"1","location":"we"}]}}"#,
    ]

    /// Where the strings of a record stand, those of documents in strings included, as paths that `put` follows.
    private static func places(_ value: Any) -> [[String]] {
        switch value {
        case let object as [String: Any]:
            return object.keys.sorted().flatMap { key in places(object[key] ?? "").map { [key] + $0 } }
        case let list as [Any]:
            return list.indices.flatMap { index in places(list[index]).map { ["\(index)"] + $0 } }
        case let text as String:
            if let inner = document(text) { return [[]] + places(inner).map { ["{}"] + $0 } }
            return [[]]
        default: return []
        }
    }

    private static func document(_ text: String) -> Any? {
        text.hasPrefix("{\"") ? try? JSONSerialization.jsonObject(with: Data(text.utf8)) : nil
    }

    private static func put(_ secret: String, at path: ArraySlice<String>, of value: Any) -> Any {
        guard let first = path.first else { return secret }
        let rest = path.dropFirst()
        switch value {
        case var object as [String: Any]:
            object[first] = put(secret, at: rest, of: object[first] ?? "")
            return object
        case var list as [Any]:
            let index = Int(first) ?? 0
            list[index] = put(secret, at: rest, of: list[index])
            return list
        case let text as String:
            return document(text).map { Self.text(put(secret, at: rest, of: $0)) } ?? secret
        default: return value
        }
    }

    private static func text(_ value: Any) -> String {
        let data = try? JSONSerialization.data(withJSONObject: value, options: [.sortedKeys])
        return String(decoding: data ?? Data(), as: UTF8.self)
    }

    @Test func noSecretIsInAnyByteOfWhatIsKeptOrShown() throws {
        let folder = try TestFolder()
        var random = SplitMix64(seed: 20_261_130)
        var needles: [String] = []
        var lines: [String] = []
        for record in Self.records {
            for (number, form) in Self.forms(&random).enumerated() {
                needles += form.needles
                let object = try JSONSerialization.jsonObject(
                    with: Data(record.replacingOccurrences(of: "0NZ", with: "0\(number % 10)Z").utf8)
                )
                for place in Self.places(object) {
                    lines.append(Self.text(Self.put(form.text, at: place[...], of: object)))
                }
                // A member that nobody knows, and one that tells what it is.
                if var open = object as? [String: Any] {
                    open["extra"] = form.text
                    lines.append(Self.text(open))
                    open["extra"] = ["primaryKey": form.text]
                    lines.append(Self.text(open))
                    lines.append(String(Self.text(open).dropLast(3)))
                }
            }
        }
        #expect(lines.count > 1500)
        // Escapes of other writers of JSON.
        let text = lines.joined(separator: "\n").replacingOccurrences(of: "\\/", with: "/")
        try folder.write(text + "\n", to: "logs/plain.json")
        try folder.write(
            text.replacingOccurrences(of: "+", with: "\\u002B").replacingOccurrences(of: "&", with: "\\u0026")
                .replacingOccurrences(of: "=", with: "\\u003d"),
            to: "logs/escaped.json"
        )
        let db = folder.path + "/fleet.db"
        var outputs: [String] = []
        let analysis = try Binary.run("analyze", folder.path + "/logs", "--db", db)
        #expect(analysis.code == 0, "\(analysis.error)")
        outputs += [analysis.output, analysis.error]
        for arguments in [
            ["findings", "--format", "json"], ["findings", "--format", "csv", "--raw"], ["report", "--format", "html"],
            ["report", "--format", "markdown"], ["report", "--format", "json"], ["status"], ["coverage"],
            ["rejects", "--limit", "0", "--format", "jsonl"], ["incidents", "list"], ["device", "d"],
            ["query", "--format", "jsonl", "--sql", "SELECT * FROM events"],
        ] {
            let run = try Binary.run(arguments + ["--db", db])
            outputs += [run.output, run.error]
        }
        outputs += try Self.rawTexts(db)
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) where name != "logs" {
            // Byte by byte as Latin 1, so that a search sees every byte.
            let bytes = try TestFolder.read(folder.path + "/" + name)
            outputs.append(String(bytes.map { Character(Unicode.Scalar($0)) }))
        }
        let kept = outputs.map { Array($0.utf8) }
        let grams = Self.grams(kept)
        // What is no secret is found, so the search sees what there is.
        #expect(grams.contains(Self.gram(Array("HostName=h".utf8)[...])))
        for needle in Set(needles) {
            #expect(!grams.contains(Self.gram(Array(needle.utf8)[...])), "\(needle) is there")
        }
        // A second reading finds the same names, and makes none anew.
        let again = try Binary.run("ingest", folder.path + "/logs", "--db", db, "--json")
        #expect(again.output.contains(#""filesUnchanged":2"#))
        try folder.write(text + "\n \n", to: "logs/plain.json")
        let grown = try Binary.run("ingest", folder.path + "/logs", "--db", db, "--json")
        #expect(grown.output.contains(#""stored":0"#), "\(grown.output)")
    }

    private static let gramLength = 10

    private static func gram(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
    }

    /// All runs of ten letters and digits in some texts, as hashes.
    private static func grams(_ texts: [[UInt8]]) -> Set<UInt64> {
        var all = Set<UInt64>()
        for text in texts where text.count >= gramLength {
            for start in 0...(text.count - gramLength) { all.insert(gram(text[start..<start + gramLength])) }
        }
        return all
    }

    private static func rawTexts(_ db: String) throws -> [String] {
        let database = try LogDatabase.open(db, .readOnly)
        let rows = try QueryRunner.run("SELECT DISTINCT file, line FROM events", in: database).rows
        return try rows.compactMap { row in
            guard case .integer(let line) = row[1] else { return nil }
            return try RawRecords.text(path: row[0].plain, line: Int(line), in: database)
        }
    }
}
