import Foundation
import Testing

@testable import Attestation

/// RSASSA-PSS as the openssl command makes it; what it says of a chain is what is said here.
@Suite(.enabled(if: OpenSSLAgreementTests.openssl != nil, "the openssl command is not installed"))
struct PSSCertificateTests {
    /// One way of making a chain of a CA and a device.
    struct Way: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// For the CA's key, the CA's own signature and the device's.
        var key = ["-newkey", "rsa:2048"]
        var own: [String] = []
        var device: [String]
        var outcome = PathJudgement.Outcome.accepted
    }

    private static func pss(_ salt: String, _ digest: String = "sha256") -> [String] {
        ["-\(digest)", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:\(salt)"]
    }

    static let ways: [Way] = [
        Way(testDescription: "plain", device: []),
        Way(testDescription: "the device's signature", device: pss("digest")),
        Way(testDescription: "SHA-384", own: pss("digest", "sha384"), device: pss("digest", "sha384")),
        Way(testDescription: "SHA-512", device: pss("digest", "sha512")),
        Way(testDescription: "no salt", device: pss("0"), outcome: .cannotVerify),
        Way(testDescription: "SHA-1", device: pss("digest", "sha1"), outcome: .refused),
        Way(testDescription: "a long salt", device: pss("max"), outcome: .cannotVerify),
        Way(
            testDescription: "a key that is bound to it",
            key: ["-newkey", "rsa-pss", "-pkeyopt", "rsa_keygen_bits:2048"],
            own: pss("digest"),
            device: pss("digest")
        ),
    ]

    private static func run(_ arguments: [String], in folder: URL) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(OpenSSLAgreementTests.openssl))
        process.currentDirectoryURL = folder
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }

    @Test(arguments: ways) func isJudgedAsOpensslDoes(way: Way) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "pss-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let root = [
            "req", "-x509", "-nodes", "-days", "30", "-subj", "/CN=root", "-keyout", "root.key", "-out", "root.pem",
        ]
        let usage = ["-addext", "keyUsage=critical,keyCertSign"]
        #expect(try Self.run(root + way.key + way.own + usage, in: folder) == 0)
        let device = [
            "req", "-x509", "-nodes", "-days", "30", "-subj", "/CN=d1", "-keyout", "d1.key", "-out", "d1.pem",
            "-newkey",
            "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-CA", "root.pem", "-CAkey", "root.key", "-addext",
            "basicConstraints=critical,CA:FALSE",
        ]
        #expect(try Self.run(device + way.device, in: folder) == 0)
        func text(_ name: String) throws -> String {
            try String(contentsOf: folder.appending(path: name), encoding: .utf8)
        }
        let now = UnixTime(seconds: Int64(Date().timeIntervalSince1970) + 60)
        let judgement = PathJudgement.judge(chain: try text("d1.pem"), anchors: try text("root.pem"), at: now)
        #expect(judgement.outcome == way.outcome, "\(judgement.steps.map(\.detail))")
        #expect(try Self.run(["verify", "-CAfile", "root.pem", "d1.pem"], in: folder) == 0)
        guard way.outcome == .accepted else { return }
        // One bit of the name, which the signature covers, or of the signature itself.
        let whole = try #require(KnownCertificate.read(try text("d1.pem"))?.first).der
        for place in [whole.count - 20, try #require(whole.firstIndex(of: 0x64))] {
            var broken = whole
            broken[place] ^= 1
            let forged = PathJudgement.judge(chain: Base64Text.encode(broken), anchors: try text("root.pem"), at: now)
            #expect(forged.outcome != .accepted, "bit at \(place)")
        }
    }
}
