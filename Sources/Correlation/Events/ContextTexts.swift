import AzureLogs

/// The texts of a context from which its facts follow, from its row or as it is stored.
struct ContextTexts: Sendable {
    var kind: String
    var outcome: String
    var code: Int?
    var service: String
    var instance: String
    var category: String
    var assignedHub: String
    var group: String
    var attestation: String
    var protocolName: String
    var module: String
    /// A class of failure by its name; empty for none.
    var failure: String

    /// The DPS instance and the hub that it names.
    var named: [InstanceName] {
        [InstanceName(service: service, name: instance), InstanceName(service: "hub", name: assignedHub)]
            .filter { !$0.name.isEmpty }
    }
}

extension ContextTexts {
    private static let places = ["category", "assigned_hub", "enrollment_group", "attestation", "protocol", "module"]
        .map {
            EventContext.columns.firstIndex(of: $0)
        }

    /// The texts of a context that is being stored.
    init(_ context: EventContext) {
        let texts = Self.places.map { place in place.map { context.texts[$0] } ?? "" }
        self.init(
            kind: context.kind.rawValue,
            outcome: context.outcome.rawValue,
            code: context.code,
            service: context.service.rawValue,
            instance: context.instance,
            category: texts[0],
            assignedHub: texts[1],
            group: texts[2],
            attestation: texts[3],
            protocolName: texts[4],
            module: texts[5],
            failure: context.failure?.rawValue ?? ""
        )
    }
}
