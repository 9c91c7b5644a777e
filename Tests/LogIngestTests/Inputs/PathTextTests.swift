import FleetSimulator
import Testing

@testable import LogIngest

@Suite struct PathTextTests {
    @Test(arguments: [
        ("plain/PT1H.json", Array("plain/PT1H.json".utf8)), ("caf\\xE9", Array("caf".utf8) + [0xE9]),
        ("a\\x5CxE9", Array("a\\xE9".utf8)), ("a\\xe9", Array("a\\xe9".utf8)), ("漢\\x80", Array("漢".utf8) + [0x80]),
        ("\\xC3(", [0xC3, 0x28]), ("\\xED\\xA0\\x80", [0xED, 0xA0, 0x80]), ("a\nb", Array("a\nb".utf8)),
    ])
    func bytesHaveOneText(_ text: String, _ bytes: [UInt8]) {
        #expect(PathText.text(bytes) == text)
        #expect(PathText.bytes(text) == bytes)
    }

    @Test func anyBytesComeBack() {
        var random = SplitMix64(seed: 41)
        var seen: [String: [UInt8]] = [:]
        // Bytes that matter: escapes, the beginnings and ends of characters, what is none.
        let alphabet: [UInt8] =
            Array("\\\\xxE9A5C0".utf8) + [0xC3, 0xA9, 0xE2, 0x82, 0xAC, 0xF0, 0x9F, 0x98, 0x80, 0xFF, 0x80]
        for _ in 0..<20_000 {
            let bytes = (0..<Int(random.next() % 9)).map { _ in alphabet[Int(random.next() % UInt64(alphabet.count))] }
            let text = PathText.text(bytes)
            #expect(PathText.bytes(text) == bytes)
            if let other = seen[text] { #expect(other == bytes) }
            seen[text] = bytes
        }
    }

    @Test func textsThatSwiftTakesForEqualAreTwo() {
        #expect(Set([ExactText("\u{E9}"), ExactText("e\u{301}"), ExactText("\u{E9}")]).count == 2)
    }
}
