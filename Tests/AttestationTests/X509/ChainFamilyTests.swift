import Attestation
import Testing
import X509

/// A family of chains against what DPS is documented, or seen, to decide; docs/verifier.md says which is which.
@Suite struct ChainFamilyTests {
    /// Who presents what to whom, and what must come of it.
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var expected: Verdict.Decision
        var mistake: String?
        /// Changes to the recipes of root, upper, lower and leaf.
        var root: @Sendable (inout Recipe) -> Void = { _ in }
        var upper: @Sendable (inout Recipe) -> Void = { _ in }
        var lower: @Sendable (inout Recipe) -> Void = { _ in }
        var leaf: @Sendable (inout Recipe) -> Void = { _ in }
        /// What the device presents, of `leaf lower upper root other`, in order.
        var presented = "leaf lower upper"
        /// What DPS holds as CA certificates, with `-` before one that is not verified.
        var held = "root"
        /// The enrollments in the notation of `Stage`.
        var enrollments = "group:lower"
        var id = "d1"
    }

    private static let good: [Case] = [
        Case(testDescription: "group with the direct issuer", expected: .assigned),
        Case(testDescription: "group with the upper intermediate", expected: .assigned, enrollments: "group:upper"),
        Case(testDescription: "group with the root", expected: .assigned, enrollments: "group:root"),
        Case(testDescription: "group by CA reference", expected: .assigned, enrollments: "reference:root"),
        Case(testDescription: "the root is presented too", expected: .assigned, presented: "leaf lower upper root"),
        Case(testDescription: "chain out of order", expected: .assigned, presented: "leaf upper lower"),
        Case(testDescription: "a stranger in the chain", expected: .assigned, presented: "leaf other lower upper"),
        Case(
            testDescription: "verified intermediate, root unknown",
            expected: .assigned,
            presented: "leaf lower",
            held: "upper"
        ),
        Case(testDescription: "verified direct issuer", expected: .assigned, presented: "leaf", held: "lower"),
        Case(testDescription: "verified issuer between unverified", expected: .assigned, held: "-root upper"),
        Case(testDescription: "id in another case", expected: .assigned, id: "D1"),
        Case(testDescription: "name in another case", expected: .assigned, leaf: { $0.name = "D1" }),
        Case(testDescription: "RSA root", expected: .assigned, root: { $0.isRSA = true }),
        Case(testDescription: "RSA leaf", expected: .assigned, leaf: { $0.isRSA = true }),
        Case(
            testDescription: "leaf without usages",
            expected: .assigned,
            leaf: {
                $0.keyUsage = nil; $0.extendedKeyUsages = []
            }
        ),
        Case(testDescription: "leaf without basic constraints", expected: .assigned, leaf: { $0.isAuthority = nil }),
        Case(testDescription: "CA without key usage", expected: .assigned, lower: { $0.keyUsage = nil }),
        Case(
            testDescription: "leaf for clients and servers",
            expected: .assigned,
            leaf: { $0.extendedKeyUsages = [.serverAuth, .clientAuth] }
        ),
        Case(
            testDescription: "path length just long enough",
            expected: .assigned,
            root: { $0.pathLength = 2 },
            upper: { $0.pathLength = 1 },
            lower: { $0.pathLength = 0 }
        ),
        Case(testDescription: "valid since today", expected: .assigned, leaf: { $0.from = 0 }),
    ]

    private static let rotation: [Case] = [
        Case(testDescription: "secondary signing certificate", expected: .assigned, enrollments: "group:other,lower"),
        Case(testDescription: "primary of two", expected: .assigned, enrollments: "group:lower,other"),
        Case(testDescription: "rotated away", expected: .rejected, mistake: "D23", enrollments: "group:other"),
        Case(
            testDescription: "secondary CA reference",
            expected: .assigned,
            held: "root other",
            enrollments: "reference:other,root"
        ),
        Case(testDescription: "leaf renewed in a group", expected: .assigned, leaf: { $0.until = 300 }),
        Case(
            testDescription: "individual, secondary leaf",
            expected: .assigned,
            presented: "leaf",
            enrollments: "individual:other,leaf"
        ),
        Case(
            testDescription: "individual, leaf renewed",
            expected: .rejected,
            mistake: "M26",
            presented: "leaf",
            enrollments: "individual:old-leaf"
        ),
        Case(
            testDescription: "CA renewed with its key, both presented",
            expected: .assigned,
            presented: "leaf old-lower lower upper"
        ),
        Case(
            testDescription: "CA renewed with its key, both presented, other order",
            expected: .assigned,
            presented: "leaf lower old-lower upper"
        ),
    ]

    private static let broken: [Case] = [
        Case(testDescription: "intermediate not sent", expected: .rejected, mistake: "M20", presented: "leaf"),
        Case(
            testDescription: "upper intermediate not sent",
            expected: .rejected,
            mistake: "M20",
            presented: "leaf lower"
        ),
        Case(testDescription: "gap in the chain", expected: .rejected, mistake: "M20", presented: "leaf upper root"),
        Case(testDescription: "root not verified", expected: .rejected, mistake: "M21", held: "-root"),
        Case(testDescription: "no CA held", expected: .rejected, held: ""),
        Case(
            testDescription: "root presented but not held",
            expected: .rejected,
            presented: "leaf lower upper root",
            held: ""
        ),
        Case(testDescription: "another CA held", expected: .rejected, held: "other"),
        Case(testDescription: "common name is another id", expected: .rejected, mistake: "M18", id: "d2"),
        Case(testDescription: "leaf of another device", expected: .rejected, mistake: "M18", leaf: { $0.name = "d2" }),
        Case(
            testDescription: "leaf expired",
            expected: .rejected,
            leaf: {
                $0.from = -20; $0.until = -1
            }
        ),
        Case(testDescription: "leaf not yet valid", expected: .rejected, leaf: { $0.from = 1 }),
        Case(
            testDescription: "intermediate expired",
            expected: .rejected,
            lower: {
                $0.from = -20; $0.until = -1
            }
        ),
        Case(testDescription: "upper intermediate not yet valid", expected: .rejected, upper: { $0.from = 1 }),
        Case(
            testDescription: "root expired",
            expected: .rejected,
            root: {
                $0.from = -20; $0.until = -1
            }
        ),
        Case(testDescription: "intermediate is no CA", expected: .rejected, lower: { $0.isAuthority = false }),
        Case(
            testDescription: "intermediate without basic constraints",
            expected: .rejected,
            upper: { $0.isAuthority = nil }
        ),
        Case(
            testDescription: "intermediate may not sign",
            expected: .rejected,
            lower: { $0.keyUsage = KeyUsage(digitalSignature: true) }
        ),
        Case(
            testDescription: "root may not sign",
            expected: .rejected,
            root: { $0.keyUsage = KeyUsage(cRLSign: true) }
        ),
        Case(testDescription: "path too long for the root", expected: .rejected, root: { $0.pathLength = 1 }),
        Case(testDescription: "path too long for an intermediate", expected: .rejected, upper: { $0.pathLength = 0 }),
        Case(
            testDescription: "leaf for servers alone: DPS is not known to mind",
            expected: .assigned,
            leaf: { $0.extendedKeyUsages = [.serverAuth] }
        ),
        Case(testDescription: "leaf forged", expected: .rejected, leaf: { $0.isForged = true }),
        Case(testDescription: "intermediate forged", expected: .rejected, lower: { $0.isForged = true }),
        Case(
            testDescription: "unknown critical extension in the leaf",
            expected: .rejected,
            leaf: { $0.critical = Recipe.unknown }
        ),
        Case(
            testDescription: "unknown critical extension in a CA",
            expected: .rejected,
            upper: { $0.critical = Recipe.unknown }
        ),
        Case(
            testDescription: "name constraints are not judged",
            expected: .cannotVerify,
            upper: { $0.critical = Recipe.nameConstraints }
        ),
        Case(
            testDescription: "the group's CA as the device's own certificate",
            expected: .rejected,
            mistake: "M22",
            presented: "lower upper",
            id: "lower"
        ),
        Case(testDescription: "no group at all", expected: .rejected, mistake: "D22", enrollments: ""),
        Case(
            testDescription: "group of another branch",
            expected: .rejected,
            mistake: "D23",
            enrollments: "group:other"
        ),
    ]

    private static let deciding: [Case] = [
        Case(
            testDescription: "nearest group disabled, ancestor enabled",
            expected: .disabled,
            mistake: "M28",
            enrollments: "group:lower:disabled group:root"
        ),
        Case(
            testDescription: "nearest group enabled, ancestor disabled",
            expected: .assigned,
            mistake: "D30",
            enrollments: "group:lower group:root:disabled"
        ),
        Case(
            testDescription: "group disabled",
            expected: .disabled,
            mistake: "M28",
            enrollments: "group:lower:disabled"
        ),
        Case(
            testDescription: "individual disabled, group enabled",
            expected: .disabled,
            mistake: "M29",
            enrollments: "individual:leaf:disabled group:lower"
        ),
        Case(
            testDescription: "individual before a disabled group",
            expected: .assigned,
            mistake: "D30",
            enrollments: "individual:leaf group:lower:disabled"
        ),
        Case(
            testDescription: "individual holds another leaf, group would take it",
            expected: .rejected,
            mistake: "M26",
            enrollments: "individual:old-leaf group:lower"
        ),
        Case(
            testDescription: "individual, leaf alone",
            expected: .assigned,
            presented: "leaf",
            held: "",
            enrollments: "individual:leaf"
        ),
        Case(
            testDescription: "individual, leaf expired",
            expected: .rejected,
            leaf: {
                $0.from = -20; $0.until = -1
            },
            presented: "leaf",
            enrollments: "individual:leaf"
        ),
        Case(
            testDescription: "individual, chain with unverified root",
            expected: .rejected,
            mistake: "M23",
            held: "-root",
            enrollments: "individual:leaf"
        ),
        Case(
            testDescription: "individual, chain with verified root",
            expected: .assigned,
            enrollments: "individual:leaf"
        ),
        Case(
            testDescription: "individual by CA reference",
            expected: .assigned,
            enrollments: "individual-reference:root"
        ),
        Case(
            testDescription: "individual by a CA reference of another branch",
            expected: .rejected,
            held: "root other",
            enrollments: "individual-reference:other"
        ),
        Case(
            testDescription: "self-signed leaf pinned",
            expected: .assigned,
            presented: "self",
            held: "",
            enrollments: "individual:self"
        ),
        Case(
            testDescription: "self-signed leaf offered to a group",
            expected: .rejected,
            mistake: "D20",
            presented: "self"
        ),
    ]

    static let all = good + rotation + broken + deciding

    @Test func thereAreSixtyChainsAndMore() { #expect(Self.all.count >= 60) }

    @Test(arguments: all) func decidesAsDPSWould(_ chain: Case) async throws {
        let stage = try Stage(chain)
        let request = AttestationRequest(
            idScope: House.scope,
            registrationID: chain.id,
            clientCertificateChain: try stage.certificates(chain.presented).map { try $0.pem }
        )
        let verdict = Verifier.decide(try stage.registry(), request, at: House.now)
        #expect(verdict.decision == chain.expected, "\(verdict.steps.map(\.detail))")
        if let mistake = chain.mistake { #expect(verdict.diagnosis.first?.mistake == mistake) }
        if chain.expected == .assigned, chain.mistake == nil { #expect(verdict.diagnosis.isEmpty) }
        if chain.expected == .rejected { #expect(verdict.steps.contains { $0.result == .fail }) }
    }
}

/// The certificates of a case, and the registry that holds them.
struct Stage {
    private var known: [String: Issued] = [:]
    private let chain: ChainFamilyTests.Case

    init(_ chain: ChainFamilyTests.Case) throws {
        self.chain = chain
        let root = try Issued(Recipe.authority("root").with(chain.root))
        let upper = try Issued(Recipe.authority("upper").with(chain.upper), by: root)
        let lower = try Issued(Recipe.authority("lower").with(chain.lower), by: upper)
        known["root"] = root
        known["upper"] = upper
        known["lower"] = lower
        known["leaf"] = try Issued(Recipe.device().with(chain.leaf), by: lower)
        known["self"] = try Issued(Recipe.device())
        known["other"] = try Issued(Recipe.authority("other"))
        let expired = Recipe.authority("lower").with { ($0.from, $0.until) = (-30, -1) }
        known["old-leaf"] = try Issued(Recipe.device().with { ($0.from, $0.until) = (-40, 5) }, by: lower)
        known["old-lower"] = try Issued(expired, by: upper, reusing: lower)
    }

    func certificates(_ names: String) throws -> [Issued] {
        try names.split(separator: " ").map { try #require(known[String($0)]) }
    }

    /// `group:A,B:disabled`: primary A, secondary B; `reference:` and `individual-reference:` name CAs.
    func registry() throws -> [Registry] {
        let held = try chain.held.split(separator: " ").map { word in
            let name = String(word.drop { $0 == "-" })
            let certificate = try #require(known[name])
            return
                #"{"name": "\#(name)", "properties": {"isVerified": \#(!word.hasPrefix("-")), "certificate": \#(try certificate.json)}}"#
        }
        var groups: [String] = []
        var individuals: [String] = []
        for (number, word) in chain.enrollments.split(separator: " ").enumerated() {
            let parts = word.split(separator: ":").map(String.init)
            let names = parts[1].split(separator: ",").map(String.init)
            let isReference = parts[0].hasSuffix("reference")
            let entries = try zip(["primary", "secondary"], names).map { slot, name in
                isReference
                    ? #""\#(slot)": "\#(name)""# : #""\#(slot)": {"certificate": \#(try #require(known[name]).json)}"#
            }
            let isIndividual = parts[0].hasPrefix("individual")
            let member = isReference ? "caReferences" : isIndividual ? "clientCertificates" : "signingCertificates"
            let identity = isIndividual ? #""registrationId": "d1""# : #""enrollmentGroupId": "g\#(number)""#
            let status = parts.count > 2 ? #", "provisioningStatus": "\#(parts[2])""# : ""
            let text =
                "{\(identity), \"attestation\": {\"type\": \"x509\", \"x509\": {\"\(member)\": {\(entries.joined(separator: ", "))}}}\(status)}"
            if isIndividual { individuals.append(text) } else { groups.append(text) }
        }
        let text = """
            {"idScope": "\(House.scope)", "iotHubs": ["a.azure-devices.net"], "certificates": [\(held.joined(separator: ", "))],
             "individualEnrollments": [\(individuals.joined(separator: ", "))], "enrollmentGroups": [\(groups.joined(separator: ", "))]}
            """
        return try Registry.read(utf8: text.utf8)
    }
}
