import ArgumentParser
import Attestation

/// Checks the token of a challenged TPM.
struct AttestTPMVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check the token that a challenged TPM signed."
    )

    @Option(name: .long, help: ArgumentHelp("The id scope.", valueName: "scope"))
    var scope: String

    @Option(name: .long, help: ArgumentHelp("The registration id.", valueName: "id"))
    var registrationId: String

    @Option(name: .long, help: ArgumentHelp("Where sessions are kept.", valueName: "folder"))
    var state: String

    @Option(name: .long, help: ArgumentHelp("The token the device sent.", valueName: "token"))
    var sas: String

    @Option(name: .long, help: ArgumentHelp("The moment, in seconds since 1970.", valueName: "seconds"))
    var now: Int64

    func run() async throws {
        try await Failure.reporting {
            guard let session = try SessionStore(state).session(scope, registrationId) else {
                Standard.output("cannotVerify: no challenge for this scope and registration id in \(state)\n")
                throw ExitCode(2)
            }
            let verdict = session.verify(token: sas, now: UnixTime(seconds: now))
            Standard.output(
                (verdict.isAccepted ? "accepted" : "refused") + "\n\n" + VerdictText.steps(verdict.steps)
            )
            if !verdict.isAccepted { throw ExitCode(1) }
        }
    }
}
