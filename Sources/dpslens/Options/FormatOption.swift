import ArgumentParser

/// The formats of a command's output, as they are written on the command line; help, completion and manual list them.
protocol FormatWord: ExpressibleByArgument, CaseIterable, RawRepresentable where RawValue == String {
    /// The format where none is asked for.
    static var standard: Self { get }
}

/// In which of its formats a command writes.
struct FormatOption<Word: FormatWord>: ParsableArguments {
    @Option(name: .customLong("format"), help: ArgumentHelp("The form of the output.", valueName: "format"))
    var word = Word.standard
}
