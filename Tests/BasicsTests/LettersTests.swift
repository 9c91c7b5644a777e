import Basics
import Testing

/// Single bytes: each function against another way to say the same, over all 256.
@Suite struct LettersTests {
    @Test(arguments: UInt8.min...UInt8.max) func lettersAreThe26(_ byte: UInt8) {
        let isCapital = (0x41...0x5A).contains(byte)
        let isSmall = (0x61...0x7A).contains(byte)
        #expect(ASCII.lowercased(byte) == (isCapital ? byte + 32 : byte))
        #expect(ASCII.isLetter(byte) == (isCapital || isSmall))
        #expect(ASCII.isDigit(byte) == (0x30...0x39).contains(byte))
        let digit = byte < 0x80 ? Character(Unicode.Scalar(byte)).hexDigitValue.map { UInt8($0) } : nil
        #expect(Hex.value(byte) == digit)
        #expect(Hex.text([byte]).count == 2)
        #expect(UInt8(Hex.text([byte]), radix: 16) == byte)
    }

    @Test func otherScriptsStayAsTheyAre() {
        #expect(ASCII.lowercased("ÄİK-Straße") == "Äİk-straße")
        #expect(ASCII.uppercased("äıſk") == "äıſK")
    }

    @Test(arguments: [("kitten", "sitting", 3), ("", "abc", 3), ("same", "same", 0), ("ab", "ba", 2)])
    func distancesAreThoseOfLevenshtein(_ a: String, _ b: String, _ distance: Int) {
        #expect(EditDistance.between(a, b) == distance)
        #expect(EditDistance.between(b, a) == distance)
    }

    @Test func theNearestNameIsTheFirstOfEquals() {
        #expect(EditDistance.nearest("thottled", in: ["throttled", "hub-throttled"]) == "throttled")
        #expect(EditDistance.nearest("bx", in: ["by", "ba"]) == "ba")
        #expect(EditDistance.nearest("nothing-like-it", in: ["throttled"]) == nil)
    }
}
