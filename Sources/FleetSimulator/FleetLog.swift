import Basics

/// Collects the records of a fleet, as Azure writes them to a storage account.
///
/// Shapes: IoT Hub monitoring data reference (Connections: whole seconds, `properties` as a JSON string, the SDK on
/// connects only) and the DPS monitoring data reference (`AttestationAttempt`: neither hub nor group); the richer
/// registration log carries the vocabulary of the DPS device API.
public struct FleetLog: Sendable {
    /// One record with where it belongs.
    public struct Line: Sendable {
        /// Seconds since the log's beginning.
        public var second: Int
        /// The category, as in the container's name.
        public var category: String
        /// `PROVISIONINGSERVICES/NAME` or `IOTHUBS/NAME`.
        public var resource: String
        /// The record.
        public var text: String
    }

    /// Unix time of second 0.
    public let start: Int
    /// The records in the order in which they were made.
    public private(set) var lines: [Line] = []
    var random: SplitMix64

    /// A log that begins at a Unix time.
    public init(start: Int, seed: UInt64) {
        self.start = start
        random = SplitMix64(seed: seed)
    }

    private static let subscription =
        "/SUBSCRIPTIONS/3F0E6C1A-5B5D-4E0C-9C56-0A1B2C3D4E5F/RESOURCEGROUPS/FLEET-RG/PROVIDERS/MICROSOFT.DEVICES/"

    /// The SDK of most devices.
    public static let sdk = "azure-iot-device-iothub-py/2.12.0 (python 3.9.2; Linux; armv7l)"

    /// A DPS registration with its outcome, in the richer log.
    mutating func registration(
        _ second: Int,
        _ id: String,
        hub: String? = nil,
        status: String = "assigned",
        attestation: String = "symmetricKey",
        group: String? = nil,
        code: Int? = nil,
        message: String? = nil,
        dps: String = "FLEET-DPS"
    ) {
        var properties =
            "\"registrationId\":\"\(id)\",\"attestationType\":\"\(attestation)\",\"protocol\":\"Mqtt\",\"status\":\"\(status)\""
        if let group { properties += ",\"enrollmentType\":\"group\",\"enrollmentGroupId\":\"\(group)\"" }
        if let hub {
            properties +=
                ",\"assignedHub\":\"\(hub).azure-devices.net\",\"deviceId\":\"\(id)\",\"substatus\":\"initialAssignment\""
        }
        if let code { properties += ",\"errorCode\":\(code)" }
        if let message { properties += ",\"errorMessage\":\"\(message)\"" }
        let failed = status == "failed"
        let result =
            failed
            ? "\"resultType\":\"Failure\",\"resultSignature\":\"\((code ?? 0) / 1000)\",\"resultDescription\":\"\(message ?? "")\""
            : "\"resultType\":\"Success\",\"resultSignature\":\"\",\"resultDescription\":\"\""
        dpsRecord(second, "RegistrationsOperationalLogs", "Register", "2021-10-01", result, failed, properties, dps)
    }

    /// An attestation as DPS really logs it.
    mutating func attestation(_ second: Int, _ id: String, ok: Bool = true, dps: String = "FLEET-DPS") {
        let result =
            ok
            ? "\"resultType\":\"Success\",\"resultSignature\":\"\",\"resultDescription\":\"\""
            : "\"resultType\":\"ClientError\",\"resultSignature\":\"401\",\"resultDescription\":\"Unauthorized\""
        let properties = "\"id\":\"\(id)\",\"type\":\"Registration\",\"protocol\":\"Mqtt\""
        dpsRecord(second, "DeviceOperations", "AttestationAttempt", "March2019", result, !ok, properties, dps)
    }

    private mutating func dpsRecord(
        _ second: Int,
        _ category: String,
        _ operation: String,
        _ version: String,
        _ result: String,
        _ failed: Bool,
        _ properties: String,
        _ dps: String
    ) {
        let duration = 80 + Int(random.next() % 300)
        let text =
            "{\"time\":\"\(time(second))\",\"resourceId\":\"\(Self.subscription)PROVISIONINGSERVICES/\(dps)\""
            + ",\"operationName\":\"\(operation)\",\"operationVersion\":\"\(version)\",\"category\":\"\(category)\",\(result)"
            + ",\"durationMs\":\"\(duration)\",\"callerIpAddress\":\"\(network)\",\"correlationId\":\"\(random.guid())\""
            + ",\"level\":\"\(failed ? "Error" : "Information")\",\"location\":\"westeurope\",\"properties\":\(JSONString.quoted("{" + properties + "}"))}"
        lines.append(Line(second: second, category: category, resource: "PROVISIONINGSERVICES/\(dps)", text: text))
    }

