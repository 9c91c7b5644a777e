import ArgumentParser

/// Whose session of a TPM, and where sessions are kept.
struct TPMSessionOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("The id scope.", valueName: "scope"))
    var scope: String

    @Option(name: .long, help: ArgumentHelp("The registration id.", valueName: "id"))
    var registrationId: String

    @Option(name: .long, help: ArgumentHelp("Where sessions are kept.", valueName: "folder"))
    var state: String
}
