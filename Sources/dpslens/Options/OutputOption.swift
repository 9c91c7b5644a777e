import ArgumentParser

/// Where a command's output goes.
struct OutputOption: ParsableArguments {
    @Option(
        name: [.customLong("output"), .customShort("o")],
        help: ArgumentHelp("Write to a file instead of standard output.", valueName: "file")
    )
    var path: String?
}
