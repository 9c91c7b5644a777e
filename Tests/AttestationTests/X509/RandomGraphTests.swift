import Foundation
import SwiftASN1
import Testing
import X509

@testable import Attestation

/// Path building against `openssl verify -partial_chain -attime` over random graphs: several roots, cross-signatures,
/// renewed keys, expired twins, wrong order, duplicates, certificates of others.
///
/// Both ways are checked. What openssl takes is taken here. What is taken here although openssl refuses it is shown to
/// openssl again as the one path that was found, without the certificates that led it astray: openssl chooses one issuer
/// at each step, by its name, and does not go back (docs/verifier.md).
@Suite struct RandomGraphTests {
    /// How many graphs are made: `scripts/compare-openssl` makes 2,000.
    private static let count = ProcessInfo.processInfo.environment["DPSLENS_GRAPHS"].flatMap { Int($0) } ?? 250

    @Test(.enabled(if: OpenSSLAgreementTests.openssl != nil, "the openssl command is not installed"))
    func agreesWithOpenSSLOverRandomGraphs() throws {
        let openssl = try OpenSSL(path: try #require(OpenSSLAgreementTests.openssl))
        defer { openssl.clear() }
        var random = SeededRandom(seed: 2_027)
        var tally = Tally()
        for number in 0..<Self.count {
            let graph = try RandomGraph(&random)
            let found = try graph.search()
            let accepts = try openssl.verify(graph.presented, graph.anchors)
            if accepts { tally.accepted += 1 }
            guard found.undecided == nil else {
                tally.undecided += 1
                continue
            }
            switch (found.valid.first, accepts) {
            case (nil, false), (.some, true): break
            case (nil, true):
                // The one rule that openssl does not hold a path to: RFC 5280, 6.1.4 (k). Without it the path holds.
                let lax = try graph.search(LaxProfile())
                #expect(!lax.valid.isEmpty, "graph \(number): \(String(describing: found.broken))")
                tally.stricter += 1
            case (let way?, false):
                if graph.isAmbiguous {
                    tally.ambiguous += 1
                    continue
                }
                let alone = try openssl.verify(Array(way.path.dropLast()), way.path.suffix(1).map { $0 })
                #expect(alone, "graph \(number): openssl refuses \(way.path.map(\.subject)): \(openssl.lastWords)")
                tally.cleverer += 1
            }
        }
        let n = Self.count
        #expect(tally.accepted > n / 6 && tally.accepted < n * 5 / 6, "\(tally)")
        #expect(
            tally.undecided == 0 && tally.cleverer < n / 3 && tally.ambiguous < n / 20 && tally.stricter < n / 10,
            "\(tally)"
        )
        print("graphs: \(n), \(tally)")
    }

    /// The order of what is presented, and of what is trusted, decides nothing.
    @Test func noOrderDecides() throws {
        var random = SeededRandom(seed: 2_028)
        for _ in 0..<60 {
            var graph = try RandomGraph(&random)
            func answer() throws -> String {
                let found = try graph.search()
                let ways = found.valid.map { $0.path.map(\.sha256) }
                let broken = found.broken.map { "\($0.path.map(\.sha256)) \($0.complaints.map(\.text))" } ?? ""
                return
                    "\(ways) \(broken) \(String(describing: found.deadEnd?.end)) \(found.deadEnd?.path.map(\.sha256) ?? [])"
            }
            let first = try answer()
            for _ in 0..<4 {
                let leaf = graph.presented.removeFirst()
                graph.presented.shuffle(using: &random)
                graph.presented.insert(leaf, at: 0)
                graph.anchors.shuffle(using: &random)
                #expect(try answer() == first)
            }
        }
    }
}

private struct Tally {
    var accepted = 0
    var undecided = 0
    /// Refused here and taken by openssl.
    var stricter = 0
    /// Taken here by a path that openssl takes as well once it stands alone.
    var cleverer = 0
    /// Taken here in a graph where one name has several keys and nothing but the signatures tells them apart; openssl, which
    /// chooses by name, takes the wrong one, and a CA that signed its own new key for a self-signed one.
    var ambiguous = 0
}

/// The openssl command with a folder for its files.
struct OpenSSL {
    let path: String
    let folder: URL

