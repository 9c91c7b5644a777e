import Testing

@testable import Findings

@Suite struct EvidenceCellTests {
    @Test(arguments: [
        [], ["a.json:1"], ["a.json:1", "b.json:2", "c.json:3"], ["a;b.json:1"], [";:1", ";;x:2", "y;:3"],
        [#"a\x5Cx3B.json:1"#, #"a\xFF;b.json:2"#], [#"C:\logs;x:4"#, "é；.json:5"],
    ])
    func whatIsWrittenIsReadBack(_ places: [String]) {
        let cell = EvidenceCell.text(places)
        #expect(EvidenceCell.places(Array(cell.utf8)) == places)
        #expect(cell.count { $0 == ";" } == max(0, places.count - 1))
    }
}
