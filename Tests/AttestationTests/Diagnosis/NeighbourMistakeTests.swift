import Attestation
import Testing

/// Mistakes that lie together: each is named where it is right, and not where its neighbour is.
@Suite struct NeighbourMistakeTests {
    /// The people of every case.
    struct Cast: Sendable {
        let root: Crafted
        let upper: Crafted
        let lower: Crafted
        let leaf: Crafted
        /// Another root, and one with the first one's name and a key of its own.
        let other: Crafted
        let namesake: Crafted

        init() throws {
            root = try Crafted.authority("root")
            upper = try Crafted.authority("upper", by: root)
            lower = try Crafted.authority("lower", by: upper)
            leaf = try Crafted.device(by: lower)
            other = try Crafted.authority("other")
            namesake = try Crafted.authority("root")
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// The mistakes, in the verdict's order.
        let named: [String]
        var confidence: Diagnosis.Confidence?
        /// A text of the first diagnosis.
        var says = ""
        var id = "d1"
        let scene: @Sendable (Cast) throws -> (Holding, [Crafted])

        init(
            _ words: String,
            _ named: [String],
            _ confidence: Diagnosis.Confidence? = nil,
            says: String = "",
            id: String = "d1",
            _ scene: @escaping @Sendable (Cast) throws -> (Holding, [Crafted])
        ) {
            (testDescription, self.named, self.confidence) = (words, named, confidence)
            (self.says, self.id, self.scene) = (says, id, scene)
        }
    }

    static let roots: [Case] = [
        Case("no CA in DPS, root sent, held by no group", ["D17"], .certain, says: "root") { cast in
            (Holding(groups: [try .group(cast.other)]), [cast.leaf, cast.lower, cast.upper, cast.root])
        },
        Case("no CA in DPS, root not sent, held by no group", ["D17"], says: "root") { cast in
            (Holding(groups: [try .group(cast.other)]), [cast.leaf, cast.lower, cast.upper])
        },
        Case("another CA in DPS, root sent", ["D17"], .certain) { cast in
            (
                Holding(held: [("o", cast.other, true)], groups: [try .group(cast.other)]),
                [cast.leaf, cast.lower, cast.upper, cast.root]
            )
        },
        Case("the root is held, not verified", ["M21"], .certain) { cast in
            (
                Holding(held: [("r", cast.root, false)], groups: [try .group(cast.lower)]),
                [cast.leaf, cast.lower, cast.upper]
            )
        },
        Case("an intermediate is held, not verified", ["M21"], .certain) { cast in
            (Holding(held: [("u", cast.upper, false)], groups: [try .group(cast.lower)]), [cast.leaf, cast.lower])
        },
        Case("a CA of the name and another key is verified", ["D18"], .certain) { cast in
            (
                Holding(held: [("r", cast.namesake, true)], groups: [try .group(cast.lower)]),
                [cast.leaf, cast.lower, cast.upper]
            )
        },
        Case("the same, and the right root is sent", ["D18"], .certain) { cast in
            (
                Holding(held: [("r", cast.namesake, true)], groups: [try .group(cast.lower)]),
                [cast.leaf, cast.lower, cast.upper, cast.root]
            )
        },
        Case("the same, not verified", ["D18"], .certain) { cast in
            (
                Holding(held: [("r", cast.namesake, false)], groups: [try .group(cast.lower)]),
                [cast.leaf, cast.lower, cast.upper]
            )
        },
        Case("the group holds the intermediate, its root is nowhere", ["D19"], .certain) { cast in
            (Holding(groups: [try .group(cast.lower)]), [cast.leaf, cast.lower, cast.upper])
        },
        Case("the group holds the root, DPS does not, root sent", ["D19"], .certain) { cast in
            (Holding(groups: [try .group(cast.root)]), [cast.leaf, cast.lower, cast.upper, cast.root])
        },
        Case("the group holds the root, DPS does not, root not sent", ["D19"], .certain) { cast in
            (Holding(groups: [try .group(cast.root)]), [cast.leaf, cast.lower, cast.upper])
        },
        Case("the group's intermediate is not sent, its root is verified", ["M20"], .certain, says: "lower") { cast in
            (Holding(held: [("u", cast.upper, true)], groups: [try .group(cast.lower)]), [cast.leaf])
        },
        Case("the group's intermediate is not sent, and no root is in DPS", ["M20", "D19"]) { cast in
            (Holding(groups: [try .group(cast.lower)]), [cast.leaf])
        },
        Case("an intermediate is missing between", ["M20", "D19"], .likely) { cast in
            (Holding(held: [("r", cast.root, true)], groups: [try .group(cast.lower)]), [cast.leaf, cast.lower])
        },
        Case("the leaf alone, its issuer unknown", ["M20", "D17"], .likely) { cast in
            (Holding(held: [("r", cast.root, true)], groups: [try .group(cast.root)]), [cast.leaf])
        },
    ]

