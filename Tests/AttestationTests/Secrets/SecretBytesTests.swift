import Attestation
import Testing

@Suite struct SecretBytesTests {
    @Test func showsOnlyItsLength() {
        let secret = SecretBytes(Array("open sesame".utf8))
        var dumped = ""
        dump(secret, to: &dumped)
        #expect("\(secret)" == "11 secret bytes")
        #expect(String(reflecting: secret) == "11 secret bytes")
        #expect(dumped == "- 11 secret bytes\n")
    }

    @Test func matchesOnlyTheSameBytes() {
        let secret = SecretBytes([1, 2, 3])
        #expect(secret.matches(SecretBytes([1, 2, 3])))
        #expect(!secret.matches(SecretBytes([1, 2, 4])))
        #expect(!secret.matches(SecretBytes([1, 2])))
        #expect(secret.withBytes { $0 } == [1, 2, 3])
    }

    @Test func comparesBytesInFull() {
        #expect(equalInConstantTime([], []))
        #expect(equalInConstantTime([1, 2], [1, 2]))
        #expect(!equalInConstantTime([1, 2], [2, 2]))
        #expect(!equalInConstantTime([1, 2], [1]))
    }
}
