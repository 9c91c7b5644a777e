import Attestation
import Basics
import TestSupport
import Testing

@testable import Findings

@Suite struct NearestIDTests {
    private func registries(_ ids: [String]) throws -> [Registry] {
        var registry = RegistryText()
        registry.individuals = ids.map { RegistryText.individual($0, RegistryText.symmetric()) }
        return try Registry.read(utf8: registry.json.utf8)
    }

    @Test(arguments: [
        ("press-00O17", "press-00017"), ("press-0017", "press-00017"), ("press-000171", "press-00017"),
        ("perss-00017", "press-00017"), ("PRESS-00018", "press-00017"), ("press-1", nil), ("lathe-00017", nil),
        ("ab", nil), ("", nil),
    ])
    func namesWhatDiffersInTwoLettersAtMost(_ id: String, _ nearest: String?) throws {
        let found = NearestID(try registries(["press-00017", "abc", "x"]), for: [id])
        #expect(found.of(id) == nearest)
    }

    @Test func agreesWithTheEditDistance() throws {
        let letters = Array("ab1")
        let ids = (0..<60).map { _ in String((0..<Int.random(in: 10...13)).map { _ in letters.randomElement() ?? "a" })
        }
        for id in ids.prefix(30) {
            let others = Set(ids.filter { $0 != id })
            let best = others.map { EditDistance.between($0, id) }.min() ?? 9
            let found = NearestID(try registries(others.sorted()), for: [id]).of(id)
            #expect((found != nil) == (best <= 2), "\(id) \(ids)")
            if let found { #expect(EditDistance.between(found, id) == best) }
        }
    }

    @Test func theNumberOfComparisonsIsBounded() throws {
        let found = NearestID(try registries(["press-00017", "x"]), for: ["press-00018", "press-00019"], most: 2)
        #expect(found.of("press-00018") == "press-00017")
        #expect(found.of("press-00019") == nil)
    }
}
