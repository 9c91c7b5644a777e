import ArgumentParser

/// Findings that are known and accepted for a time.
struct SuppressCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suppress",
        abstract: "Add, list and check suppressions: what is known and accepted, by whom, why, until when.",
        subcommands: [SuppressAddCommand.self, SuppressListCommand.self, SuppressCheckCommand.self]
    )
}
