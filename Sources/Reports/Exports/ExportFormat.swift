/// A format in which findings or a report leave the program (docs/exports.md).
public enum ExportFormat: String, Sendable, CaseIterable {
    case csv
    case json
    case jsonl
    case html
    case markdown
    case text
    case sarif
    case junit
    case prometheus
    case timesketch

    /// The file's name in a night's folder of the audit.
    public var fileName: String {
        switch self {
        case .csv: "findings.csv"
        case .json: "findings.json"
        case .jsonl: "findings.jsonl"
        case .html: "report.html"
        case .markdown: "report.md"
        case .text: "report.txt"
        case .sarif: "findings.sarif"
        case .junit: "findings.junit.xml"
        case .prometheus: "findings.prom"
        case .timesketch: "timesketch.csv"
        }
    }
}
