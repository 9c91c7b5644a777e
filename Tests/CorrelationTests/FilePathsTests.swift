import FleetSimulator
import Testing

@testable import Correlation

@Suite struct FilePathsTests {
    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func placesAreInTheOrderOfTheirTexts(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let names = ["a", "a:1", "a:12", "b/PT1H.json", "b/PT1H.json.gz", "ä", "a ", ""]
        var paths = FilePaths()
        for (file, name) in names.enumerated() { paths.learn(file + 1, name) }
        for _ in 0..<2000 {
            func place() -> RecordPlace {
                let bound = [10, 100, 1000, 100_000][Int(random.next() >> 62)]
                return RecordPlace(
                    file: 1 + Int(random.next() % UInt64(names.count)),
                    line: Int(random.next() % UInt64(bound))
                )
            }
            let (a, b) = (place(), place())
            func text(_ place: RecordPlace) -> [UInt8] { Array("\(names[place.file - 1]):\(place.line)".utf8) }
            #expect(paths.precedes(a, b) == text(a).lexicographicallyPrecedes(text(b)), "\(text(a)) \(text(b))")
        }
    }
}
