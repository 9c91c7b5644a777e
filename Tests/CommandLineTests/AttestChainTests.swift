import Foundation
import TestSupport
import Testing

/// `attest chain` with certificates that the openssl command makes, and key files as other systems write them.
@Suite struct AttestChainTests {
    private static let openssl = ["/usr/bin/openssl", "/usr/local/bin/openssl"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// Makes NAME.pem and NAME.key in a folder; its own issuer if none is given.
    private static func issue(_ name: String, by issuer: String?, _ extensions: [String], _ folder: TestFolder) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(openssl))
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        process.arguments =
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
                "-subj",
                "/CN=\(name)", "-keyout", "\(name).key", "-out", "\(name).pem",
            ] + (issuer.map { ["-CA", "\($0).pem", "-CAkey", "\($0).key"] } ?? [])
            + extensions.flatMap { ["-addext", $0] }
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    /// A bundle of as many anchors as are read, and of one more; what is beside them is repeated, and none of it is skipped.
    @Test(.enabled(if: openssl != nil, "the openssl command is not installed"))
    func tenThousandAnchorsAreReadAndOneMoreIsRefusedByItsName() throws {
        let folder = try TestFolder()
        try Self.issue("other", by: nil, ["keyUsage=critical,keyCertSign"], folder)
        try Self.issue("root", by: nil, ["keyUsage=critical,keyCertSign"], folder)
        try Self.issue("d1", by: "root", ["basicConstraints=critical,CA:FALSE"], folder)
        let other = try String(contentsOfFile: folder.path + "/other.pem", encoding: .utf8)
        let root = try String(contentsOfFile: folder.path + "/root.pem", encoding: .utf8)
        func run(_ others: Int) throws -> Run {
            // The one that is needed stands last.
            let anchors = try folder.write(String(repeating: other, count: others) + root, to: "anchors.pem")
            return try Binary.run("attest", "chain", "--anchors", anchors, "--chain", folder.path + "/d1.pem")
        }
        let most = try run(9_999)
        #expect(most.code == 0, "\(most.output)\(most.error)")
        let more = try run(10_000)
        #expect(more.code == 2, "\(more.output)\(more.error)")
        #expect(
            more.output.contains("anchors") && more.output.contains("more than 10000 certificates"),
            "\(more.output)"
        )
        let large = try run(40_000)
        #expect(large.code == 3, "\(large.output)\(large.error)")
        #expect(large.error.contains("anchors.pem: it is longer than 16 MiB"), "\(large.error)")
    }

    @Test(.enabled(if: openssl != nil, "the openssl command is not installed"))
    func takesAPurposeAndAProfileAndSaysTheOrder() throws {
        let folder = try TestFolder()
        let signs = ["keyUsage=critical,keyCertSign,cRLSign"]
        try Self.issue("root", by: nil, signs, folder)
        try Self.issue("lower", by: "root", signs, folder)
        try Self.issue(
            "d1",
            by: "lower",
            ["basicConstraints=critical,CA:FALSE", "extendedKeyUsage=clientAuth"],
            folder
        )
        func text(_ name: String) throws -> String {
            try String(contentsOfFile: "\(folder.path)/\(name).pem", encoding: .utf8)
        }
        func run(_ names: [String], _ more: String...) throws -> (code: Int32, output: String) {
            let chain = try folder.write(try names.map(text).joined(), to: "chain.pem")
            let anchors = "\(folder.path)/root.pem"
            let run = try Binary.run(["attest", "chain", "--anchors", anchors, "--chain", chain] + more)
            return (run.code, run.output)
        }
        let right = try run(["d1", "lower"])
        #expect(right.code == 0 && !right.output.contains("order"))
        #expect(try run(["d1", "lower"], "--profile", "rfc5280").code == 0)
        #expect(try run(["d1", "lower"], "--profile", "rfc5280", "--purpose", "any").code == 0)
        let servers = try run(["d1", "lower"], "--purpose", "server")
        #expect(servers.code == 1 && servers.output.contains("not for servers"))
        let first = try run(["lower", "d1"])
        #expect(first.code == 1 && first.output.contains("the leaf is not first"))
        #expect(try run(["root", "lower", "d1"], "--profile", "rfc5280").code == 1)
        let mended = try run(["d1", "root", "lower"])
        #expect(mended.code == 0 && mended.output.contains("not each certificate is followed by its issuer"))
        #expect(try run(["d1", "lower"], "--max-depth", "1").code == 0)
        let deep = try run(["d1", "lower"], "--max-depth", "0")
        #expect(deep.code == 1 && deep.output.contains("0 may be"))
        #expect(try run(["d1", "lower"], "--max-depth", "-1").code == 64)
        #expect(try run(["d1", "lower"], "--profile", "webpki").code == 64)
        #expect(try run(["d1"]).code == 1)
    }

    @Test func namesWhatOtherSystemsDoToKeyFiles() throws {
        let folder = try TestFolder()
        let key = Data((0..<32).map { UInt8($0) }).base64EncodedString()
        let utf8 = Array(key.utf8)
        let wide = utf8.flatMap { [$0, UInt8(0)] }
        for (name, bytes, says) in [
            ("mark", [0xEF, 0xBB, 0xBF] + utf8, "byte order mark"), ("utf16", [0xFF, 0xFE] + wide, "UTF-16"),
            ("unmarked", wide, "UTF-16"), ("literal", utf8 + Array(#"\n"#.utf8), "literal \\n"),
            ("pem", Array("-----BEGIN PRIVATE KEY-----".utf8), "PEM"),
        ] {
            let path = folder.path + "/" + name
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            let run = try Binary.run("attest", "derive-key", "--key-file", path, "--registration-id", "d1")
            #expect(run.code == 4 && run.error.contains(says), "\(name): \(run.error)")
            #expect(run.output.isEmpty && !run.error.contains(key.prefix(12)))
        }
        let inherited = try Binary.run(
            "attest",
            "derive-key",
            "--registration-id",
            "d1",
            environment: ["DPSLENS_GROUP_KEY": key + #"\n"#]
        )
        #expect(inherited.code == 4 && inherited.error.contains("literal"))
    }
}
