import Findings

/// What a page offers to be copied: commands that can be pasted, and a text for a support case.
enum HTMLCopies {
    /// The commands that show an incident again, and the query behind them.
    static func commands(_ incident: IncidentStory, _ story: ReportStory, _ out: inout Markup) {
        let option = story.data.databaseArgument
        var lines = ["dpslens findings --incident \(incident.id)\(option)"]
        if let finding = incident.findings.first(where: { !$0.evidence.isEmpty }) {
            lines.append("dpslens evidence \(finding.id.prefix(8))\(option)")
        }
        // A command with a name that is cut would be another one.
        let device = incident.findings.first {
            $0.subjectKind == "device" && $0.firstSeen != nil && $0.subject.utf8.count < HTMLReport.longest
        }
        if let device {
            lines.append("dpslens device \(Shell.quoted(device.subject))\(option)")
            // In SQL a quote within a text is written twice; the shell's quotes come around the whole.
            let names = Set([device.registrationId, device.deviceId, device.subject].compactMap(\.self)).sorted()
            let list = names.map { "'\($0.replacing("'", with: "''"))'" }.joined(separator: ", ")
            let sql =
                "SELECT time_utc, service, instance, operation, outcome, code, evidence FROM events"
                + " WHERE identity IN (\(list)) ORDER BY time"
            lines.append("dpslens query --sql \(Shell.quoted(sql))\(option)")
        }
        let rules = incident.incident.rules
        for rule in rules.prefix(4) { lines.append("dpslens rules show \(rule) --sql") }
        if rules.count > 4 { lines.append("# and \(Words.count(rules.count - 4, "more rule"))") }
        out.element("h4", "To see it again")
        pre("commands", lines, &out)
    }

    /// Lines that can be copied.
    private static func pre(_ kind: String, _ lines: [String], _ out: inout Markup) {
        out.element("pre", ["class": kind, "data-copy": ""]) { out in
            for (index, line) in lines.enumerated() {
                if index > 0 { out.raw("\n") }
                out.put(line)
            }
        }
    }

    /// What a support case asks for, as text to copy.
    static func support(_ incident: IncidentStory, _ detail: IncidentDetail?, _ out: inout Markup) {
        let ids = (detail?.records ?? []).flatMap(\.supportIDs)
        func list(_ values: [String?]) -> String {
            let all = Set(values.compactMap(\.self)).sorted()
            return all.prefix(5).joined(separator: ", ") + (all.count > 5 ? " and \(all.count - 5) more" : "")
        }
        let instances = list(incident.findings.map(\.dps))
        let hubs = list(incident.findings.map(\.hub))
        let devices = list(incident.findings.map { $0.deviceId ?? $0.registrationId })
        var lines = [incident.title]
        if let onset = incident.incident.onset {
            let end = incident.incident.end.map { Clock.seconds($0) } ?? "now"
            lines.append("Time (UTC): \(Clock.seconds(onset)) to \(end)")
        }
        if !instances.isEmpty { lines.append("DPS: \(instances)") }
        if !hubs.isEmpty { lines.append("IoT hub: \(hubs)") }
        if !devices.isEmpty { lines.append("Devices: \(devices)") }
        for id in ids.prefix(8) { lines.append("\(id.name): \(id.value)") }
        out.element("h4", "For a support case")
        pre("support", lines.map(HTMLReport.cut), &out)
    }
}
