import Basics
import Findings
import Glibc

/// Suppressions as the command line reads them.
enum Suppressions {
    /// Reads a file of suppressions.
    ///
    /// - Throws: `InvalidInput` or `SuppressionError` (exit 4): a file that cannot be read in full is not used in part.
    static func load(_ path: String, _ rules: RuleSet) throws -> [Suppression] {
        let text: String
        do {
            text = try InputFile.text(path)
        } catch {
            throw InvalidInput("\(error); suppressions that cannot be read stop the run")
        }
        return try SuppressionFile.parse(text, file: path, rules: rules)
    }
}
