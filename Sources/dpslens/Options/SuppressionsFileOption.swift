import ArgumentParser

/// Where the suppressions are.
struct SuppressionsFileOption: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("The file of suppressions (docs/suppressions.md).", valueName: "file"))
    var file: String
}
