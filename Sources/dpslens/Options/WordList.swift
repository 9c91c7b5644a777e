import ArgumentParser

extension ArgumentHelp {
    /// The words of a type, as in "table, csv or json.", so that help says what the type takes.
    init<Word>(
        oneOf type: Word.Type,
        before: String = "",
        valueName: String
    ) where Word: CaseIterable & RawRepresentable, Word.RawValue == String {
        let words = type.allCases.map(\.rawValue)
        let last = words.last.map { words.count > 1 ? " or \($0)" : $0 } ?? ""
        self.init("\(before)\(words.dropLast().joined(separator: ", "))\(last).", valueName: valueName)
    }
}
