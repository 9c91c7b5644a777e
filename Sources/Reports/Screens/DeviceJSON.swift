import AzureLogs
import Basics
public import Correlation
import EventStore
public import Findings

/// One device's story as a JSON object.
public enum DeviceJSON {
    /// Renders a story; times are UTC, and `entries` are those that `detail` shows.
    public static func render(_ story: DeviceStory, findings: [Finding], detail: DeviceDetail) -> String {
        func text(_ value: String?) -> String { value.map(JSONString.quoted) ?? "null" }
        func time(_ value: Int64?) -> String { value.map { "\"\(Timestamp.format(microseconds: $0))\"" } ?? "null" }
        func number(_ value: Int?) -> String { value.map(String.init) ?? "null" }
        let (entries, hidden) = detail.shown(story)
        let events = entries.map { entry in
            var members = [
                "\"time\":\(time(entry.time))", "\"service\":\(text(entry.service))",
                "\"instance\":\(text(entry.instance))", "\"what\":\(text(entry.what))",
                "\"code\":\(number(entry.code))",
                "\"explained\":\(entry.isExplained)", "\"error\":\(entry.isError)",
                "\"evidence\":\(text(entry.evidence))",
            ]
            if let record = detail.records?[entry.evidence] {
                members.append("\"raw\":\(EvidenceScreen.object(record))")
            }
            return "{" + members.joined(separator: ",") + "}"
        }
        let latest = story.latest.map { latest in
            "{\"time\":\(time(latest.time)),\"outcome\":\(text(latest.outcome)),\"code\":\(number(latest.code)),"
                + "\"hub\":\(text(latest.hub)),\"basis\":\(text(latest.basis)),\"journey\":\(text(latest.journey)),"
                + "\"reason\":\(text(latest.reason))}"
        }
        let members = [
            "\"names\":[\(story.names.map(JSONString.quoted).joined(separator: ","))]",
            "\"verdict\":\(text(DeviceVerdict(story, findings: findings).text))",
            "\"enrollment_group\":\(text(story.group))",
            "\"attestation\":\(text(story.attestation))", "\"attempts\":\(story.attempts)",
            "\"last_connected\":\(time(story.lastConnected))", "\"latest\":\(latest ?? "null")",
            "\"entries_before\":\(hidden)",
            "\"entries\":[\(events.isEmpty ? "" : "\n" + events.joined(separator: ",\n") + "\n")]",
            "\"findings\":\(DataText.json(FindingTable.table(findings)))",
        ]
        return "{" + members.joined(separator: ",\n") + "}\n"
    }
}
