import ArgumentParser
import Attestation

extension AttestCommand {
    /// The service's side of TPM attestation.
    struct TPM: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "tpm",
            abstract: "Challenge a TPM and check its answer.",
            subcommands: [Challenge.self, VerifyToken.self]
        )
    }

    /// Makes a challenge and remembers its key.
    struct Challenge: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "challenge",
            abstract: "Make a challenge for a TPM; prints the authenticationKey on one line.",
            discussion: """
                The key that the challenge carries is kept in the state folder (mode 0700, files 0600) until the next
                challenge for the same scope and registration id.
                """
        )

        @Option(name: .long, help: ArgumentHelp("The endorsement key, TPM2B_PUBLIC in base64.", valueName: "base64"))
        var ek: String

        @Option(name: .long, help: ArgumentHelp("The storage root key, TPM2B_PUBLIC in base64.", valueName: "base64"))
        var srk: String

        @Option(name: .long, help: ArgumentHelp("The id scope.", valueName: "scope"))
        var scope: String

        @Option(name: .long, help: ArgumentHelp("The registration id.", valueName: "id"))
        var registrationId: String

        @Option(name: .long, help: ArgumentHelp("Where sessions are kept.", valueName: "folder"))
        var state: String

        func run() async throws {
            try await Failure.reporting {
                if let complaint = RegistrationID.complaint(registrationId) {
                    throw InvalidInput("--registration-id: not a registration id: \(complaint)")
                }
                let challenge: TPMChallenge
                do {
                    challenge = try TPMChallenge.make(
                        endorsementKey: ek,
                        storageRootKey: srk,
                        idScope: scope,
                        registrationId: registrationId,
                        randomness: AttestInput.randomness(TPMChallenge.randomByteCount)
                    )
                } catch {
                    throw InvalidInput("\(error)")
                }
                try SessionStore(state).keep(challenge.session)
                Standard.output(Base64Text.encode(challenge.authenticationKey) + "\n")
            }
        }
    }

    /// Checks the token of a challenged TPM.
    struct VerifyToken: AsyncParsableCommand {
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
}
