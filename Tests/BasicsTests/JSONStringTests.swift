import Basics
import FleetSimulator
import Foundation
import Testing

@Suite struct JSONStringTests {
    /// Foundation reads back what was written, whatever it was, and no character is left that steers a terminal.
    @Test func anyTextComesBackAndIsHarmless() throws {
        var random = SplitMix64(seed: 7)
        let odd: [Unicode.Scalar] = [
            "\u{0}", "\u{1B}", "\u{7F}", "\u{9B}", "\u{AD}", "\u{202E}", "\u{2028}", "\u{FEFF}", "\u{E0001}", "\"",
            "\\", "/",
            "\n", "\t", "é", "😀", "漢",
        ]
        for _ in 0..<500 {
            var text = String.UnicodeScalarView()
            for _ in 0..<Int(random.next() % 20) {
                let at = Int(random.next() % UInt64(odd.count + 10))
                text.append(at < odd.count ? odd[at] : Unicode.Scalar(UInt8(0x61 + at - odd.count)))
            }
            let quoted = JSONString.quoted(String(text))
            let read = try JSONSerialization.jsonObject(with: Data("[\(quoted)]".utf8)) as? [String]
            #expect(read?.first.map { Array($0.unicodeScalars) } == Array(text))
            for scalar in quoted.unicodeScalars {
                let category = scalar.properties.generalCategory
                #expect(![.control, .format, .lineSeparator, .paragraphSeparator].contains(category), "\(quoted)")
            }
        }
    }

    @Test func yamlHasNumbersOfEightDigits() {
        #expect(JSONString.quoted("\u{E0001}") == #""\udb40\udc01""#)
        #expect(JSONString.quotedForYAML("\u{E0001}\u{7F}") == #""\U000e0001\u007f""#)
    }
}
