import ArgumentParser

/// The reference attestation verifier in front of the room Attestation.
struct Attest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Decide as DPS would about a device's proof, and say why.",
        discussion: """
            Keys are read from a file, standard input or an environment variable, never from the command line, and are
            never printed except by derive-key. docs/verifier.md says what is checked and how sure each rule is.

            Exit codes of verify, chain and tpm verify: 0 accepted; 1 refused; 2 cannot be decided, and the message says
            what is missing; 3 failed (input, output); 4 a document that cannot be used; 64 usage.
            """,
        subcommands: [DeriveKey.self, Verify.self, Chain.self, TPM.self]
    )
}
