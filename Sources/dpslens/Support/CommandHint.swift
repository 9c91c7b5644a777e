import ArgumentParser
import Reports

/// A word in the place of a command that is none, and the command that may have been meant.
enum CommandHint {
    /// What to tell, nil if the words name a command or leave it to its default.
    static func hint(for arguments: [String], in root: any ParsableCommand.Type) -> String? {
        var command = root
        var path = [root._commandName]
        for word in arguments {
            let known = command.configuration.subcommands
            if known.isEmpty || word.hasPrefix("-") || word == "help" { return nil }
            if let next = known.first(where: { $0._commandName == word }) {
                command = next
                path.append(word)
                continue
            }
            let near = Suggestion.near(word, in: known.map { $0._commandName })
            let place = path.joined(separator: " ")
            // A command with a default takes other words as that one's arguments, unless they are nearly one of its own.
            if command.configuration.defaultSubcommand != nil && near.isEmpty { return nil }
            let what = "Error: `\(TerminalText.safe(word))` is no command of `\(place)`"
            let meant = near.map { "`\(place) \($0)`" }.joined(separator: " or ")
            return near.isEmpty ? "\(what); `\(place) --help` lists them." : "\(what); did you mean \(meant)?"
        }
        return nil
    }
}
