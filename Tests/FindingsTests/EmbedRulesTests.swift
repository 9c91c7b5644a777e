import Foundation
import TestSupport
import Testing

/// The build step that puts queries/rules into the program, as the build runs it.
@Suite struct EmbedRulesTests {
    private static let tool = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        .appending(path: "embed-rules")

    private static func embed(_ folder: String, _ output: String) throws -> (code: Int32, error: String) {
        let process = Process()
        process.executableURL = tool
        process.arguments = [folder, output]
        let pipe = Pipe()
        process.standardError = pipe
        try process.run()
        let error = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, error)
    }

    @Test func rulesComeInTheOrderOfTheirFiles() throws {
        let folder = try TestFolder()
        for name in ["a", "a-b"] {
            try folder.write("SELECT '\(name)' AS x\n", to: "rules/\(name).sql")
            try folder.write("[]\n", to: "rules/\(name).cases.json")
        }
        let output = "\(folder.path)/out.swift"
        let run = try Self.embed("\(folder.path)/rules", output)
        #expect(run.code == 0 && run.error.isEmpty, "\(run.error)")
        let text = String(decoding: try TestFolder.read(output), as: UTF8.self)
        let (first, second) = (
            try #require(text.firstRange(of: "\"a-b.sql")), try #require(text.firstRange(of: "\"a.sql"))
        )
        #expect(first.lowerBound < second.lowerBound)
    }

    @Test(arguments: [
        (["a.sql"], "a.sql has no a.cases.json beside it"), (["a.cases.json"], "a.cases.json has no a.sql beside it"),
    ])
    func aFileWithoutItsFellowIsNamed(files: [String], says: String) throws {
        let folder = try TestFolder()
        for file in files + ["b.sql", "b.cases.json"] { try folder.write("x\n", to: "rules/\(file)") }
        let run = try Self.embed("\(folder.path)/rules", "\(folder.path)/out.swift")
        #expect(run.code == 1)
        #expect(run.error.hasPrefix("error: \(folder.path)/rules/\(says): write "), "\(run.error)")
        #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/out.swift"))
    }

    @Test func aTextWithoutALineEndAtItsEndIsNamed() throws {
        let folder = try TestFolder()
        try folder.write("SELECT 1", to: "rules/a.sql")
        try folder.write("[]\n", to: "rules/a.cases.json")
        let run = try Self.embed("\(folder.path)/rules", "\(folder.path)/out.swift")
        #expect(run.code == 1 && run.error.contains("rules/a.sql: write it in UTF-8"), "\(run.error)")
    }
}
