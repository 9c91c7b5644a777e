import AzureLogs
import Basics
import Correlation

extension TerminalReport {
    /// What happened over time, a sparkline for each kind of which there is any.
    static func timeline(_ story: ReportStory, _ page: inout TerminalPage) {
        guard let charts = story.data.charts, charts.buckets.count > 1 else { return }
        let columns = max(10, min(48, page.width - TerminalPage.labelWidth - 26))
        func attempts(_ bucket: FleetCharts.Bucket, _ ends: [String]) -> Int? {
            bucket.hasDPSLogs ? ends.reduce(0) { $0 + (bucket.attempts[$1] ?? 0) } : nil
        }
        let refused = [EventOutcome.failed, .disabled, .throttled, .unknown].map(\.rawValue)
        let lost = [Journey.refused, .elsewhere, .silent].map(\.rawValue)
        let rows: [(name: String, values: [Int?])] = [
            ("connections", charts.buckets.map { $0.hasHubLogs ? $0.connections : nil }),
            ("errors at hubs", charts.buckets.map { $0.hasHubLogs ? $0.hubErrors + $0.hubThrottled : nil }),
            ("normal errors", charts.buckets.map { $0.hasHubLogs ? $0.normalErrors : nil }),
            ("refused by DPS", charts.buckets.map { attempts($0, refused) }),
            ("lost at hubs", charts.buckets.map { attempts($0, lost) }),
        ].filter { $0.values.contains { ($0 ?? 0) > 0 } }
        if rows.isEmpty { return }
        let from = Clock.seconds(charts.buckets[0].time)
        page.field(
            "over time",
            "\(TimeSpan.text(charts.step * Int64(charts.buckets.count))) from \(from); · = no logs"
        )
        for row in rows {
            let sum = row.values.reduce(0) { $0 + ($1 ?? 0) }
            let line = Sparkline.text(row.values, columns: columns)
            page.line(
                page.style.dim(TerminalText.pad("", page.indent)) + "\(line)  \(sum) \(row.name)"
            )
        }
    }
}
