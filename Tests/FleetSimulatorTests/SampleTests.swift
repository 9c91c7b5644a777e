import EventStore
import Findings
import TestSupport
import Testing

@testable import FleetSimulator

/// The samples say what their truths say, and nothing else.
@Suite struct SampleTests {
    private static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(
        separator: "/"
    )

    @Test(arguments: Stories.all.map(\.name))
    func theAnalysisOfASampleFindsExactlyItsTruths(_ name: String) async throws {
        let story = try #require(Stories.all.first { $0.name == name })
        let files = Stories.log(of: story).files().map { "\(Self.root)/samples/\(name)/\($0.path)" }
        let database = try LogDatabase.inMemory()
        let report = try await Importer.run(files, into: database)
        #expect(report.isBalanced)
        #expect(report.rejected == 0)
        let findings = try Analysis.refresh(database, rules: RuleSet.builtIn()).findings
        #expect(findings.map { Truth(rule: $0.rule, subject: $0.subject) }.sorted() == story.truths.sorted())
    }

    @Test(arguments: Stories.all.map(\.name))
    func theCommittedSampleIsWhatTheGeneratorMakes(_ name: String) throws {
        let story = try #require(Stories.all.first { $0.name == name })
        for (path, text) in Stories.log(of: story).files() {
            // Compared as text: another zlib may pack the same text into other bytes.
            let packed = try TestFolder.read("\(Self.root)/samples/\(name)/\(path)")
            #expect(try inflate(packed) == text, "\(path): run `simulate-fleet samples --into samples`")
        }
        let truth = String(decoding: try TestFolder.read("\(Self.root)/samples/truth/\(name).json"), as: UTF8.self)
        #expect(truth == Stories.truthText(of: story))
    }

    @Test func everySampleIsToldInTheReadMe() throws {
        let readMe = String(decoding: try TestFolder.read("\(Self.root)/samples/README.md"), as: UTF8.self)
        for story in Stories.all { #expect(readMe.contains("`\(story.name)`")) }
    }

    @Test func theLoadGeneratorMakesAsManyRecordsAsAsked() {
        var lines = 0
        var first = ""
        LoadGenerator(events: 5000, devices: 300, seed: 3).run { hour, text in
            lines += text.split(separator: "\n").count
            if hour == 0 { first = text }
        }
        #expect(lines == 5000)
        var again = ""
        LoadGenerator(events: 5000, devices: 300, seed: 3).run { hour, text in if hour == 0 { again = text } }
        #expect(first == again)
    }

    private func inflate(_ bytes: [UInt8]) throws -> String {
        let text = Gzip.decompress(bytes)
        return String(decoding: try #require(text), as: UTF8.self)
    }
}
