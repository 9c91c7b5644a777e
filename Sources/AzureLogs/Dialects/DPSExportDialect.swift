/// Exports of DPS as the service API and `az iot dps` print them; keys and certificates in them are not looked at.
enum DPSExportDialect {
    /// Reads a registration record, an enrollment or an instance; nil if the object is none of them.
    ///
    /// A member that is null is absent, and an object of nothing but such members says nothing.
    ///
    /// - Parameter tree: with keys in lower case.
    static func read(_ tree: JSONTree) -> DPSExport? {
        if let properties = tree["properties"], case .array(let hubs) = properties["iothubs"] {
            return instance(tree, properties, hubs).map(DPSExport.instance)
        }
        if case .object = tree["attestation"] {
            guard let enrollment = enrollment(tree) else { return nil }
            let state = tree["registrationstate"].flatMap { saysSomething($0) ? registration($0, tree) : nil }
            return .enrollment(enrollment, state)
        }
        guard saysSomething(tree), let record = registration(tree, tree) else { return nil }
        return .registration(record)
    }

    private static func saysSomething(_ tree: JSONTree) -> Bool {
        ["status", "assignedhub", "lastupdateddatetimeutc"].contains { tree[$0]?.text != nil }
    }

    private static func registration(_ tree: JSONTree, _ outer: JSONTree) -> RegistrationRecord? {
        guard let id = name(tree["registrationid"]) ?? name(outer["registrationid"]) else { return nil }
        return RegistrationRecord(
            registrationId: id,
            deviceId: name(tree["deviceid"]),
            hub: name(tree["assignedhub"]).map(EventContext.hubName),
            status: text(tree["status"]),
            substatus: text(tree["substatus"]),
            errorCode: tree["errorcode"]?.text.flatMap(Int.init),
            errorMessage: text(tree["errormessage"]),
            created: microseconds(tree["createddatetimeutc"]),
            updated: microseconds(tree["lastupdateddatetimeutc"])
        )
    }

    /// An instance; the connection strings of its hubs are not looked at.
    private static func instance(_ tree: JSONTree, _ properties: JSONTree, _ hubs: [JSONTree]) -> InstanceRecord? {
        guard let name = name(tree["name"]) else { return nil }
        return InstanceRecord(
            name: name.lowercased(),
            policy: text(properties["allocationpolicy"])?.lowercased(),
            hubs: hubs.compactMap { hub in
                Self.name(hub["name"]).map {
                    InstanceRecord.Hub(
                        name: EventContext.hubName($0),
                        weight: hub["allocationweight"]?.text.flatMap(Int.init),
                        applies: hub["applyallocationpolicy"] != .bool(false)
                    )
                }
            }.sorted { $0.name < $1.name }
        )
    }

    private static func enrollment(_ tree: JSONTree) -> EnrollmentRecord? {
        let group = name(tree["enrollmentgroupid"])
        guard let name = group ?? name(tree["registrationid"]) else { return nil }
        var hubs: [String] = []
        if case .array(let names) = tree["iothubs"] { hubs = names.compactMap(Self.name) }
        if hubs.isEmpty, let one = Self.name(tree["iothubhostname"]) { hubs = [one] }
        return EnrollmentRecord(
            isGroup: group != nil,
            name: name,
            deviceId: Self.name(tree["deviceid"]),
            status: text(tree["provisioningstatus"]),
            attestation: text(tree["attestation"]?["type"]),
            allocationPolicy: text(tree["allocationpolicy"]),
            reprovisionPolicy: reprovisioning(tree["reprovisionpolicy"]),
            hubs: hubs.isEmpty ? nil : hubs.map(EventContext.hubName).joined(separator: ","),
            created: microseconds(tree["createddatetimeutc"]),
            updated: microseconds(tree["lastupdateddatetimeutc"])
        )
    }

    /// The words of `az iot dps enrollment create --reprovision-policy`.
    private static func reprovisioning(_ tree: JSONTree?) -> String? {
        guard let tree, tree["updatehubassignment"] != nil else { return nil }
        guard tree["updatehubassignment"] == .bool(true) else { return "never" }
        return tree["migratedevicedata"] == .bool(true) ? "reprovisionandmigratedata" : "reprovisionandresetdata"
    }

    /// A text that is kept, without secrets.
    private static func text(_ tree: JSONTree?) -> String? { tree?.text.map(SecretRedaction.redact) }

    /// A name that is kept, likewise.
    private static func name(_ tree: JSONTree?) -> String? { tree?.text.map(SecretRedaction.redactName) }

    private static func microseconds(_ tree: JSONTree?) -> Int64? {
        tree?.text.flatMap { Timestamp.parse($0) }.map { $0 / 10 }
    }
}
