import ArgumentParser
import Audit
import EventStore
import Reports

/// Every value in force, and where it comes from.
struct ConfigShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show every value and where it comes from."
    )

    @OptionGroup var file: ConfigurationOption

    @OptionGroup var format: FormatOption<DataFormat>

    func run() async throws {
        try await Failure.reporting {
            let rows: [[Cell]] = try file.values().map { value in
                [.text(value.name), .text(value.texts.joined(separator: ", ")), .text(value.origin)]
            }
            format.word.put(ResultTable(columns: ["key", "value", "origin"], rows: rows), raw: false)
        }
    }
}
