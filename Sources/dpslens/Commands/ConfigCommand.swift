import ArgumentParser
import Audit
import EventStore
import Reports

/// The configuration of the nightly job.
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Show the nightly job's configuration with the origin of each value, or its schema.",
        subcommands: [Show.self, Schema.self]
    )

    /// Every value in force, and where it comes from.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Show every value and where it comes from."
        )

        @OptionGroup var file: ConfigurationOption

        @Option(name: .long, help: ArgumentHelp(oneOf: DataFormat.self, valueName: "format"))
        var format = DataFormat.table

        func run() async throws {
            try await Failure.reporting {
                let rows: [[Cell]] = try file.values().map { value in
                    [.text(value.name), .text(value.texts.joined(separator: ", ")), .text(value.origin)]
                }
                format.put(ResultTable(columns: ["key", "value", "origin"], rows: rows), raw: false)
            }
        }
    }

    /// The form of the file, for editors.
    struct Schema: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "schema",
            abstract: "Print the configuration's JSON Schema."
        )

        func run() async throws { Standard.data(ConfigurationSchema.text) }
    }
}
