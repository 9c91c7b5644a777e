public import Findings

/// Findings and reports in every format, from the same data.
public enum Export {
    /// Renders one format.
    ///
    /// - Parameters:
    ///   - format: the format.
    ///   - data: what a report shows; its findings are those that are open.
    ///   - findings: what a list holds, in total order: also those that ended.
    ///   - raw: whether CSV cells that a spreadsheet would run are left as they are.
    public static func render(
        _ format: ExportFormat,
        _ data: ReportData,
        findings: [Finding],
        raw: Bool = false
    ) -> String {
        switch format {
        case .csv: DataText.csv(FindingTable.table(findings), raw: raw)
        case .json: DataText.json(FindingTable.table(findings))
        case .jsonl: DataText.jsonLines(FindingTable.table(findings))
        case .html: HTMLReport.render(data)
        case .markdown: MarkdownReport.render(data)
        case .text: TerminalReport.render(data, style: Style(color: false), width: 100)
        case .sarif: SARIFExport.render(data, findings: findings)
        case .junit: JUnitExport.render(data, findings: findings)
        case .prometheus: PrometheusExport.render(data, findings: findings)
        case .timesketch: DataText.csv(TimesketchExport.table(findings), raw: raw)
        }
    }
}
