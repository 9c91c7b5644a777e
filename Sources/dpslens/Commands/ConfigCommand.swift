import ArgumentParser

/// The configuration of the nightly job.
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Show the nightly job's configuration with the origin of each value, or its schema.",
        subcommands: [ConfigShowCommand.self, ConfigSchemaCommand.self]
    )
}
