import FleetSimulator
import Foundation
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

    /// A kept text gives only its varying parts to the search once the text that it differs from has none.
    @Test func noKeyBeforeAPartThatVariesNamesASecret() {
        let tables = [ResourceLogDialect.keys, PropertyKeys.keys, FlatHubDialect.keys]
        let known = tables.flatMap { $0.filter { ShapePart($0.value) != nil }.map(\.key) }
        let keys = known + ["TimeGenerated", "TimeGenerated [UTC]"]
        #expect(keys.count > 10)
        for key in keys {
            for quote in ["\"", "\\\"", "\\\\\\\""] {
                for value in ["hunter2", "correct horse", "0a1B2c3D4e5F6a7B8c9D"] {
                    let text = "{\(quote)\(key)\(quote):\(quote)\(value)\(quote),\(quote)x\(quote):1}"
                    #expect(SecretRedaction.redact(text) == text)
                }
            }
        }
    }

    /// The quick look may be wrong in one way only.
    @Test func whatHoldsASecretNeverPassesTheQuickLook() {
        var random = SplitMix64(seed: 40)
        let pieces = [
            "Ab1", "z9Q", "hG7k", "+", "/", "=", "\\/", "\\u002B", "\\\\/", "%2F", "\\", "\"", "\\\"", " ", "-", ":",
            "key", "sig=",
            "token", "abc", "xyz", "0123", "signature", "\n", "|", "'", ",", "{", "“",
        ]
        var held = 0
        for _ in 0..<20_000 {
            // Mostly of what runs are made of, so that many are about as long as a key.
            let text = (0..<(4 + random.next() % 40)).map { _ in
                pieces[Int(random.next() % (random.next() % 12 == 0 ? UInt64(pieces.count) : 10))]
            }.joined()
            for isName in [false, true] where SecretRedaction.thoroughly(text, isName: isName) != text {
                held += 1
                #expect(SecretRedaction.mayHoldSecret(text), "\(text)")
            }
        }
        #expect(held > 2000)
    }

    /// What every record of DPS or of a hub says must not send each error's whole text through the search.
    @Test(arguments: [
        #"{"resultType":"Failure","resultSignature":"401","operationName":"Register","correlationId":"#
            + #""7192c9e7-b797-5c81-4f9d-9b58588422ea"}"#,
        #"{"properties":"{\"registrationId\":\"unit-100701\",\"attestationType\":\"symmetricKey\"}"}"#,
        #"{"resultSignature":null,"level":"Error"}"#, #"{"resultSignature" : 401}"#,
        #"{"properties":"{\"protocol\":\"Mqtt\",\"statusCode\":\"401\",\"deviceId\":\"unit-118200\",\"errorMessage\":\"see "#
            + #"cause and resolution at https://aka.ms/iothub401003\",\"maskedIpAddress\":\"203.4.113.XXX\",\"sdkVersion\":"#
            + #"\"azure-iot-device-iothub-py/2.8.5 (python 3.9.2; Linux; armv7l)\",\"authType\":null}","resultType":"401003"}"#,
    ])
    func anOrdinaryRecordPassesTheQuickLook(_ text: String) { #expect(!SecretRedaction.mayHoldSecret(text)) }

    @Test func ordinaryTextStaysAsItIs() {
        let text =
            #"{"time":"2026-11-20T08:00:00Z","resourceId":"/SUBSCRIPTIONS/3F0E/IOTHUBS/HUB","deviceId":"press-1040"}"#
        #expect(SecretRedaction.redact(text) == text)
    }

    /// What stands for the secret is `§`; the form says how it is written.
    @Test(arguments: [
        #"{"password":"§"}"#, #"{"password" : '§'}"#, #"{\u0022primaryKey\u0022:\u0022§\u0022}"#,
        #"{\\\"secondaryKey\\\":\\\"§\\\",\\\"x\\\":1}"#, "https://h/q?sv=1&sig=§&se=2", "sig%3D§%26se%3D1",
        "sig\\u003d§\\u0026se=1", "amqps://u:§@h:5671", #"amqps:\/\/u:§@h"#, "https%3A%2F%2Fu%3A§%40h",
        "https://§@github.example/x", "-----BEGIN EC PRIVATE KEY-----\\n§\\n-----END EC PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----\n§", "authorization: Bearer §", "token § was refused", "apiKey=§;x",
        "AccountName=a;AccountKey=§;EndpointSuffix=s", "passphrase = §", "device-key: §", "credential=§",
        #"{"keys":["§"]}"#, #"{"primaryKey":["§"]}"#, #"{"primaryKey":{"value":"§"}}"#, #"{"key1":"§"}"#, "key_2=§",
        "password:\t§", "password\t=\t§", "password:\r\n  §", "<AccountKey>§</AccountKey>",
        "tool --password § --user x",
        "&quot;primaryKey&quot;:&quot;§&quot;", "&#34;primaryKey&#34;: &#34;§&#34;", "primaryKey [§]", "primaryKey (§)",
        "primaryKey=`§`", "primaryKey=[§]", "https://f.example/api?x=1&code=§", "secrets: §", "passcode: §",
        #""password" => "§""#, "the password is § now", "Pwd={§};Encrypt=true", "primaryKey: |\n  §\n",
        "primaryKey “§”", #"<add key="SharedAccessKey" value="§"/>"#, "<add key='primaryKey' value='§' />",
        #"{"name":"DEVICE_KEY","value":"§"}"#, #"{"key":"primaryKey" , "value" : "§"}"#,
        "- name: PRIMARY_KEY\n  Value: §", #"{\"name\":\"API_TOKEN\",\"value\":\"§\"}"#,
        "<key>SharedAccessKey</key>\n  <string>§</string>", "primaryKey＝§", "SharedAccessKey：§;x", "token ＝ §",
        "primaryKey\\uFF1D§", "deviceKey﹦§", "sig%253D§%2526se%253D1", "Authorization%253A%2520Bearer%2520§",
    ])
    func keysOfSixteenBytesDoNotSurvive(_ pattern: String) {
        for key in ["Zm9vYmFyYmF6cXV4eDEyMw==", "0123456789abcdef0123456789abcdee", "Ab_cdefg-hijklmnop_QRSTU"] {
            let text = pattern.split(separator: "§", omittingEmptySubsequences: false).joined(separator: key)
            let redacted = SecretRedaction.redact(text)
            #expect(!redacted.contains(key.prefix(8)) && !redacted.contains(key.dropLast(2).suffix(6)), "\(redacted)")
            #expect(SecretRedaction.redact(redacted) == redacted)
            // What stands around it stays.
            let tail = pattern.split(separator: "§", omittingEmptySubsequences: false).last ?? ""
            #expect(redacted.hasSuffix(tail.drop { $0 == "\\" || $0 == "n" }), "\(redacted)")
        }
    }

    /// Secrets that no name tells of.
    @Test func tokensAreKnownByTheirForm() {
        let part = String(Self.key.prefix(36))
        for token in [
            "eyJ\(part).eyJ\(part)-x.\(part)_y", "eyJ\(part)..\(part).\(part).\(part)", "ghp_\(part)",
            "github_pat_\(part)_\(part)", "npm_\(part)", "glpat-\(part)",
        ] {
            for text in ["\(token)", "refused: \(token) at the gateway", "\"x\":\"\(token)\"", "/\(token)"] {
                let redacted = SecretRedaction.redact(text)
                #expect(!redacted.contains(part.prefix(8)) && !redacted.contains(part.suffix(6)), "\(redacted)")
            }
        }
        // user:pass-1
        #expect(SecretRedaction.redact("Authorization: Basic dXNlcjpwYXNzLTE=") == "Authorization: Basic [redacted]")
        #expect(SecretRedaction.redact("Basic Configuration is missing") == "Basic Configuration is missing")
    }

    /// Random bytes behind `Basic` say no user and password; a key they are all the same.
    @Test(arguments: [
        "Authorization: Basic §", #"{"Authorization":"Basic §"}"#, "Authorization%253A%2520Basic%2520§",
        #"basic: "§""#,
    ])
    func keysBehindBasicAreKnown(_ pattern: String) {
        let key = "Zm9vYmFyYmF6cXV4eDEyMw"
        let text = pattern.split(separator: "§", omittingEmptySubsequences: false).joined(separator: key)
        for redacted in [SecretRedaction.redact(text), SecretRedaction.redactName(text)] {
            #expect(!redacted.contains(key.prefix(8)) && !redacted.contains(key.suffix(6)), "\(redacted)")
        }
    }

    /// A whole connection string in base64, as settings and manifests carry it.
    @Test(arguments: [
        "HostName=h.example;DeviceId=d;SharedAccessKey=§", #"{"authentication":{"symmetricKey":{"primaryKey":"§"}}}"#,
        "SharedAccessSignature sr=h.example&sig=§&se=1", "AccountName=logs;AccountKey=§;EndpointSuffix=s",
    ])
    func whatTellsOfASecretOnceDecodedDoesNotSurvive(_ pattern: String) {
        let secret = pattern.replacing("§", with: "Zm9vYmFyYmF6cXV4eDEyMw==")
        let wide = String(decoding: secret.utf8.flatMap { [$0, 0] }, as: UTF8.self)
        for text in [secret, wide] {
            let once = Data(text.utf8).base64EncodedString()
            for encoded in [once, Data(once.utf8).base64EncodedString()] {
                let padded = encoded.replacing("=", with: "%3D")
                for whole in [encoded, "dev-\(encoded)", "ab\(encoded)", "\(padded)?x"] {
                    let both = [SecretRedaction.redact(whole), SecretRedaction.redactName(whole)]
                    #expect(!both.joined().contains(encoded.dropFirst(8).prefix(12)), "\(both)")
                }
            }
        }
        // What says no secret is a name like any other.
        let harmless = Data("gateway of hall 7, line 12, north wall, Aachen 2026".utf8).base64EncodedString()
        #expect(SecretRedaction.redactName(harmless) == harmless)
    }

    @Test func keysInListsAndOverLineEndsAreTakenWhole() {
        let (a, b) = (String(Self.key.prefix(30)), String(Self.key.dropFirst(30).prefix(30)))
        for text in [
            #"{"keys":["\#(a)","\#(b)"]}"#, "SharedAccessKey=\(a)\n \(b)=\nnext", "SharedAccessKey=\(a)\r\n\(b)=",
        ] {
            let redacted = SecretRedaction.redact(text)
            #expect(!redacted.contains(a.prefix(8)) && !redacted.contains(b.prefix(8)), "\(redacted)")
            #expect(!redacted.contains(b.suffix(8)))
        }
        #expect(SecretRedaction.redact("SharedAccessKey=\(a)\nnext line").hasSuffix("\nnext line"))
    }

    @Test(arguments: [
        #"{"attestationType":"symmetricKey","deviceId":"building-42-floor-3-thermostat-000017"}"#,
        "Token expired at 2026-11-20T08:00:00Z", "401003: IotHubUnauthorized", "key", "the key is not valid",
        "https://portal.azure.com/#view/a@b", "http://10.0.0.1:8080/path@x", "/SUBSCRIPTIONS/3F0E/IOTHUBS/HUB",
        #"{"key":"9f4e1c52-7d7b-4c8e-9a3e-0123456789ab"}"#, #"{"password":null,"secret":"","x":1}"#, "mail a@b.example",
        #"{"symmetricKey":{"other":"x"}}"#, "config=debug;design=new", "-----", "sha256 of the text: 0123",
        "certificate A1B2C3D4E5F60718293A4B5C6D7E8F9012345678 refused", "password incorrect for device 7",
        "the password is wrong", "thumbprint 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "SharedAccessKeyName=iothubowner", "device 00a1b2c3d4e5f60718293a4b refused", "key vault is not reachable",
        "https://x.example/y?code=404104", "statusCode=401003", "TrackingId:9b0f3e2d1c4b5a69788796a5b4c3d2e1-G:0",
        #"{"name":"deviceKey","value":"on"}"#, #"{"attestationType":"symmetricKey","value":null}"#,
        "<key>primaryKey</key><string></string>", "Basic AuthenticationHandlerFailed for unit-100701",
        "basic building-42-floor-3-thermostat-000017", "temperature：21.5", "keys: 12",
        #"{"tokens":[],"secrets":{}}"#, "basic authentication is off", "</password> bob",
    ])
    func whatIsNoSecretStays(_ text: String) { #expect(SecretRedaction.redact(text) == text) }

    @Test func namesThatDifferInSecretsOnlyStayTwoNames() {
        let (a, b) = (
            SecretRedaction.redactName("d;SharedAccessKey=aaa"), SecretRedaction.redactName("d;SharedAccessKey=b")
        )
        #expect(a != b)
        #expect(a.hasPrefix("d;SharedAccessKey=[redacted]~"))
        #expect(SecretRedaction.redactName("D;SharedAccessKey=AAA").suffix(6) == a.suffix(6))
        #expect(SecretRedaction.redactName(Self.key) == Self.key)
    }

    @Test func theQuickLookMissesNothingThatWouldBeRedactedAndTwiceIsAsOnce() {
        var random = SplitMix64(seed: 11)
        let pieces = [
            "primaryKey", "secondarykey", "SharedAccessKey", "authenticationKey", "symmetricKey", "token", "Bearer",
            "sig=", "sig", "ConnectionString", "password", "pwd", "passphrase", "credentials", "signature", "secret",
            "passcode", "?code=", "&code=", "eyJ", ".", "ghp_", "github_pat_", "npm_", "glpat-", "Basic ",
            "dXNlcjpwYXNzLTE=",
            "s", "1", "_2", "[", "{", "(", ">", "<", "|", "`", "&quot;", "&#34;", "“", "\n", "\t", " is ", "--", "}",
            "]", "\" value=\"", "\",\"value\":\"", "</key><string>", "＝", "：", "\\uFF1D", "Basic ",
            Data("SharedAccessKey=Zm9vYmFyYmF6cXV4eDEyMw==".utf8).base64EncodedString(),
            "\":\"", "\\\"", "=", ":", "x", "Abc1xyz", Self.key, "aA1", "/", "-", "\\/", "\\u002B", "\\u003d", "%3D",
            "%253D", "://", "@", "%40", "\\u0040", "-----BEGIN X-----", "-----END", "\\n", "'", "\\", ",",
            " ", "é", String(Self.key.prefix(39)), String(Self.key.prefix(40)), String(Self.key.prefix(22)),
        ]
        var redacted = 0
        for _ in 0..<60_000 {
            let text = (0..<(1 + random.next() % 7)).map { _ in pieces[Int(random.next() % UInt64(pieces.count))] }
                .joined()
            let once = SecretRedaction.thoroughly(text, isName: false)
            guard once != text else { continue }
            redacted += 1
            #expect(SecretRedaction.mayHoldSecret(text), "\(text)")
            #expect(SecretRedaction.thoroughly(once, isName: false) == once, "\(text)")
        }
        #expect(redacted > 10_000)
    }

    /// Whatever bytes there are, nothing is cut in the middle of a character and nothing fails.
    @Test func anyTextIsHandled() {
        var random = SplitMix64(seed: 5)
        let alphabet = Array("\\u002%25\"'=:/@-keysigtokn{}[]é🔑 \n".unicodeScalars)
        for _ in 0..<20_000 {
            var text = ""
            for _ in 0..<(random.next() % 40) {
                text.unicodeScalars.append(alphabet[Int(random.next() % UInt64(alphabet.count))])
            }
            let once = SecretRedaction.redact(text)
            #expect(!once.contains("\u{FFFD}"))
            #expect(SecretRedaction.redact(once) == once, "\(text)")
        }
    }

    @Test func theAttestationTypeIsNoSecret() {
        let text = Array(#"{"attestationType":"symmetricKey","status":"x"}"#.utf8) + [UInt8](repeating: 0, count: 8)
        let found = SecretRedaction.mayHoldSecret(text.span.bytes, 0..<text.count - 8)
        #expect(!found)
    }
}
