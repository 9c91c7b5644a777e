import AzureLogs
public import Basics
import Correlation
import EventStore
import Findings

/// The report as JSON.
public enum JSONReport {
    /// Renders a report: the fleet in numbers, the balance, and every finding; each finding is written before the next is made.
    public static func render(_ data: ReportData) -> TextParts {
        TextParts { put in
            try put(head(data))
            try Export.list(.json, data.findings)?.forEach(put)
            try put("}\n")
        }
    }

    private static func head(_ data: ReportData) -> String {
        func counts(_ counts: [FleetSummary.Count]) -> String {
            "{" + counts.map { "\(JSONString.quoted($0.name)):\($0.count)" }.joined(separator: ",") + "}"
        }
        func time(_ time: Int64?) -> String { time.map { "\"\(Timestamp.format(microseconds: $0))\"" } ?? "null" }
        let fleet = data.fleet
        var out = "{\n" + StoryJSON.members(ReportStory(data))
        out += "\"first\":\(time(fleet.first)),\n\"last\":\(time(fleet.last)),\n"
        out += "\"registrations\":\(fleet.registrations),\n\"devices\":\(fleet.devices),\n"
        out += "\"outcomes\":\(counts(fleet.outcomes)),\n\"journeys\":\(counts(fleet.journeys)),\n"
        out += "\"contacts\":\(counts(fleet.contacts)),\n\"explained\":\(counts(fleet.explained)),\n"
        out += "\"unexplained\":\(fleet.unexplained),\n"
        if let errors = data.errors {
            out +=
                "\"errors\":{\"total\":\(errors.total),\"explained\":\(errors.explained),\"inFindings\":\(errors.named),"
            out += "\"transient\":\(errors.transient),\"tooFew\":\(errors.few)},\n"
        }
        out += "\"accounting\":\(Accounting.object(data.status.totals)),\n"
        if let absence = data.absence { out += "\"nothing\":\(JSONString.quoted(absence.text)),\n" }
        if !data.notes.isEmpty { out += "\"notes\":[\(data.notes.map(JSONString.quoted).joined(separator: ","))],\n" }
        if let night = data.night?.night {
            out +=
                "\"night\":{\"date\":\"\(night.date)\",\"from\":\(time(night.window.from)),\"to\":\(time(night.window.to)),"
            out += "\"silent\":\(night.isSilent)},\n"
        }
        if let pruned = fleet.prunedBefore { out += "\"prunedBefore\":\(time(pruned)),\n" }
        if !data.incomplete.isEmpty {
            out += "\"incomplete\":[\(data.incomplete.map(JSONString.quoted).joined(separator: ","))],\n"
        }
        if !fleet.gaps.isEmpty {
            out += "\"cannotTell\":[\(fleet.gaps.map(JSONString.quoted).joined(separator: ","))],\n"
        }
        let skipped = data.skipped.map {
            "{\"rule\":\(JSONString.quoted($0.rule)),\"reason\":\(JSONString.quoted($0.reason))}"
        }
        out += "\"skipped\":[\(skipped.joined(separator: ","))],\n"
        out += "\"incidents\":\(DataText.json(IncidentTable.table(data.incidents))),\n"
        return out + "\"findings\":"
    }
}
