import ArgumentParser
import Attestation

/// Checks the token of a challenged TPM.
struct AttestTPMVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check the token that a challenged TPM signed."
    )

    @OptionGroup var session: TPMSessionOptions

    @Option(name: .long, help: ArgumentHelp("The token the device sent.", valueName: "token"))
    var sas: String

    @Option(name: .long, help: ArgumentHelp("The moment, in seconds since 1970.", valueName: "seconds"))
    var now: Int64

    func run() async throws {
        try await Failure.reporting {
            guard let kept = try SessionStore(session.state).session(session.scope, session.registrationId) else {
                Standard.output("cannotVerify: no challenge for this scope and registration id in \(session.state)\n")
                throw ExitCode(2)
            }
            let verdict = kept.verify(token: sas, now: UnixTime(seconds: now))
            Standard.output(
                (verdict.isAccepted ? "accepted" : "refused") + "\n\n" + VerdictText.steps(verdict.steps)
            )
            if !verdict.isAccepted { throw ExitCode(1) }
        }
    }
}
