import Foundation
import Testing
import X509

@testable import Attestation

/// For every diagnosis a situation where it is right, and one that looks like it where it is not and another thing is.
@Suite struct EveryMistakeTests {
    typealias Scene = @Sendable () async throws -> Verdict

    /// A diagnosis with its two situations.
    struct Pair: Sendable, CustomTestStringConvertible {
        let id: String
        let right: Scene
        let neighbour: Scene
        /// What is named in the neighbour's situation; empty where nothing is.
        let instead: String
        var testDescription: String { id }

        init(_ id: String, _ right: @escaping Scene, not neighbour: @escaping Scene, but instead: String) {
            (self.id, self.right, self.neighbour, self.instead) = (id, right, neighbour, instead)
        }
    }

    private static let pairs = keys + certificates + settings

    @Test(arguments: pairs) func isNamedWhereItIsRightAndNotBesideIt(pair: Pair) async throws {
        let right = try await pair.right().diagnosis.map(\.mistake)
        #expect(right.contains(pair.id), "\(right)")
        let beside = try await pair.neighbour().diagnosis.map(\.mistake)
        #expect(!beside.contains(pair.id), "\(beside)")
        #expect(pair.instead.isEmpty ? beside.isEmpty : beside.contains(pair.instead), "\(beside)")
    }

    /// The names in the sources, in the table of docs/verifier.md and here are the same.
    @Test func noDiagnosisIsWithoutItsPairAndItsLine() throws {
        let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4).joined(separator: "/")
        func names(_ text: String, _ pattern: Regex<(Substring, Substring)>) -> Set<String> {
            Set(text.matches(of: pattern).map { String($0.output.1) })
        }
        let folder = root + "/Sources/Attestation/Diagnosis/"
        var declared: Set<String> = []
        for file in try FileManager.default.contentsOfDirectory(atPath: folder) {
            declared.formUnion(
                names(try String(contentsOfFile: folder + file, encoding: .utf8), /Mistake\(\s*"([MD]\d+)"/)
            )
        }
        #expect(declared.count > 70)
        #expect(declared.symmetricDifference(Self.pairs.map(\.id)) == [])
        #expect(Set(Self.pairs.map(\.id)).count == Self.pairs.count)
        let document = try String(contentsOfFile: root + "/docs/verifier.md", encoding: .utf8)
        var told: Set<String> = []
        for line in document.split(separator: "\n") where line.starts(with: /\| [MD]\d/) {
            let cell = line.dropFirst().prefix { $0 != "|" }
            told.formUnion(names(String(cell), /([MD]\d+)/))
            // A row may say "D1 to D3".
            if let range = cell.firstMatch(of: /D(\d+) to D(\d+)/), let low = Int(range.1), let high = Int(range.2) {
                told.formUnion((low...high).map { "D\($0)" })
            }
        }
        #expect(declared.symmetricDifference(told) == [])
    }
}
