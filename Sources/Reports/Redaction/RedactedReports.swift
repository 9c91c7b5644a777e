public import Correlation
public import EventStore
public import Findings

extension Redactor {
    /// A report without names, in the order of what is left.
    public func report(_ data: ReportData) -> ReportData {
        var out = data
        out.findings = findings(data.findings)
        out.incidents = incidents(data.incidents)
        out.fleet.instances = data.fleet.instances.map { name($0, as: .dps) }.sorted()
        out.fleet.hubs = data.fleet.hubs.map { name($0, as: .hub) }.sorted()
        for index in out.fleet.unknownOperations.indices {
            out.fleet.unknownOperations[index].name = text(data.fleet.unknownOperations[index].name)
        }
        out.fleet.gaps = data.fleet.gaps.map(text)
        for index in out.fleet.ignored.indices { out.fleet.ignored[index].name = text(data.fleet.ignored[index].name) }
        out.coverage = data.coverage.map { run in
            var out = run
            out.instance = instance(run.instance, run.service)
            return out
        }.sorted { ($0.service, $0.instance, $0.category, $0.from) < ($1.service, $1.instance, $1.category, $1.from) }
        // A rule of a user's own may name what it looks for.
        out.titles = data.titles.mapValues(text)
        out.rules = data.rules.map { card in
            var out = card
            out.title = text(card.title)
            out.texts = card.texts.mapValues(text)
            return out
        }
        out.incomplete = data.incomplete.map(text)
        out.skipped = data.skipped.map { ($0.rule, text($0.reason)) }
        out.night = data.night.map(night)
        out.databaseArgument = databaseArgument(data.databaseArgument)
        out.charts = data.charts.map(charts)
        out.changes = changes(data.changes)
        out.isRedacted = true
        // Raw records stay out of what leaves the house: a name that nobody knows of may stand in them.
        out.records = [:]
        out.details = Dictionary(
            uniqueKeysWithValues: data.details.map { incident, detail in
                var out = IncidentDetail()
                out.stories = detail.stories.map(story).sorted { $0.names.lexicographicallyPrecedes($1.names) }
                out.examples.spared = detail.examples.spared.map { name($0, as: .device) }.sorted()
                out.examples.outside = detail.examples.outside.map { name($0, as: .device) }.sorted()
                return (id(incident), out)
            }
        )
        return out
    }

    /// Charts without names, in the order of what is left.
    private func charts(_ charts: FleetCharts) -> FleetCharts {
        var out = charts
        out.shares = charts.shares.map { share in
            var out = share
            out.hub = name(share.hub, as: .hub)
            return out
        }.sorted { ($1.assigned, $0.hub) < ($0.assigned, $1.hub) }
        let kinds: [String: KnownIdentifier.Kind] = ["enrollment group": .group, "hub": .hub, "network": .network]
        let order = ["enrollment group", "hub", "SDK", "protocol", "network"]
        out.multiples = charts.multiples.map { multiple in
            var out = multiple
            out.value = kinds[multiple.attribute].map { name(multiple.value, as: $0) } ?? text(multiple.value)
            return out
        }.sorted { a, b in
            let (x, y) = (order.firstIndex(of: a.attribute) ?? 9, order.firstIndex(of: b.attribute) ?? 9)
            return (x, b.total, a.value) < (y, a.total, b.value)
        }
        // The rows were in the order of findings, which ties break by name.
        out.heat = charts.heat.map { row in
            var out = row
            out.device = name(row.device, as: .device)
            return out
        }.sorted { ($1.events.reduce(0, +), $0.device) < ($0.events.reduce(0, +), $1.device) }
        return out
    }

    /// A night's beginning without names.
    private func night(_ report: NightReport) -> NightReport {
        var out = report
        for index in report.findings.indices { out.findings[index] = tracked(report.findings[index]) }
        out.findings.sort { Finding.precedes($0.finding, $1.finding) }
        out.incidentTrends = Dictionary(uniqueKeysWithValues: report.incidentTrends.map { (id($0.key), $0.value) })
        return out
    }

    /// A finding of a night without names.
    public func tracked(_ item: TrackedFinding) -> TrackedFinding {
        var out = item
        out.finding = finding(item.finding)
        out.why = text(item.why)
        return out
    }

    /// A device's story without names.
    public func story(_ story: DeviceStory) -> DeviceStory {
        var out = story
        out.names = Set(story.names.map { name($0, as: .device) }).sorted()
        out.group = story.group.map { name($0, as: .group) }
        out.latest?.hub = story.latest?.hub.map { name($0, as: .hub) }
        out.latest?.reason = story.latest?.reason.map(text)
        out.latest?.contactPlace = story.latest?.contactPlace.map(evidence)
        if case .partly(let place) = story.dpsLogs { out.dpsLogs = .partly(evidence(place)) }
        out.entries = story.entries.map { entry in
            var out = entry
            out.instance = instance(entry.instance, entry.service)
            out.what = text(entry.what)
            out.message = entry.message.map(text)
            out.evidence = evidence(entry.evidence)
            return out
        }
        return out
    }

    /// A table whose named columns are replaced, the rows in the order of what is left: the old order would tell of the names.
    ///
    /// - Parameter columns: what stands in which column; the others stay.
    public func table(_ table: ResultTable, _ columns: [String: Column]) -> ResultTable {
        var out = table
        let service = table.columns.firstIndex(of: "service")
        for (place, column) in table.columns.enumerated() {
            guard let kind = columns[column] else { continue }
            for row in out.rows.indices {
                guard case .text(let value) = table.rows[row][place] else { continue }
                let replaced =
                    switch kind {
                    case .instance: instance(value, service.map { table.rows[row][$0].plain } ?? "")
                    case .file: name(value, as: .file)
                    case .text: text(value)
                    case .sample: Self.sample
                    }
                out.rows[row][place] = .text(replaced)
            }
        }
        out.rows.sort { a, b in a.lexicographicallyPrecedes(b, by: Self.precedes) }
        return out
    }

    /// What stands in a column.
    public enum Column: Sendable {
        /// A DPS instance or hub; the column `service` says which.
        case instance
        /// A path.
        case file
        /// Any text.
        case text
        /// A piece of a record that could not be read.
        case sample
    }

    /// What commands are told in the place of ` --db FILE` with a path.
    public func databaseArgument(_ argument: String) -> String { argument.isEmpty ? "" : Self.database }

    private static func precedes(_ a: Cell, _ b: Cell) -> Bool {
        if case .integer(let a) = a, case .integer(let b) = b { return a < b }
        return a.plain < b.plain
    }

    private func instance(_ name: String, _ service: String) -> String {
        self.name(name, as: service == "dps" ? .dps : .hub)
    }
}
