import ArgumentParser

/// The reference attestation verifier in front of the room Attestation.
struct AttestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attest",
        abstract: "Decide as DPS would about a device's proof, and say why.",
        discussion: """
            Keys come from a file, standard input or the environment, never from the command line.
            Only derive-key prints keys. docs/verifier.md says what is checked and how sure that is.

            Exit codes of verify, chain and tpm verify: 0 accepted; 1 refused; 2 cannot be decided;
            3 failed (input, output); 4 a document that cannot be used; 64 usage.
            """,
        subcommands: [
            AttestDeriveKeyCommand.self, AttestVerifyCommand.self, AttestChainCommand.self, AttestTPMCommand.self,
        ]
    )
}
