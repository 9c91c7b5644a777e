import ArgumentParser
import Glibc

/// The command line: parse, call, print, exit code.
@main
struct Dpslens: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dpslens",
        abstract: "Joins Azure DPS and IoT Hub logs device by device and says what broke.",
        subcommands: [Ingest.self, Analyze.self, FindingsCommand.self, Rules.self, Query.self]
    )
}
