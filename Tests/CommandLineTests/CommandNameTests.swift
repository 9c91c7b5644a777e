import ArgumentParser
import Testing

@testable import dpslens

@Suite struct CommandNameTests {
    /// A name that is made from a type's costs a search through all conformances of the program, and every command's is
    /// asked for at each start: together a third of it.
    @Test func everyCommandSaysItsNameItself() {
        var waiting: [any ParsableCommand.Type] = [Dpslens.self]
        var seen = 0
        while let command = waiting.popLast() {
            seen += 1
            #expect(command.configuration.commandName == command._commandName, "\(command)")
            waiting += command.configuration.subcommands
        }
        #expect(seen > 30)
    }
}
