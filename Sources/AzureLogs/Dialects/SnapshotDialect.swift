/// Exports of DPS as the service API and `az iot dps` print them; keys and certificates in them are not looked at.
enum SnapshotDialect {
    /// Reads a registration record, an enrollment or an instance; nil if the object is none of them.
    static func read(_ tree: JSONTree) -> Snapshot? {
        if let properties = tree["properties"], case .array(let hubs) = properties["iotHubs"] {
            return instance(tree, properties, hubs).map(Snapshot.instance)
        }
        if tree["attestation"] != nil {
            guard let enrollment = enrollment(tree) else { return nil }
            return .enrollment(enrollment, tree["registrationState"].flatMap { registration($0, tree) })
        }
        let isRecord = tree["status"] != nil || tree["assignedHub"] != nil || tree["lastUpdatedDateTimeUtc"] != nil
        guard isRecord, let record = registration(tree, tree) else { return nil }
        return .registration(record)
    }

    private static func registration(_ tree: JSONTree, _ outer: JSONTree) -> RegistrationRecord? {
        guard let id = name(tree["registrationId"]) ?? name(outer["registrationId"]) else { return nil }
        return RegistrationRecord(
            registrationId: id,
            deviceId: name(tree["deviceId"]),
            hub: name(tree["assignedHub"]).map(EventContext.hubName),
            status: text(tree["status"]),
            substatus: text(tree["substatus"]),
            errorCode: tree["errorCode"]?.text.flatMap(Int.init),
            errorMessage: text(tree["errorMessage"]),
            created: microseconds(tree["createdDateTimeUtc"]),
            updated: microseconds(tree["lastUpdatedDateTimeUtc"])
        )
    }

    /// An instance; the connection strings of its hubs are not looked at.
    private static func instance(_ tree: JSONTree, _ properties: JSONTree, _ hubs: [JSONTree]) -> InstanceRecord? {
        guard let name = name(tree["name"]) else { return nil }
        return InstanceRecord(
            name: name.lowercased(),
            policy: text(properties["allocationPolicy"])?.lowercased(),
            hubs: hubs.compactMap { hub in
                Self.name(hub["name"]).map {
                    InstanceRecord.Hub(
                        name: EventContext.hubName($0),
                        weight: hub["allocationWeight"]?.text.flatMap(Int.init),
                        applies: hub["applyAllocationPolicy"] != .bool(false)
                    )
                }
            }.sorted { $0.name < $1.name }
        )
    }

    private static func enrollment(_ tree: JSONTree) -> EnrollmentRecord? {
        let group = name(tree["enrollmentGroupId"])
        guard let name = group ?? name(tree["registrationId"]) else { return nil }
        var hubs: [String] = []
        if case .array(let names) = tree["iotHubs"] { hubs = names.compactMap(Self.name) }
        if hubs.isEmpty, let one = Self.name(tree["iotHubHostName"]) { hubs = [one] }
        return EnrollmentRecord(
            isGroup: group != nil,
            name: name,
            deviceId: Self.name(tree["deviceId"]),
            status: text(tree["provisioningStatus"]),
            attestation: text(tree["attestation"]?["type"]),
            allocationPolicy: text(tree["allocationPolicy"]),
            reprovisionPolicy: reprovisioning(tree["reprovisionPolicy"]),
            hubs: hubs.isEmpty ? nil : hubs.map(EventContext.hubName).joined(separator: ","),
            created: microseconds(tree["createdDateTimeUtc"]),
            updated: microseconds(tree["lastUpdatedDateTimeUtc"])
        )
    }

    /// The words of `az iot dps enrollment create --reprovision-policy`.
    private static func reprovisioning(_ tree: JSONTree?) -> String? {
        guard let tree, tree["updateHubAssignment"] != nil else { return nil }
        guard tree["updateHubAssignment"] == .bool(true) else { return "never" }
        return tree["migrateDeviceData"] == .bool(true) ? "reprovisionandmigratedata" : "reprovisionandresetdata"
    }

    /// A text that is kept, without secrets.
    private static func text(_ tree: JSONTree?) -> String? { tree?.text.map(SecretRedaction.redact) }

    /// A name that is kept, likewise.
    private static func name(_ tree: JSONTree?) -> String? { tree?.text.map(SecretRedaction.redactName) }

    private static func microseconds(_ tree: JSONTree?) -> Int64? {
        tree?.text.flatMap { Timestamp.parse($0) }.map { $0 / 10 }
    }
}
