import Attestation
import Foundation
import Testing
import X509

/// Path validation says what `openssl verify -partial_chain -purpose sslclient -attime` says, over chains made at random.
@Suite struct OpenSSLAgreementTests {
    static let openssl = ["/usr/bin/openssl", "/usr/local/bin/openssl"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// A difference that is meant, with the reason; docs/verifier.md tells of each.
    private static func isExplained(_ chain: RandomChain, _ outcome: PathJudgement.Outcome, opensslAccepts: Bool)
        -> Bool
    {
        // What is said not to be judged is no verdict.
        if outcome == .cannotVerify { return chain.hasNameConstraints }
        // openssl takes a CA without basic constraints if its key usage says that it signs; RFC 5280, 6.1.4 (k), does not.
        if outcome == .refused, opensslAccepts {
            return chain.defects.contains { $0.hasPrefix("no basic constraints") }
        }
        // Where the leaf itself is trusted, openssl still goes up through what was presented; here the path ends.
        return chain.trustsLeaf && outcome == .accepted
    }

    @Test(.enabled(if: openssl != nil, "the openssl command is not installed"))
    func agreesOverFiveHundredChains() throws {
        let openssl = try #require(Self.openssl)
        let folder = FileManager.default.temporaryDirectory.appending(path: "agreement-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var random = SeededRandom(seed: 2026)
        var accepted = 0
        var explained = 0
        for number in 0..<520 {
            let chain = try RandomChain(&random)
            let judgement = PathJudgement.judge(
                chain: try chain.presented.map { try $0.pem }.joined(separator: "\n"),
                anchors: try chain.anchors.map { try $0.pem }.joined(separator: "\n"),
                at: House.now
            )
            let accepts = try Self.verify(chain, openssl, folder)
            if accepts { accepted += 1 }
            let agrees = (judgement.outcome == .accepted) == accepts && judgement.outcome != .cannotVerify
            if !agrees, Self.isExplained(chain, judgement.outcome, opensslAccepts: accepts) {
                explained += 1
                continue
            }
            #expect(
                agrees,
                "chain \(number), \(chain.defects): \(judgement.outcome), \(judgement.steps.map(\.detail)); openssl \(accepts ? "accepts" : "refuses")"
            )
        }
        // Both verdicts must be common, or the agreement says little.
        #expect(accepted > 100 && accepted < 420)
        #expect(explained < 60)
    }

    private static func verify(_ chain: RandomChain, _ openssl: String, _ folder: URL) throws -> Bool {
        func write(_ certificates: some Collection<Issued>, _ name: String) throws -> String {
            let path = folder.appending(path: name).path
            try certificates.map { try $0.pem }.joined(separator: "\n").write(
                toFile: path,
                atomically: false,
                encoding: .utf8
            )
            return path
        }
        var arguments = [
            "verify", "-partial_chain", "-purpose", "sslclient", "-attime", "\(House.now.seconds)", "-no-CAfile",
            "-no-CApath", "-trusted", try write(chain.anchors, "anchors.pem"),
        ]
        let others = chain.presented.dropFirst()
        if !others.isEmpty { arguments += ["-untrusted", try write(others, "others.pem")] }
        arguments.append(try write(chain.presented.prefix(1), "leaf.pem"))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: openssl)
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}

/// A chain of one to five certificates with some things wrong, each of which is named.
private struct RandomChain {
    var presented: [Issued] = []
    var anchors: [Issued] = []
    var defects: [String] = []
    var hasNameConstraints = false
    var trustsLeaf = false

    init(_ random: inout SeededRandom) throws {
        func chance(_ percent: UInt64) -> Bool { random.next() % 100 < percent }
        let depth = Int(random.next() % 4)
        var path: [Issued] = []
        for level in stride(from: depth, through: 0, by: -1) {
            var recipe = level == 0 ? Recipe.device() : Recipe.authority("ca-\(level)")
            func defect(_ name: String, _ change: (inout Recipe) -> Void) {
                defects.append("\(name) at \(level)")
                change(&recipe)
            }
            if chance(7) {
                switch random.next() % 9 {
                case 0: defect("expired") { ($0.from, $0.until) = (-20, -1) }
                case 1: defect("not yet valid") { $0.from = 1 }
                case 2: defect("CA flag turned") { $0.isAuthority = level == 0 }
                case 3: defect("no basic constraints") { $0.isAuthority = nil }
                case 4: defect("may not sign") { $0.keyUsage = KeyUsage(digitalSignature: true) }
                case 5: defect("servers alone") { $0.extendedKeyUsages = [.serverAuth] }
                case 6: defect("forged") { $0.isForged = true }
                case 7: defect("unknown critical") { $0.critical = Recipe.unknown }
                default:
                    hasNameConstraints = true
                    defect("name constraints") { $0.critical = Recipe.nameConstraints }
                }
            }
            if level > 0, chance(20) {
                recipe.pathLength = Int(random.next() % 3)
                defects.append("path length \(recipe.pathLength ?? 0) at \(level)")
            }
            if chance(10) { recipe.isRSA = true }
            path.insert(try Issued(recipe, by: path.first), at: 0)
        }
        let top = Int(random.next() % UInt64(path.count))
        let anchor = chance(70) ? path.count - 1 : top
        anchors = [path[anchor]]
        trustsLeaf = anchor == 0
        if chance(10) {
            anchors = [try Issued(Recipe.authority("stranger"))]
            defects.append("a stranger is trusted")
        }
        presented = path
        if depth > 0, chance(10) {
            presented.remove(at: 1 + Int(random.next() % UInt64(depth)))
            defects.append("one is not presented")
        }
        if depth > 1, chance(20) { presented.swapAt(1, presented.count - 1) }
    }
}
