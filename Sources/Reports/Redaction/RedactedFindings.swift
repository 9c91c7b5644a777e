public import EventStore
public import Findings

extension Redactor {
    /// The names that findings and incidents hold, also those of events that were pruned.
    public static func identifiers(_ findings: [Finding], _ incidents: [Incident]) -> [KnownIdentifier] {
        var all: [KnownIdentifier] = []
        func add(_ kind: KnownIdentifier.Kind?, _ name: String?) {
            if let kind, let name, !name.isEmpty { all.append(KnownIdentifier(kind, name)) }
        }
        for finding in findings {
            add(kind(of: finding), finding.subject)
            add(.device, finding.registrationId)
            add(.device, finding.deviceId)
            add(.group, finding.enrollmentGroup)
            add(.dps, finding.dps)
            add(.hub, finding.hub)
            for place in finding.evidence { add(.file, LogPlace(place)?.path) }
        }
        for incident in incidents {
            add(kind(ofAttribute: incident.attribute), incident.value)
            for change in incident.changes {
                add(.group, change.enrollment)
                add(.dps, change.dps)
                add(.file, LogPlace(change.evidence)?.path)
            }
        }
        return all
    }

    /// What a finding's subject is; nil where it may be any text, as of the fleet as a whole.
    private static func kind(of finding: Finding) -> KnownIdentifier.Kind? {
        finding.reason == "batch" ? .batch : kind(ofAttribute: finding.subjectKind)
    }

    private static func kind(ofAttribute attribute: String) -> KnownIdentifier.Kind? {
        switch attribute {
        case "device": .device
        case "enrollment-group": .group
        case "id-batch": .batch
        case "dps": .dps
        case "hub": .hub
        case "network": .network
        default: nil
        }
    }

    /// Findings without names, in the order of what is left.
    public func findings(_ findings: [Finding]) -> [Finding] { findings.map(finding).sorted(by: Finding.precedes) }

    /// A finding without names.
    public func finding(_ finding: Finding) -> Finding {
        var out = finding
        out.id = id(finding.id)
        out.incident = finding.incident.map(id)
        out.subject = Self.kind(of: finding).map { name(finding.subject, as: $0) } ?? text(finding.subject)
        out.registrationId = finding.registrationId.map { name($0, as: .device) }
        out.deviceId = finding.deviceId.map { name($0, as: .device) }
        out.enrollmentGroup = finding.enrollmentGroup.map { name($0, as: .group) }
        out.dps = finding.dps.map { name($0, as: .dps) }
        out.hub = finding.hub.map { name($0, as: .hub) }
        out.reason = text(finding.reason)
        out.summary = text(finding.summary)
        out.fix = text(finding.fix)
        out.evidence = finding.evidence.map(evidence).sorted()
        return out
    }

    /// Incidents without names, in the order of what is left.
    public func incidents(_ incidents: [Incident]) -> [Incident] {
        incidents.map(incident).sorted(by: Incident.precedes)
    }

    /// An incident without names.
    public func incident(_ incident: Incident) -> Incident {
        var out = incident
        out.id = id(incident.id)
        out.title = text(incident.title)
        out.fix = text(incident.fix)
        out.value =
            Self.kind(ofAttribute: incident.attribute).map { name(incident.value, as: $0) } ?? text(incident.value)
        out.findings = incident.findings.map(id).sorted()
        out.subjects = incident.subjects.map { index.kind(of: $0) == nil ? text($0) : name($0, as: .device) }.sorted()
        out.changes = changes(incident.changes)
        return out
    }

    /// Changes without names, in their order.
    func changes(_ changes: [Incident.Change]) -> [Incident.Change] {
        changes.map { change in
            var out = change
            out.operation = text(change.operation)
            out.enrollment = change.enrollment.map { name($0, as: .group) }
            out.dps = change.dps.map { name($0, as: .dps) }
            out.evidence = evidence(change.evidence)
            return out
        }
    }
}
