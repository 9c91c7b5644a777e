/// Lines of logs for tests: short, and of the shapes that Azure writes.
public enum LogLines {
    private static let prefix =
        "/SUBSCRIPTIONS/00000000-0000-0000-0000-00000000ABCD/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.DEVICES"

    /// A time in seconds after 2026-11-20T08:00:00Z.
    public static func time(_ second: Int) -> String {
        let total = 8 * 3600 + second
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "2026-11-\(20 + total / 86400)T\(two(total / 3600 % 24)):\(two(total / 60 % 60)):\(two(total % 60))Z"
    }

    /// A connect attempt at a hub; refused if there is a code.
    public static func connect(_ second: Int, _ device: String, hub: String = "HUB-A", code: String? = nil) -> String {
        hubLine("deviceConnect", second, device, hub, code)
    }

    /// The end of a connection; dropped if there is a code.
    public static func disconnect(_ second: Int, _ device: String, hub: String = "HUB-A", code: String? = nil) -> String
    {
        hubLine("deviceDisconnect", second, device, hub, code)
    }

    private static func hubLine(_ operation: String, _ second: Int, _ device: String, _ hub: String, _ code: String?)
        -> String
    {
        let result = code.map { #","resultType":"\#($0)","resultDescription":"Name""# } ?? ""
        let inner =
            #"{\"deviceId\":\"\#(device)\",\"protocol\":\"Mqtt\",\"authType\":null,\"maskedIpAddress\":\"10.0.0.XXX\",\"statusCode\":null}"#
        return
            #"{"time":"\#(time(second))","resourceId":"\#(prefix)/IOTHUBS/\#(hub)","operationName":"\#(operation)","category":"Connections","level":"\#(code == nil ? "Information" : "Error")"\#(result),"properties":"\#(inner)","location":"westeurope"}"#
    }

    /// A registration that DPS answered.
    public static func registration(
        _ second: Int,
        _ id: String,
        hub: String? = "hub-a",
        status: String = "assigned",
        code: Int? = nil,
        correlation: String? = nil,
        attestation: String = "symmetricKey",
        group: String? = nil,
        scope: String? = nil
    ) -> String {
        let named =
            (group.map { #",\"enrollmentGroupId\":\"\#($0)\""# } ?? "")
            + (scope.map { #",\"idScope\":\"\#($0)\""# } ?? "")
        let assigned = hub.map { #",\"assignedHub\":\"\#($0).azure-devices.net\""# } ?? ""
        let error = code.map { #",\"errorCode\":\#($0)"# } ?? ""
        let ties = correlation.map { #","correlationId":"\#($0)""# } ?? ""
        let inner =
            #"{\"registrationId\":\"\#(id)\",\"attestationType\":\"\#(attestation)\",\"status\":\"\#(status)\"\#(assigned)\#(error)\#(named)}"#
        let result = status == "failed" ? "Failure" : "Success"
        return
            #"{"time":"\#(time(second))","resourceId":"\#(prefix)/PROVISIONINGSERVICES/DPS-1","operationName":"Register","category":"RegistrationsOperationalLogs","resultType":"\#(result)"\#(ties),"durationMs":"120","properties":"\#(inner)"}"#
    }

    /// An attestation as DPS logs it, with neither hub nor group.
    public static func attestation(_ second: Int, _ id: String, ok: Bool = true) -> String {
        let result = ok ? "Success" : "ClientError"
        let inner = #"{\"id\":\"\#(id)\",\"type\":\"Registration\",\"protocol\":\"Mqtt\"}"#
        return
            #"{"time":"\#(time(second))","resourceId":"\#(prefix)/PROVISIONINGSERVICES/DPS-1","operationName":"AttestationAttempt","category":"DeviceOperations","resultType":"\#(result)","resultSignature":"\#(ok ? "" : "401")","properties":"\#(inner)"}"#
    }
}
