import Attestation

/// A DPS instance made up for a test: groups and individuals with random keys, two hubs.
struct House {
    static let scope = "0ne00111111"
    static let now = UnixTime(seconds: 1_760_000_000)

    var groupKeys: [(primary: SecretBytes, secondary: SecretBytes)]
    var individualKeys: [String: SecretBytes] = [:]
    /// Individual enrollments of another attestation type.
    var typed: [String: String] = [:]
    var extra = ""
    var scope = House.scope

    init(_ random: inout SeededRandom, groups: Int = 2) {
        groupKeys = (0..<groups).map { _ in (SecretBytes(random.bytes(64)), SecretBytes(random.bytes(64))) }
    }

    static func text(_ key: SecretBytes) -> String { key.withBytes { Base64Text.encode($0) } }

    /// The registry's JSON; hidden keys are left out as the service leaves them out.
    func json(showKeys: Bool = true, groupFields: String = "", individualFields: String = "") -> String {
        let groups = groupKeys.enumerated().map { place, keys in
            let shown =
                showKeys
                ? #", "symmetricKey": {"primaryKey": "\#(House.text(keys.primary))", "secondaryKey": "\#(House.text(keys.secondary))"}"#
                : ""
            return
                #"{"enrollmentGroupId": "group-\#(place)", "attestation": {"type": "symmetricKey"\#(shown)}\#(groupFields)}"#
        }
        let individuals = individualKeys.sorted { $0.key < $1.key }.map { id, key in
            let text = House.text(key)
            let other = House.text(SecretBytes(key.hmacSHA256("other".utf8)))
            let shown = showKeys ? #", "symmetricKey": {"primaryKey": "\#(text)", "secondaryKey": "\#(other)"}"# : ""
            return
                #"{"registrationId": "\#(id)", "attestation": {"type": "symmetricKey"\#(shown)}\#(individualFields)}"#
        }
        let others = typed.map { #"{"registrationId": "\#($0)", "attestation": {"type": "\#($1)"}}"# }
        return """
            {"idScope": "\(scope)", "allocationPolicy": "Hashed",
             "iotHubs": [{"name": "a.azure-devices.net", "allocationWeight": 1}, {"name": "b.azure-devices.net", "allocationWeight": 3}],
             "individualEnrollments": [\((individuals + others).joined(separator: ","))],
             "enrollmentGroups": [\(groups.joined(separator: ","))]\(extra)}
            """
    }

    func registry(showKeys: Bool = true, groupFields: String = "", individualFields: String = "") throws -> [Registry] {
        let text = json(showKeys: showKeys, groupFields: groupFields, individualFields: individualFields)
        return try Registry.read(utf8: text.utf8)
    }

    /// The key a device of the first group should have.
    func deviceKey(_ id: String) -> SecretBytes {
        DerivedKey.derive(groupKey: groupKeys[0].primary, registrationID: id)
    }

    /// A good token of a device of the first group.
    func token(_ id: String, key: SecretBytes? = nil, se: Int64 = House.now.seconds + 3_600) -> String {
        Sign.token(sr: "\(scope)%2Fregistrations%2F\(Sign.encode(id))", key: key ?? deviceKey(id), se: "\(se)")
    }

    func request(_ id: String, token: String? = nil) -> AttestationRequest {
        AttestationRequest(idScope: scope, registrationID: id, authorization: token ?? self.token(id))
    }
}
