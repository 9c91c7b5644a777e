import ArgumentParser
import Audit
import Basics
import Dispatch
import Glibc

/// Runs the command on the cooperative threads while the main thread waits.
///
/// `Dispatch` would otherwise take the main thread over for good, under which tools that count instructions do not run.
@main
enum Main {
    static func main() {
        StackLimit.check()
        Interruption.hold()
        MemorySettings.begin()
        Interruption.listen()
        let done = DispatchSemaphore(value: 0)
        let work = Task.detached {
            await Dpslens.main()
            done.signal()
        }
        Interruption.atFirst { work.cancel() }
        done.wait()
    }
}

/// The command line: parse, call, print, exit code.
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
              dpslens incidents --db f.db         what broke, whom it concerns, since when
              dpslens device ID --db f.db         one device on one screen
              dpslens evidence ID --db f.db       the raw records behind a finding
              dpslens audit --config audit.yaml   the nightly job

            Exit codes: 0 done; 1 findings at or above --fail-on; 2 done but incomplete; 3 failed (input, output,
            database); 4 invalid rules, suppressions or configuration; 5 another run holds the lock; 64 usage; 130, 143 interrupted.
            Data goes to standard output, everything else to standard error.
            """,
        version: "dpslens \(version)",
        subcommands: [
            AnalyzeCommand.self, IngestCommand.self, FindingsCommand.self, IncidentsCommand.self, DeviceCommand.self,
            EvidenceCommand.self,
            ReportCommand.self,
            AuditCommand.self, StatusCommand.self, CoverageCommand.self, RejectsCommand.self, RulesCommand.self,
            SuppressCommand.self,
            ConfigCommand.self, PruneCommand.self, QueryCommand.self, ExportCommand.self, SplitCommand.self,
            MergeCommand.self,
            AttestCommand.self,
        ]
    )

    /// Reads the arguments and runs the command; a reader that closes the pipe ends the process in peace.
    static func main() async {
        signal(SIGPIPE, SIG_IGN)
        // A flag of the root would take `--json` away from the commands, so this one form is read here.
        if Array(CommandLine.arguments.dropFirst()) == ["--version", "--json"] {
            Standard.data("{\"name\":\"dpslens\",\"version\":\"\(version)\",\"schema\":1}\n")
            return
        }
        if let hint = CommandHint.hint(for: Array(CommandLine.arguments.dropFirst()), in: Self.self) {
            Standard.error(hint + "\n")
            Glibc.exit(EX_USAGE)
        }
        if let refusal = EmptyArgument.refusal(RawArguments.texts()) {
            Standard.error(Standard.quoted(refusal) + "\n")
            Glibc.exit(EX_USAGE)
        }
        do {
            var command = try parseAsRoot(RawArguments.texts())
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            if Interruption.isRequested { throw ExitCode(Interruption.exitCode) }
        } catch  where Interruption.isRequested {
            Interruption.say()
            Leftovers.remove()
            OutputDrafts.removeForGood()
            _exit(Interruption.exitCode)
        } catch {
            leave(with: error)
        }
    }

    /// Says what the error has to say, help included, and ends the process with its code.
    ///
    /// The argument parser would write by itself, and what it quotes of the arguments would reach the terminal as it is.
    private static func leave(with error: any Error) -> Never {
        let code = exitCode(for: error)
        let text = fullMessage(for: error)
        if !text.isEmpty {
            code == .success ? Standard.output(text + "\n") : Standard.error(Standard.quoted(text) + "\n")
        }
        Glibc.exit(code.rawValue)
    }
}
