import Attestation
import Foundation
import SwiftASN1
import Testing
@_spi(FixedExpiryValidationTime) import X509

/// Profile rfc5280 against the policy that swift-certificates has for RFC 5280, where both judge: validity, CA flags, path
/// lengths, name constraints on DNS names and addresses.
///
/// The library's policy leaves out, or refuses unseen, what `NameConstraintTests` and `RFC5280ProfileTests` are about.
@Suite struct LibraryAgreementTests {
    @Test func agreesWithTheLibraryOverRandomConstraints() async throws {
        var random = SeededRandom(seed: 5_280)
        var accepted = 0
        for number in 0..<300 {
            let chain = try RandomConstraints(&random)
            let judgement = PathJudgement.judge(
                chain: try [chain.leaf, chain.middle].map { try $0.pem }.joined(separator: "\n"),
                anchors: try chain.root.pem,
                at: House.now,
                profile: .rfc5280
            )
            let accepts = await Self.library(chain)
            if accepts { accepted += 1 }
            #expect((judgement.outcome == .accepted) == accepts, "chain \(number): \(judgement.steps.map(\.detail))")
        }
        #expect(accepted > 60 && accepted < 240, "\(accepted)")
    }

    private static func library(_ chain: RandomConstraints) async -> Bool {
        let now = Date(timeIntervalSince1970: Double(House.now.seconds))
        var verifier = X509.Verifier(rootCertificates: CertificateStore([chain.root.certificate])) {
            RFC5280Policy(fixedExpiryValidationTime: now)
        }
        let store = CertificateStore([chain.middle.certificate])
        switch await verifier.validate(leaf: chain.leaf.certificate, intermediates: store) {
        case .validCertificate: return true
        case .couldNotValidate: return false
        }
    }
}

/// A root and a CA with constraints at random, and a leaf with names at random.
private struct RandomConstraints {
    let root: Crafted
    let middle: Crafted
    let leaf: Crafted

    init(_ random: inout SeededRandom) throws {
        func chance(_ percent: UInt64) -> Bool { random.next() % 100 < percent }
        func pick<Element>(_ list: [Element]) -> Element { list[Int(random.next() % UInt64(list.count))] }
        func host() -> String {
            let labels = (0..<(1 + Int(random.next() % 3))).map { _ in pick(["a", "b", "Plant", "x1"]) }
            return (labels + ["example"]).joined(separator: ".")
        }
        func address(_ isRange: Bool) -> GeneralName {
            let bytes = [UInt8(10), pick([1, 2]), pick([0, 64, 128]), 5]
            let length = Int(random.next() % 33)
            let mask = (0..<4).map { place -> UInt8 in
                let ones = min(8, max(0, length - 8 * place))
                return ones == 0 ? 0 : 0xFF << UInt8(8 - ones)
            }
            return .ipAddress(ASN1OctetString(contentBytes: ArraySlice(isRange ? bytes + mask : bytes)))
        }
        func constraints() -> NameConstraints? {
            guard chance(60) else { return nil }
            let permitted: [GeneralName] = chance(60) ? [.dnsName(host()), .dnsName(host()), address(true)] : []
            let excluded: [GeneralName] = chance(40) || permitted.isEmpty ? [.dnsName(host()), address(true)] : []
            return NameConstraints(permittedSubtrees: permitted, excludedSubtrees: excluded)
        }
        func authority(_ name: String, by issuer: Crafted?) throws -> Crafted {
            let limits = constraints()
            let length = chance(10) ? Int(random.next() % 2) : nil
            let isOver = chance(5)
            return try Crafted.authority(name, by: issuer, pathLength: length) { draft in
                if let limits { draft.set(try .init(limits, critical: true)) }
                if isOver { (draft.from, draft.until) = (-90, -1) }
            }
        }
        root = try authority("root", by: nil)
        middle = try authority("middle", by: root)
        var names: [GeneralName] = []
        for _ in 0..<Int(random.next() % 3) { names.append(chance(60) ? .dnsName(host()) : address(false)) }
        let alternative = names
        leaf = try Crafted.device(by: middle) {
            if !alternative.isEmpty { $0.set(try .init(SubjectAlternativeNames(alternative), critical: false)) }
        }
    }
}
