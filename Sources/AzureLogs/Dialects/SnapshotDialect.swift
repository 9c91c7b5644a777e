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
        guard let id = tree["registrationId"]?.text ?? outer["registrationId"]?.text else { return nil }
        return RegistrationRecord(
            registrationId: id,
            deviceId: tree["deviceId"]?.text,
            hub: tree["assignedHub"]?.text.map(EventContext.hubName),
            status: tree["status"]?.text,
            substatus: tree["substatus"]?.text,
            errorCode: tree["errorCode"]?.text.flatMap(Int.init),
            errorMessage: tree["errorMessage"]?.text.map(SecretRedaction.redact),
            created: microseconds(tree["createdDateTimeUtc"]),
            updated: microseconds(tree["lastUpdatedDateTimeUtc"])
        )
    }

    /// An instance; the connection strings of its hubs are not looked at.
    private static func instance(_ tree: JSONTree, _ properties: JSONTree, _ hubs: [JSONTree]) -> InstanceRecord? {
        guard let name = tree["name"]?.text else { return nil }
        return InstanceRecord(
            name: name.lowercased(),
            policy: properties["allocationPolicy"]?.text?.lowercased(),
            hubs: hubs.compactMap { hub in
                hub["name"]?.text.map {
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
        let group = tree["enrollmentGroupId"]?.text
        guard let name = group ?? tree["registrationId"]?.text else { return nil }
        var hubs: [String] = []
        if case .array(let names) = tree["iotHubs"] { hubs = names.compactMap(\.text) }
        if hubs.isEmpty, let one = tree["iotHubHostName"]?.text { hubs = [one] }
        return EnrollmentRecord(
            isGroup: group != nil,
            name: name,
            deviceId: tree["deviceId"]?.text,
            status: tree["provisioningStatus"]?.text,
            attestation: tree["attestation"]?["type"]?.text,
            allocationPolicy: tree["allocationPolicy"]?.text,
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

    private static func microseconds(_ tree: JSONTree?) -> Int64? {
        tree?.text.flatMap { Timestamp.parse($0) }.map { $0 / 10 }
    }
}
