public import AzureLogs

extension LogCategory {
    /// The categories that tell of a use and cover hours, as they stand behind IN.
    public static func sql(_ use: Use) -> String {
        covering(use).map { "'\($0.rawValue)'" }.joined(separator: ", ")
    }

    /// What a column's category tells of, in the words of the views; NULL for one that is not known.
    static func sqlUse(of column: String) -> String {
        let cases = Use.allCases.map { use in
            let names = allCases.filter { $0.use == use }.map { "'\($0.rawValue)'" }.joined(separator: ", ")
            return "WHEN \(column) IN (\(names)) THEN '\(use.rawValue)'"
        }
        return "CASE \(cases.joined(separator: " ")) END"
    }
}