    /// A connect attempt.
    mutating func connect(
        _ second: Int,
        _ id: String,
        hub: String,
        code: Int? = nil,
        network: String? = nil,
        sdk: String = sdk
    ) {
        let agent = "\"sdkVersion\":\"\(sdk)\","
        hubRecord(second, "deviceConnect", id, hub, code, network ?? self.network, agent)
    }

    /// The end of a connection; without a code it was closed by the device.
    mutating func disconnect(_ second: Int, _ id: String, hub: String, code: Int? = nil, network: String? = nil) {
        hubRecord(second, "deviceDisconnect", id, hub, code, network ?? self.network, "")
    }

    /// The renewal of a token: the hub drops the connection, refuses the old token once, and takes the new one.
    mutating func renewal(_ second: Int, _ id: String, hub: String) {
        disconnect(second, id, hub: hub, code: 404_104)
        connect(second + 1, id, hub: hub, code: 401_003)
        connect(second + 9, id, hub: hub)
    }

    private mutating func hubRecord(
        _ second: Int,
        _ operation: String,
        _ id: String,
        _ hub: String,
        _ code: Int?,
        _ network: String,
        _ agent: String
    ) {
        let name = code.flatMap { Self.names[$0] } ?? ""
        let message = code.map { "see cause and resolution at https://aka.ms/iothub\($0)" } ?? ""
        let properties =
            "{\"deviceId\":\"\(id)\",\(agent)\"protocol\":\"Mqtt\",\"authType\":null,\"maskedIpAddress\":\"\(network)\""
            + ",\"statusCode\":\(code.map { "\"\($0 / 1000)\"" } ?? "null"),\"errorMessage\":\"\(message)\"}"
        let result = code.map { ",\"resultType\":\"\($0)\",\"resultDescription\":\"\(name)\"" } ?? ""
        let resource = "IOTHUBS/\(hub.uppercased())"
        let text =
            "{\"time\":\"\(time(second))\",\"resourceId\":\"\(Self.subscription)\(resource)\",\"operationName\":\"\(operation)\""
            + ",\"category\":\"Connections\",\"level\":\"\(code == nil ? "Information" : "Error")\"\(result)"
            + ",\"properties\":\(JSONString.quoted(properties)),\"location\":\"westeurope\"}"
        lines.append(Line(second: second, category: "Connections", resource: resource, text: text))
    }

    private static let names: [Int: String] = [
        401_003: "IotHubUnauthorized", 403_012: "DeviceDisabled", 404_001: "DeviceNotFound",
        404_104: "DeviceConnectionClosedRemotely", 400_027: "ConnectionForcefullyClosedOnNewConnection",
    ]

    /// The masked address of the site.
    var network = "198.51.100.XXX"

    /// RFC 3339 in whole seconds.
    public func time(_ second: Int) -> String {
        let unix = start + second
        let (days, rest) = (unix / 86400, unix % 86400)
        let (year, month, day) = CivilDate.date(days: days)
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "\(year)-\(two(month))-\(two(day))T\(two(rest / 3600)):\(two(rest / 60 % 60)):\(two(rest % 60))Z"
    }

    /// The files of a storage account: one an hour, category and resource; the records in the order of their times.
    public func files() -> [(path: String, text: String)] {
        var byPath: [String: [(Int, Int, String)]] = [:]
        for (index, line) in lines.enumerated() {
            let unix = start + line.second
            let (year, month, day) = CivilDate.date(days: unix / 86400)
            func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
            let path =
                "insights-logs-\(line.category.lowercased())/resourceId=\(Self.subscription)\(line.resource)"
                + "/y=\(year)/m=\(two(month))/d=\(two(day))/h=\(two(unix % 86400 / 3600))/m=00/PT1H.json.gz"
            byPath[path, default: []].append((line.second, index, line.text))
        }
        return byPath.sorted { $0.key < $1.key }.map { path, records in
            (path, records.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map { $0.2 + "\n" }.joined())
        }
    }
}
