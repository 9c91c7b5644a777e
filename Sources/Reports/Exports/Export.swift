public import Basics
import EventStore
public import Findings

/// Findings and reports in every format, from the same data.
public enum Export {
    /// Renders one format.
    ///
    /// - Parameters:
    ///   - format: the format.
    ///   - data: what a report shows; its findings are those that are open.
    ///   - findings: what a list holds, in total order: also those that ended.
    ///   - raw: whether CSV cells that a spreadsheet would take for formulas get no apostrophe.
    public static func render(
        _ format: ExportFormat,
        _ data: ReportData,
        findings: [Finding],
        raw: Bool = false
    ) -> TextParts {
        switch format {
        case .csv, .json, .jsonl, .timesketch: list(format, findings, raw: raw) ?? TextParts("")
        case .html: TextParts(HTMLReport.render(data))
        case .markdown: TextParts(MarkdownReport.render(data))
        case .text: TextParts(TerminalReport.render(data, style: Style(color: false), width: 100))
        case .sarif: SARIFExport.render(data, findings: findings)
        case .junit: JUnitExport.render(data, findings: findings)
        case .prometheus: TextParts(PrometheusExport.render(data, findings: findings))
        }
    }

    /// Hands on findings in total order, one after the other.
    public typealias Source = ((Finding) throws -> Void) throws -> Void

    /// Renders a format that is a list of the findings and nothing else; nil for the others.
    ///
    /// Each finding is written before the next one is made.
    public static func list(_ format: ExportFormat, _ findings: [Finding], raw: Bool = false) -> TextParts? {
        list(format, raw: raw) { try findings.forEach($0) }
    }

    /// The same of findings that are read while they are written, so that they are never all in memory.
    public static func list(_ format: ExportFormat, raw: Bool = false, _ source: @escaping Source) -> TextParts? {
        switch format {
        case .csv:
            TextParts { put in
                try put(DataText.head(FindingTable.columns))
                try source { try put(DataText.line(FindingTable.row($0), raw: raw)) }
            }
        case .timesketch:
            TextParts { put in
                try put(DataText.head(TimesketchExport.columns))
                try source { finding in
                    for row in TimesketchExport.rows(finding) { try put(DataText.line(row, raw: raw)) }
                }
            }
        case .jsonl: TextParts { put in try source { try put(object($0) + "\n") } }
        case .json:
            TextParts { put in
                var isFirst = true
                try source { finding in
                    try put((isFirst ? "[\n  " : ",\n  ") + object(finding))
                    isFirst = false
                }
                try put(isFirst ? "[]\n" : "\n]\n")
            }
        case .html, .markdown, .text, .sarif, .junit, .prometheus: nil
        }
    }

    private static func object(_ finding: Finding) -> String {
        DataText.object(FindingTable.columns, FindingTable.row(finding), FindingTable.member(finding))
    }
}
