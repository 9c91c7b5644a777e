import TestSupport
import Testing

/// `suppress add|list|check` by the real binary.
@Suite struct SuppressCommandTests {
    private let folder: TestFolder
    private var file: String { folder.path + "/s.yaml" }
    private var db: String { folder.path + "/a.db" }

    init() throws { folder = try TestFolder() }

    private func add(_ rule: String, _ subject: String, expires: String = "2099-12-31") throws -> Run {
        try Binary.run(
            "suppress",
            "add",
            "--file",
            file,
            "--rule",
            rule,
            "--subject",
            subject,
            "--reason",
            "known",
            "--owner",
            "ops",
            "--expires",
            expires
        )
    }

    @Test func whatIsAddedIsListedAndCoversFindings() throws {
        #expect(try add("connects-to-old-hub", "truck-0*").code == 0)
        let list = try Binary.run("suppress", "list", "--file", file, "--format", "csv")
        #expect(
            list.output
                == "rule,subject,state,expires,owner,reason,line\nconnects-to-old-hub,truck-0*,holds,2099-12-31,ops,known,3\n"
        )
        #expect(try Binary.run("analyze", CommandTests.sample, "--db", db, "-q").code == 0)
        let found = try Binary.run(
            "findings",
            "--db",
            db,
            "--suppressions",
            file,
            "--format",
            "csv",
            "--fail-on",
            "low"
        )
        #expect(found.code == 0)
        #expect(found.output.split(separator: "\n").count { $0.contains(",suppressed,") } == 6)
        #expect(try Binary.run("suppress", "check", "--file", file, "--db", db).code == 0)
    }

    @Test func unusedExpiredAndBroadOnesAreToldWithExitOne() throws {
        #expect(try add("throttled", "nobody").code == 0)
        #expect(try add("connects-to-old-hub", "truck-01", expires: "2020-01-01").code == 0)
        #expect(try add("*", "*").code == 0)
        #expect(try Binary.run("analyze", CommandTests.sample, "--db", db, "-q").code == 0)
        let check = try Binary.run("suppress", "check", "--file", file, "--db", db)
        #expect(check.code == 1)
        for word in ["s.yaml:3: unused", "s.yaml:8: expired", "s.yaml:13: over-broad"] {
            #expect(check.output.contains(word), "\(check.output)")
        }
    }

    @Test func whatCannotBeReadIsFourAndChangesNothing() throws {
        #expect(try add("no-such-rule", "x").code == 4)
        #expect(try Binary.run("suppress", "list", "--file", file).code == 4)
        try folder.write("suppressions: [\n", to: "s.yaml")
        #expect(try add("throttled", "x").code == 4)
        #expect(String(decoding: try TestFolder.read(file), as: UTF8.self) == "suppressions: [\n")
        #expect(try Binary.run("analyze", CommandTests.sample, "--db", db, "-q", "--suppressions", file).code == 4)
    }
}