    static let leaves: [Case] = [
        Case("a self-signed leaf for a group", ["D20"], .certain) { cast in
            (Holding(held: [("r", cast.root, true)], groups: [try .group(cast.root)]), [try Crafted.device(by: nil)])
        },
        Case("the group's CA as the device's own", ["M22"], .certain, id: "lower") { cast in
            (Holding(held: [("r", cast.root, true)], groups: [try .group(cast.lower)]), [cast.lower, cast.upper])
        },
        Case("the verified root as the device's own", ["M22"], .certain, id: "root") { cast in
            (Holding(held: [("r", cast.root, true)], groups: [try .group(cast.root)]), [cast.root])
        },
        Case("the leaf is last", ["D15"], .certain, says: "order") { cast in
            (
                Holding(held: [("r", cast.root, true)], groups: [try .group(cast.root)]),
                [cast.root, cast.upper, cast.lower, cast.leaf]
            )
        },
        Case("the leaf is second", ["D15"], .certain) { cast in
            (
                Holding(held: [("r", cast.root, true)], groups: [try .group(cast.root)]),
                [cast.lower, cast.leaf, cast.upper]
            )
        },
        Case("a CA first and no leaf at all", ["M22"], .certain) { cast in
            (Holding(held: [("r", cast.root, true)], groups: [try .group(cast.root)]), [cast.lower, cast.upper])
        },
        Case("another device's certificate", ["M18"], .certain, id: "d2") { cast in
            (
                Holding(held: [("r", cast.root, true)], groups: [try .group(cast.root)]),
                [cast.leaf, cast.lower, cast.upper]
            )
        },
        Case("the device id in place of the registration id", ["D21"], .certain, says: "d1", id: "boiler") { cast in
            (
                Holding(
                    held: [("r", cast.root, true)],
                    individuals: [try Holding.individual("d1", cast.leaf, deviceID: "Boiler")]
                ),
                [cast.leaf]
            )
        },
        Case("an id that is nobody's device id", ["M18"], .certain, id: "pump") { cast in
            (
                Holding(
                    held: [("r", cast.root, true)],
                    individuals: [try Holding.individual("d1", cast.leaf, deviceID: "Boiler")]
                ),
                [cast.leaf]
            )
        },
    ]

    static let enrollments: [Case] = [
        Case("a verified root that no group uses", ["D23"], .likely) { cast in
            (
                Holding(held: [("r", cast.root, true)], groups: [try .group(cast.other)]),
                [cast.leaf, cast.lower, cast.upper]
            )
        },
        Case("symmetric-key groups alone", ["D22"], .certain) { cast in
            (
                Holding(
                    held: [("r", cast.root, true)],
                    groups: [#"{"enrollmentGroupId": "g", "attestation": {"type": "symmetricKey"}}"#]
                ), [cast.leaf, cast.lower, cast.upper]
            )
        },
        Case("a group's CA reference names nothing", ["D24"], .certain, says: "rootCA") { cast in
            (
                Holding(held: [("root", cast.root, true)], groups: [try Holding.group("g", reference: "rootCA")]),
                [cast.leaf, cast.lower, cast.upper]
            )
        },
        Case("an individual's CA reference names nothing", ["D24"], .certain, says: "rootCA") { cast in
            (
                Holding(
                    held: [("root", cast.root, true)],
                    individuals: [try Holding.individual("d1", reference: "rootCA")]
                ),
                [cast.leaf, cast.lower, cast.upper]
            )
        },
        Case("one of two groups has such a reference", ["D24"], .possible) { cast in
            (
                Holding(
                    held: [("root", cast.root, true)],
                    groups: [try Holding.group("h", reference: "rootCA"), try .group(cast.other)]
                ), [cast.leaf, cast.lower, cast.upper]
            )
        },
        Case("the individual enrollment holds the issuer", ["D16"], .certain) { cast in
            (Holding(individuals: [try Holding.individual("d1", cast.lower)]), [cast.leaf, cast.lower])
        },
        Case("it holds an older certificate", ["M26"], .likely) { cast in
            let old = try Crafted.device(by: cast.lower) { $0.from = -900_000 }
            return (Holding(individuals: [try Holding.individual("d1", old)]), [cast.leaf])
        },
        Case("it holds a newer certificate", ["D31"], .likely) { cast in
            let new = try Crafted.device(by: cast.lower) { $0.from = -60 }
            return (Holding(individuals: [try Holding.individual("d1", new)]), [cast.leaf])
        },
        Case("it holds a certificate of another name", ["D32"], .certain) { cast in
            let strange = try Crafted.device("d7", by: cast.lower)
            return (Holding(individuals: [try Holding.individual("d1", strange)]), [cast.leaf])
        },
        Case("a chain for an individual, no CA verified", ["M23"], .likely) { cast in
            (
                Holding(held: [("r", cast.root, false)], individuals: [try Holding.individual("d1", cast.leaf)]),
                [cast.leaf, cast.lower, cast.upper]
            )
        },
        Case("an expired intermediate", ["D13"], .certain) { cast in
            let old = try Crafted.authority("old", by: cast.root) { ($0.from, $0.until) = (-900, -2) }
            return (
                Holding(held: [("r", cast.root, true)], groups: [try .group(cast.root)]),
                [try Crafted.device(by: old), old]
            )
        },
        Case("an intermediate that is no CA", ["D14"], .likely) { cast in
            let plain = try Crafted.device("plain", by: cast.root)
            return (
                Holding(held: [("r", cast.root, true)], groups: [try .group(cast.root)]),
                [try Crafted.device(by: plain), plain]
            )
        },
    ]

    static let all = roots + leaves + enrollments

    @Test(arguments: all) func isNamedAndItsNeighboursAreNot(_ item: Case) async throws {
        let (holding, chain) = try item.scene(try Cast())
        let verdict = try await holding.decide(chain, id: item.id)
        #expect(verdict.decision == .rejected, "\(verdict.steps.map(\.detail))")
        #expect(Set(verdict.diagnosis.map(\.mistake)) == Set(item.named), "\(verdict.diagnosis.map(\.compared))")
        #expect(verdict.diagnosis.first?.mistake == item.named.first)
        if let confidence = item.confidence { #expect(verdict.diagnosis.first?.confidence == confidence) }
        let words = verdict.diagnosis.first.map { $0.explanation + $0.compared + $0.fix } ?? ""
        #expect(words.contains(item.says))
    }
}

extension String {
    /// A group `g` that holds this certificate.
    fileprivate static func group(_ certificate: Crafted) throws -> String { try Holding.group("g", certificate) }
}
