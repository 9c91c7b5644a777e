public import ArgumentParser
public import Findings

extension Severity: ExpressibleByArgument {}

extension FailLevel: ExpressibleByArgument {
    /// Reads the word of an option.
    public init?(argument: String) { self.init(word: argument) }

    /// The words, for help and completion.
    public static var allValueStrings: [String] { words }

    /// The word, for help.
    public var defaultValueDescription: String { word }
}
