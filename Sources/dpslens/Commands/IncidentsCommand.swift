import ArgumentParser

/// Findings that share a cause.
struct IncidentsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "incidents",
        abstract: "List incidents: findings that share a cause, and what sets their devices apart.",
        subcommands: [IncidentsListCommand.self, IncidentsShowCommand.self],
        defaultSubcommand: IncidentsListCommand.self
    )
}
