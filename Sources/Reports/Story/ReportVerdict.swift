import AzureLogs
import Correlation
import EventStore
import Findings

/// A report summed up in two sentences.
struct ReportVerdict: Sendable, Hashable {
    /// How it is drawn: what cannot be judged never looks as what is well.
    enum Kind: String, Sendable {
        case healthy
        case trouble
        case undecided
    }

    var kind: Kind
    /// The first sentence, without a full stop.
    var headline: String
    /// The second sentence.
    var detail: String

    init(_ data: ReportData, _ incidents: [IncidentStory], _ funnel: Funnel) {
        let open = data.findings.filter { $0.severity > .informational && $0.status != "suppressed" }
        detail = Self.fleet(data, funnel)
        let totals = data.status.totals
        let told = Self.told(open, incidents)
        if let absence = data.absence {
            kind = .undecided
            headline = absence.text + (told.isEmpty ? "" : "; \(told)")
            detail = "Nothing was judged, so nothing here says that all is well."
        } else if !open.isEmpty {
            kind = .trouble
            headline = told + (data.incomplete.isEmpty ? "" : "; not all was read")
            if let first = incidents.first(where: { $0.severity > .informational }) {
                detail = "First: \(first.title). " + detail
            }
        } else if !data.incomplete.isEmpty || totals.rejected + totals.filesRejected > 0 {
            kind = .undecided
            headline = "no findings, but not all was read"
        } else if funnel.letIn > 0, funnel.undetermined == funnel.letIn {
            kind = .undecided
            headline = "cannot be judged: what followed \(Words.count(funnel.letIn, "registration")) is not in the logs"
        } else if funnel.attempted == 0, data.fleet.devices == 0 {
            kind = .undecided
            headline = "cannot be judged: no record tells of a device"
        } else {
            kind = .healthy
            headline = "nothing to act on"
        }
        if let night = data.night { headline = NightLines(data: data, report: night).headline }
    }

    /// How many findings in how many incidents, and the worst; empty for none.
    private static func told(_ open: [Finding], _ incidents: [IncidentStory]) -> String {
        guard let worst = open.map(\.severity).max() else { return "" }
        let real = incidents.filter { $0.severity > .informational }
        let ids = Set(real.map(\.id))
        let inside = open.count { $0.incident.map(ids.contains) ?? false }
        let part = inside == open.count ? "" : ", \(inside) of them"
        let place = inside == 0 ? "" : "\(part) in \(Words.count(real.count, "incident"))"
        return "\(Words.count(open.count, "finding"))\(place), worst \(worst.rawValue)"
    }

    /// The fleet in one sentence.
    private static func fleet(_ data: ReportData, _ funnel: Funnel) -> String {
        let fleet = data.fleet
        let hubs =
            fleet.devices > 0
            ? "\(Words.count(fleet.devices, "device")) at \(Words.count(fleet.hubs.count, "hub"))" : ""
        guard funnel.attempted > 0 else {
            if hubs.isEmpty { return "There are no records of devices." }
            let isRead = data.coverage.contains {
                $0.service == "dps" && LogCategory(folding: $0.category)?.use == .registrations
            }
            return "\(hubs); \(isRead ? "DPS logged no registration" : "no DPS logs were read")."
        }
        var text =
            "\(Words.count(fleet.registrations, "registration id")) asked \(Words.times(funnel.attempted));"
            + " \(funnel.connected) of \(funnel.letIn) that DPS let in connected within the window"
        if funnel.undetermined > 0 { text += ", of \(funnel.undetermined) it cannot be told" }
        return text + "."
    }
}
