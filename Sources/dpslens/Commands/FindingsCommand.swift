import ArgumentParser

/// Lists what the rules found.
struct FindingsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "findings",
        abstract: "List the findings, or compare two nights of them.",
        subcommands: [FindingsListCommand.self, FindingsDiffCommand.self],
        defaultSubcommand: FindingsListCommand.self
    )
}
