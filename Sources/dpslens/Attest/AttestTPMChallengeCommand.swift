import ArgumentParser
import Attestation

/// Makes a challenge and remembers its key.
struct AttestTPMChallengeCommand: AsyncParsableCommand {
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

    @OptionGroup var session: TPMSessionOptions

    func run() async throws {
        try await Failure.reporting {
            if let complaint = RegistrationID.complaint(session.registrationId) {
                throw InvalidInput("--registration-id: not a registration id: \(complaint)")
            }
            let challenge: TPMChallenge
            do {
                challenge = try TPMChallenge.make(
                    endorsementKey: ek,
                    storageRootKey: srk,
                    idScope: session.scope,
                    registrationId: session.registrationId,
                    randomness: AttestInput.randomness(TPMChallenge.randomByteCount)
                )
            } catch {
                throw InvalidInput("\(error)")
            }
            try SessionStore(session.state).keep(challenge.session)
            Standard.output(Base64Text.encode(challenge.authenticationKey) + "\n")
        }
    }
}
