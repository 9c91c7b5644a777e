import ArgumentParser

/// Looks at rules and tries them.
struct RulesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules",
        abstract: "List, show, check, test and render the rules.",
        subcommands: [
            RulesListCommand.self, RulesShowCommand.self, RulesLintCommand.self, RulesTestCommand.self,
            RulesRenderCommand.self,
        ]
    )
}
