import ArgumentParser
import Audit
import Basics
import Glibc

/// Where the nightly job's configuration is.
struct ConfigurationOption: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("The configuration (docs/audit.md).", valueName: "file"))
    var config: String

    /// The values with their origins.
    ///
    /// - Throws: `InvalidInput` or `ConfigurationError` (exit 4).
    func values() throws -> [ConfigurationValue] {
        let text: String
        do {
            text = try InputFile.text(config)
        } catch {
            throw InvalidInput(error.description)
        }
        return try ConfigurationFile.values(text, file: config) { name in getenv(name).map { String(cString: $0) } }
    }

    /// The folder that relative paths are taken from: the file's own.
    var folder: String {
        guard let slash = config.lastIndex(of: "/") else { return "" }
        return String(config[..<slash])
    }
}
