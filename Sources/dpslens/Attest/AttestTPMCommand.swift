import ArgumentParser
import Attestation

/// The service's side of TPM attestation.
struct AttestTPMCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tpm",
        abstract: "Challenge a TPM and check its answer.",
        subcommands: [AttestTPMChallengeCommand.self, AttestTPMVerifyCommand.self]
    )
}
