import Correlation
import Findings

/// What was changed through the service API, as marks over the time of the charts, whether or not an incident followed.
enum HTMLChanges {
    /// The most changes that the table names.
    private static let named = 100

    static func write(_ story: ReportStory, _ charts: FleetCharts, _ out: inout Markup) {
        let (changes, count) = (story.data.changes, story.data.changeCount)
        if changes.isEmpty { return }
        let scale = TimeScale(charts)
        out.element("figure", ["class": "spans", "id": "changes"]) { out in
            let shown = changes.count < count ? " The newest \(changes.count) of \(count) are marked." : ""
            out.element(
                "figcaption",
                "\(Words.count(count, "change")) through the DPS service API; what only reads is none.\(shown)"
            )
            out.element("p", ["class": "span"]) { out in
                scale.strip(&out) { out in for change in changes { scale.mark(change.time, "change", &out) } }
            }
            Figure.axis(charts.buckets.map(\.time), charts.step, &out)
            let names = PlaceNames(places: changes.suffix(named).map(\.evidence))
            let newest = changes.count > named ? ", the newest \(named)" : ""
            Figure.numbers(
                "Changes through the DPS service API\(newest)",
                ["time (UTC)", "operation", "enrollment", "DPS", "line of the log"],
                changes.suffix(named).reversed().map { change in
                    [
                        Clock.seconds(change.time), HTMLReport.cut(change.operation),
                        HTMLReport.cut(change.enrollment ?? ""), HTMLReport.cut(change.dps ?? ""),
                        HTMLReport.cut(names.name(change.evidence)),
                    ]
                },
                &out
            )
        }
        out.raw("\n")
    }
}
