/// Connection events that are no resource logs: Event Grid in both of its schemas, and the routed notification
/// (IoT Hub, react to events with Event Grid; non-telemetry event schemas).
///
/// They are snapshots of a minute, not every change, and are stored under the category `EventGrid`.
enum EventGridDialect {
    /// The few values that such an event carries.
    struct Event {
        var time: String
        var connected: Bool
        var resourceId: String
        var hub: String
        var deviceId: String
        var moduleId: String
        var id: String
        var sequence: String
    }

    /// Reads an event; nil if the object is none of them.
    ///
    /// - Parameter tree: with keys in lower case.
    static func read(_ tree: JSONTree) -> Event? { grid(tree) ?? routed(tree) }

    private static func grid(_ tree: JSONTree) -> Event? {
        guard
            let type = tree["eventtype"]?.text ?? tree["type"]?.text,
            let connected = direction(type, "Microsoft.Devices.Device"),
            let data = tree["data"], let device = data["deviceid"]?.text,
            let time = tree["eventtime"]?.text ?? tree["time"]?.text
        else { return nil }
        return Event(
            time: time,
            connected: connected,
            resourceId: tree["topic"]?.text ?? tree["source"]?.text ?? "",
            hub: data["hubname"]?.text ?? "",
            deviceId: device,
            moduleId: data["moduleid"]?.text ?? "",
            id: tree["id"]?.text ?? "",
            sequence: data["deviceconnectionstateeventinfo"]?["sequencenumber"]?.text ?? ""
        )
    }

    private static func routed(_ tree: JSONTree) -> Event? {
        let event = tree["event"] ?? tree
        guard
            let properties = event["properties"]?["application"],
            properties["iothub-message-schema"]?.text == "deviceConnectionStateNotification",
            let connected = properties["optype"]?.text.flatMap({ direction($0, "device") }),
            let device = properties["deviceid"]?.text, let time = properties["operationtimestamp"]?.text
        else { return nil }
        return Event(
            time: time,
            connected: connected,
            resourceId: "",
            hub: properties["hubname"]?.text ?? "",
            deviceId: device,
            moduleId: event["module"]?.text ?? "",
            id: event["properties"]?["system"]?["correlation_id"]?.text ?? "",
            sequence: event["payload"]?["sequencenumber"]?.text ?? ""
        )
    }

    private static func direction(_ type: String, _ prefix: String) -> Bool? {
        switch type.lowercased() {
        case "\(prefix)Connected".lowercased(): true
        case "\(prefix)Disconnected".lowercased(): false
        default: nil
        }
    }
}