    init(path: String) throws {
        self.path = path
        folder = FileManager.default.temporaryDirectory.appending(path: "graphs-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    func clear() { try? FileManager.default.removeItem(at: folder) }

    /// Whether openssl takes the first certificate, with the others at hand.
    func verify(_ presented: [KnownCertificate], _ anchors: [KnownCertificate]) throws -> Bool {
        func write(_ certificates: some Collection<KnownCertificate>, _ name: String) throws -> String {
            let path = folder.appending(path: name).path
            let text = certificates.map {
                "-----BEGIN CERTIFICATE-----\n" + Data($0.der).base64EncodedString(options: .lineLength64Characters)
                    + "\n-----END CERTIFICATE-----"
            }
            try text.joined(separator: "\n").write(toFile: path, atomically: false, encoding: .utf8)
            return path
        }
        var arguments = [
            "verify", "-partial_chain", "-purpose", "any", "-attime", "\(House.now.seconds)", "-no-CAfile",
            "-no-CApath", "-trusted", try write(anchors, "anchors.pem"),
        ]
        let others = presented.dropFirst()
        if !others.isEmpty { arguments += ["-untrusted", try write(others, "others.pem")] }
        arguments.append(try write(presented.prefix(1), "leaf.pem"))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        let errors = folder.appending(path: "errors")
        _ = FileManager.default.createFile(atPath: errors.path, contents: nil)
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    /// What openssl said the last time, on one line.
    var lastWords: String {
        let text = (try? String(contentsOf: folder.appending(path: "errors"), encoding: .utf8)) ?? ""
        return text.split(whereSeparator: \.isNewline).joined(separator: " | ")
    }
}

/// A leaf, and CAs that signed one another at random.
private struct RandomGraph {
    var presented: [KnownCertificate] = []
    var anchors: [KnownCertificate] = []
    /// Whether certificates of a CA whose name has several keys do not say which key signed them.
    var isAmbiguous = false

    init(_ random: inout SeededRandom) throws {
        func chance(_ percent: UInt64) -> Bool { random.next() % 100 < percent }
        func pick(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
        // Keys with names; some names have two keys, as after a renewal.
        let count = 3 + pick(4)
        var keys: [Crafted] = []
        for number in 0..<count {
            let name = number > 0 && chance(20) ? "ca \(pick(number))" : "ca \(number)"
            keys.append(try Crafted.authority(name))
        }
        var all: [Crafted] = []
        let isTold = chance(80)
        var ambiguous = false
        let subjects = keys.map(\.certificate.subject)
        // Half of the world's CAs write no key identifiers; those that changed their key should.
        func leavesIdentifierOut(_ issuer: Int) -> Bool {
            let isShared = subjects.count { $0 == subjects[issuer] } > 1
            if isShared, isTold { return false }
            if isShared { ambiguous = true }
            return true
        }
        func issue(_ place: Int, by issuer: Int) throws -> Crafted {
            let defect = chance(30) ? pick(8) : -1
            let length = chance(15) ? pick(3) : nil
            let name = keys[place].certificate.subject
            return try Crafted(name: name, by: issuer == place ? nil : keys[issuer], reusing: keys[place]) { draft in
                draft.set(try .init(BasicConstraints.isCertificateAuthority(maxPathLength: length), critical: true))
                draft.set(try .init(KeyUsage(keyCertSign: true, cRLSign: true), critical: true))
                if place % 2 == 0 || issuer % 2 == 0, leavesIdentifierOut(issuer) { draft.drop([2, 5, 29, 35]) }
                switch defect {
                case 0, 1, 2: (draft.from, draft.until) = (-900, -2)
                case 3: draft.from = 50
                case 4: draft.set(try .init(BasicConstraints.notCertificateAuthority, critical: true))
                case 5: draft.drop([2, 5, 29, 19])
                case 6: draft.set(try .init(KeyUsage(digitalSignature: true), critical: true))
                case 7: draft.set(.init(oid: [1, 3, 9999], critical: true, value: [0x30, 0x00]))
                default: break
                }
            }
        }
        for place in 0..<count {
            if chance(60) { all.append(try issue(place, by: place)) }
            for _ in 0..<(1 + pick(3)) where count > 1 {
                let issuer = pick(count)
                if issuer != place { all.append(try issue(place, by: issuer)) }
            }
        }
        let last = pick(count)
        let leaf = try Crafted.device(by: keys[last]) {
            if chance(50), leavesIdentifierOut(last) { $0.drop([2, 5, 29, 35]) }
            if chance(5) { ($0.from, $0.until) = (-900, -2) }
        }
        var trusted: [Crafted] = []
        for _ in 0..<(1 + pick(3)) where !all.isEmpty { trusted.append(all[pick(all.count)]) }
        if trusted.isEmpty || chance(5) { trusted.append(try Crafted.authority("stranger")) }
        var rest = all.filter { _ in !chance(15) }
        if chance(30), !rest.isEmpty { rest.append(rest[pick(rest.count)]) }
        if chance(30) { rest.append(try Crafted.authority("unrelated", by: try Crafted.authority("nobody"))) }
        rest.shuffle(using: &random)
        presented = try ([leaf] + rest).map { KnownCertificate(der: try $0.der) }
        anchors = try trusted.map { KnownCertificate(der: try $0.der) }
        isAmbiguous = ambiguous
    }

    func search(_ profile: any PathProfile = DPSProfile(now: House.now, purpose: .any)) throws -> PathSearch {
        PathSearch(
            presented,
            authorities: anchors.enumerated().map { place, certificate in
                Registry.CACertificate(
                    name: "anchor",
                    entry: .init(
                        text: Base64Text.encode(certificate.der),
                        sha1Thumbprint: nil,
                        sha256Thumbprint: nil,
                        subjectName: nil,
                        issuerName: nil
                    ),
                    isVerified: true
                )
            },
            profile: profile
        )
    }
}

/// The rules, but for the one that a CA says that it is one: its key usage says enough for openssl.
private struct LaxProfile: PathProfile {
    private let strict = DPSProfile(now: House.now, purpose: .any)

    func local(_ certificate: KnownCertificate, isLeaf: Bool) -> [PathComplaint] {
        let extensions = certificate.content?.extensions
        let saysNothing = extensions.map { (try? $0.basicConstraints) == nil } ?? false
        let signs = (try? extensions?.keyUsage)?.keyCertSign == true
        return strict.local(certificate, isLeaf: isLeaf).filter {
            !(saysNothing && signs && $0.text.hasSuffix("is not a CA"))
        }
    }

    func whole(_ path: [KnownCertificate]) -> [PathComplaint] { strict.whole(path) }
    func unjudged(_ certificate: KnownCertificate) -> String? { strict.unjudged(certificate) }
    func refuses(for complaint: PathComplaint) -> Bool { strict.refuses(for: complaint) }
}
