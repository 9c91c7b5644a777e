import Attestation
import Testing

@Suite struct Base64TextTests {
    @Test(arguments: [
        ("", []), ("Zg==", [0x66]), ("Zm8=", [0x66, 0x6F]), ("Zm9v", [0x66, 0x6F, 0x6F]),
        ("+/+/", [0xFB, 0xFF, 0xBF]),
    ])
    func readsAndWritesTheStandardForm(text: String, bytes: [UInt8]) throws {
        #expect(try Base64Text.decode(text) == bytes)
        #expect(Base64Text.encode(bytes) == text)
    }

    @Test(arguments: [
        ("Zg=", Base64Text.Fault.padding), ("Zg", .padding), ("Zg===", .padding), ("Z", .length(1)),
        ("Zg==Zg==", .padding), ("Zm9v=", .padding), ("Zm 9v", .whiteSpace(at: 2)), ("Zm-v", .urlAlphabet(at: 2)),
        ("Zm*v", .illegalCharacter(at: 2)), ("Zh==", .trailingBits), ("Zm9=", .trailingBits),
        ("Zm9vé", .illegalCharacter(at: 4)),
    ])
    func refusesWithTheReason(text: String, fault: Base64Text.Fault) {
        #expect(throws: fault) { try Base64Text.decode(text) }
    }

    @Test func refusesWhatIsTooLong() {
        #expect(throws: Base64Text.Fault.tooLong(limit: 8)) { try Base64Text.decode("AAAAAAAAA", limit: 8) }
    }

    @Test(arguments: [("Zg", [0x66]), (" Z g = =\r\n", [0x66]), ("-_-_", [0xFB, 0xFF, 0xBF]), ("Zh==", [0x66])])
    func forgivesWhatIsNamed(text: String, bytes: [UInt8]) throws {
        #expect(try Base64Text.decode(text, forgiving: .everything) == bytes)
    }

    @Test func giveBackEveryRandomInput() throws {
        var random = SeededRandom(seed: 1)
        for count in 0..<200 {
            let bytes = random.bytes(count)
            #expect(try Base64Text.decode(Base64Text.encode(bytes)) == bytes)
        }
    }

    @Test func survivesTwentyThousandRandomTexts() {
        var random = SeededRandom(seed: 2)
        var accepted = 0
        for _ in 0..<20_000 {
            let alphabet = Array("AZaz09+/=-_ \n\0é".utf8)
            let text = String(
                decoding: (0..<Int.random(in: 0...12, using: &random)).map { _ in
                    alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
                },
                as: UTF8.self
            )
            if let bytes = try? Base64Text.decode(text) {
                accepted += 1
                #expect(Base64Text.encode(bytes) == text)
            }
        }
        #expect(accepted > 100)
    }
}
