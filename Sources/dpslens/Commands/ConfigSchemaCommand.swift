import ArgumentParser
import Audit
import EventStore
import Reports

/// The form of the file, for editors.
struct ConfigSchemaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the configuration's JSON Schema."
    )

    func run() async throws { Standard.data(ConfigurationSchema.text) }
}
