import ArgumentParser
import Glibc

/// The command line: parse, call, print, exit code.
@main
struct Dpslens: AsyncParsableCommand {
    /// The version of this build.
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "dpslens",
        abstract: "Joins Azure DPS and IoT Hub logs device by device and says what broke.",
        discussion: """
            Start:
              dpslens analyze exports/            read, join, judge, report
              dpslens analyze exports/ --db f.db  the same, and keep the database
              dpslens device ID --db f.db         one device on one screen

            Exit codes: 0 done; 1 findings at or above --fail-on; 2 done but incomplete; 3 failed (input, output,
            database); 4 invalid rules or configuration; 5 another run holds the lock; 64 usage; 130, 143 interrupted.
            Data goes to standard output, everything else to standard error.
            """,
        subcommands: [
            Analyze.self, Ingest.self, FindingsCommand.self, Device.self, Report.self, Status.self, CoverageCommand.self,
            Rejects.self, Rules.self, Query.self,
        ]
    )

    @Flag(name: .long, help: "Print the version.")
    var version = false

    @Flag(name: .long, help: "With --version: as a JSON object.")
    var json = false

    func run() async throws {
        if version {
            Standard.output(json ? "{\"name\":\"dpslens\",\"version\":\"\(Self.version)\",\"schema\":1}\n" : "dpslens \(Self.version)\n")
        } else {
            Standard.output(Self.helpMessage())
        }
    }

    /// Reads the arguments and runs the command; a reader that closes the pipe ends the process in peace.
    static func main() async {
        signal(SIGPIPE, SIG_IGN)
        await main(nil)
    }
}
