import Correlation
import EventStore
import Findings

/// The fleet and the balance in numbers.
enum HTMLSummary {
    static func write(_ data: ReportData, _ out: inout Markup) {
        let fleet = data.fleet
        out.element("section", ["aria-labelledby": "summary"]) { out in
            out.element("h2", ["id": "summary"], "In numbers")
            out.element("dl") { out in
                func row(_ name: String, _ value: String) {
                    out.element("dt", name)
                    out.element("dd", HTMLReport.cut(value))
                }
                for note in data.notes { row("note", note) }
                for reason in data.incomplete { row("incomplete", reason) }
                for gap in fleet.gaps { row("cannot tell", gap) }
                if !data.findings.isEmpty { row("findings", states(data)) }
                row("registrations", "\(fleet.registrations) at DPS \(names(fleet.instances))")
                row("devices", "\(fleet.devices) at hubs \(names(fleet.hubs))")
                if !fleet.outcomes.isEmpty { row("DPS said", words(fleet.outcomes)) }
                if !fleet.journeys.isEmpty { row("then", words(fleet.journeys)) }
                if !fleet.contacts.isEmpty { row("contacts", words(fleet.contacts)) }
                if let errors = data.errors { row("errors", Accounting.errors(errors)) }
                row("balance", String(Accounting.balance(data.status.totals).dropLast()))
                if !fleet.unknownOperations.isEmpty { row("not known", words(fleet.unknownOperations)) }
            }
        }
        out.raw("\n")
    }

    /// How many findings stand where: what is suppressed is counted with the others, and told apart.
    private static func states(_ data: ReportData) -> String {
        let counts = Dictionary(grouping: data.findings, by: \.status).mapValues(\.count)
        return counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    }

    static func words(_ counts: [FleetSummary.Count]) -> String {
        counts.map { "\($0.count) \($0.name)" }.joined(separator: ", ")
    }

    private static func names(_ names: [String]) -> String {
        if names.isEmpty { return "(no logs)" }
        return names.prefix(10).joined(separator: ", ") + (names.count > 10 ? " and \(names.count - 10) more" : "")
    }
}
