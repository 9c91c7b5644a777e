import ArgumentParser
import Foundation
import TestSupport
import Testing

@testable import dpslens

/// Every command stands everywhere where people look for it.
@Suite struct CommandPlacesTests {
    /// A command with the names that lead to it.
    struct Place: Sendable, CustomTestStringConvertible {
        let path: [String]
        /// The name of its type.
        let type: String
        var testDescription: String { path.joined(separator: " ") }
    }

    static let all: [Place] = below(Dpslens.self, [])
    static let first: [Place] = all.filter { $0.path.count == 1 }

    private static func below(_ command: any ParsableCommand.Type, _ path: [String]) -> [Place] {
        command.configuration.subcommands.flatMap { child in
            let own = path + [child.configuration.commandName ?? ""]
            return [Place(path: own, type: "\(child)")] + below(child, own)
        }
    }

    private static func text(_ path: String) throws -> String {
        String(decoding: try TestFolder.read(Binary.root + "/" + path), as: UTF8.self)
    }

    @Test(arguments: first) func theReadMeHasIt(_ command: Place) throws {
        #expect(try Self.text("README.md").contains("| `dpslens \(command.path[0])"))
    }

    /// A command's recorded help names the commands below it.
    @Test(arguments: all) func theRecordedHelpHasIt(_ command: Place) throws {
        let above = command.path.count == 1 ? "dpslens" : command.path[0]
        let help = try Self.text("Tests/CommandLineTests/Snapshots/help-\(above).txt")
        // Deeper ones are named by the help of the command above them, which is not recorded.
        if command.path.count < 3 { #expect(help.contains("\n  \(command.path.last ?? "")")) }
        let own = try Self.text("Tests/CommandLineTests/Snapshots/help-\(command.path[0]).txt")
        #expect(own.contains("dpslens \(command.path[0])"), "DPSLENS_RECORD=1 records it")
    }

    @Test func completionHasThemAll() throws {
        for shell in ["bash", "zsh", "fish"] {
            let script = try Binary.run("--generate-completion-script", shell)
            #expect(script.code == 0)
            for command in Self.all {
                #expect(script.output.contains(command.path.last ?? "?"), "\(shell): \(command)")
            }
        }
    }

    private static let python = ["/usr/bin/python3", "/usr/local/bin/python3"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    @Test(.enabled(if: python != nil, "python3 is not installed"))
    func theManualHasThemAll() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(Self.python))
        process.arguments = [Binary.root + "/scripts/manual", Binary.path]
        let out = Pipe()
        process.standardOutput = out
        try process.run()
        let manual = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        for command in Self.all {
            let heading = ".SS dpslens " + command.path.joined(separator: " ").replacing("-", with: "\\-")
            #expect(manual.contains(heading + "\n"), "\(command)")
        }
    }

    /// `dpslens rules show` is `RulesShowCommand` in `RulesShowCommand.swift`.
    @Test(arguments: all) func hasATypeAndAFileOfItsName(_ command: Place) {
        let words = command.path.flatMap { $0.split(separator: "-") }
        #expect(command.type.lowercased() == words.joined() + "command")
        let folder = command.path[0] == "attest" ? "Attest" : "Commands"
        let file = "\(Binary.root)/Sources/dpslens/\(folder)/\(command.type).swift"
        #expect(FileManager.default.fileExists(atPath: file), "move \(command.type) to a file of its own")
    }

    /// A file of a command that nobody can call is found here.
    @Test(arguments: ["Attest", "Commands"]) func everyFileOfACommandBelongsToOne(_ folder: String) throws {
        let types = Set(Self.all.map(\.type))
        let files = try FileManager.default.contentsOfDirectory(atPath: "\(Binary.root)/Sources/dpslens/\(folder)")
        let commands = files.filter { $0.hasSuffix("Command.swift") }
        #expect(commands.count > 5)
        for file in commands {
            #expect(types.contains(String(file.dropLast(".swift".count))), "\(file): name it in Dpslens.swift")
        }
    }

    /// Options that several commands take stand in a group of `Options/`, so that they mean the same everywhere.
    @Test func optionsOfSeveralCommandsAreGroups() throws {
        let shared = ["\"output\"", "\"format\"", "\"wait\"", "var output: String", "var format =", "var wait ="]
        for command in Self.all where command.path != ["attest", "derive-key"] {
            let folder = command.path[0] == "attest" ? "Attest" : "Commands"
            let text = try Self.text("Sources/dpslens/\(folder)/\(command.type).swift")
            for word in shared { #expect(!text.contains(word), "\(command.type): \(word): take the group of Options/") }
        }
    }
}
