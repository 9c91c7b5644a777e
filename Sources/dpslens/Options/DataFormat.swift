import ArgumentParser
import EventStore
import Reports

/// The formats of rows.
enum DataFormat: String, FormatWord {
    case table
    case csv
    case json
    case jsonl

    static let standard = table

    /// Writes the rows to standard output: a table for a person, the others as they are for a program.
    func put(_ table: ResultTable, raw: Bool) {
        let text = render(table, raw: raw)
        self == .table ? Standard.output(text) : Standard.data(text)
    }

    /// The rows as text.
    func render(_ table: ResultTable, raw: Bool) -> String {
        switch self {
        case .table: TableText.render(table)
        case .csv: DataText.csv(table, raw: raw)
        case .json: DataText.json(table)
        case .jsonl: DataText.jsonLines(table)
        }
    }
}
