import EventStore
import Testing

@testable import Reports

@Suite struct TelltaleTextTests {
    /// The text with a word for what was found.
    private static func told(_ text: String) -> String {
        let bytes = IdentifierIndex.fold(Array(text.utf8))
        var out: [UInt8] = []
        var at = 0
        while at < bytes.count {
            if let match = TelltaleText.match(bytes, at) {
                out += Array("<\(match.kind.rawValue)>".utf8)
                at = match.end
            } else {
                out.append(bytes[at])
                at += 1
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    @Test(arguments: [
        ("from 203.0.113.7.", "from <network>."), ("from:203.0.113.xxx, again", "from:<network>, again"),
        ("203.0.113.7:8883 closed", "<network>:8883 closed"), ("https://10.0.0.1/x", "https://<network>/x"),
        ("net/1.41.3.0", "net/1.41.3.0"), ("1.2.3.4.5", "1.2.3.4.5"),
        ("at 2026-03-02t06:00:00z", "at 2026-03-02t06:00:00z"),
        ("[fe80::1:2]", "[<network>]"), ("2001:db8:0:0:0:0:0:1 ok", "<network> ok"),
        ("at 10:17:05 or 6:1", "at 10:17:05 or 6:1"),
        ("amqps://other.azure-devices.net:5671", "amqps://<hub>.azure-devices.net:5671"),
        ("x.azure-devices-provisioning.net/y", "<dps>.azure-devices-provisioning.net/y"),
        ("tracking 3f0e6c1a-5b5d-4e0c-9c56-0a1b2c3d4e5f-g", "tracking 3f0e6c1a-5b5d-4e0c-9c56-0a1b2c3d4e5f-g"),
        ("tracking 3f0e6c1a-5b5d-4e0c-9c56-0a1b2c3d4e5f.", "tracking <guid>."),
        ("ask kim.lee@example.com now", "ask <person> now"), ("plain words: none", "plain words: none"),
    ])
    func whatTellsOfAFleetIsFoundWithoutBeingKnown(_ text: String, _ told: String) {
        #expect(Self.told(text) == told)
    }

    @Test func anEndlessWordTakesNoEndlessTime() {
        let text = String(repeating: "a:", count: 5000) + " 1.2.3.4"
        var isFound = false
        let time = ContinuousClock().measure { isFound = Self.told(text).hasSuffix(" <network>") }
        #expect(isFound)
        #expect(time < .seconds(60), "\(time)")
    }
}
