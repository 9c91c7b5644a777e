/// Arguments that are empty, as a script's variable that was never set leaves them.
///
/// No option and no path of any command means something when it is empty, so nothing is guessed: neither that it was left
/// out, nor that the folder is meant.
enum EmptyArgument {
    /// What to say of the first one; nil if there is none.
    ///
    /// - Parameter arguments: without the program's name.
    static func refusal(_ arguments: [String]) -> String? {
        var previous: String?
        for argument in arguments {
            if argument.isEmpty {
                return previous == "--" ? sentence("an argument") : sentence(previous ?? "an argument")
            }
            if argument.hasPrefix("--"), let sign = argument.firstIndex(of: "="),
                argument.index(after: sign) == argument.endIndex, previous != "--"
            {
                return sentence(String(argument[..<sign]))
            }
            // Behind `--` all are paths, whatever they begin with.
            if previous != "--" { previous = argument.hasPrefix("-") && argument != "-" ? argument : nil }
        }
        return nil
    }

    private static func sentence(_ option: String) -> String {
        "Error: \(option) is empty, as a variable that was never set leaves it; give a value, or leave it out."
    }
}
