/// A DPS instance of the fleet.
public struct FleetInstance: Sendable, Hashable {
    /// Its name.
    public var name: String
    /// Whether it writes the richer log; else attestations only.
    public var isRich = true
}

/// One device with everything that it has in common with others.
public struct FleetDevice: Sendable {
    /// Registration and device id.
    public var id: String
    /// The enrollment group, empty for an individual enrollment.
    public var group: String
    /// The DPS instance that it asks.
    public var dps: FleetInstance
    /// The hub that it is assigned to.
    public var hub: String
    /// `symmetricKey`, `x509` or `tpm`.
    public var attestation: String
    /// How it renews its token.
    public var renewal: SDK
    /// The masked address of its site.
    public var network: String
    /// `Mqtt` or `Amqp`.
    public var transport: String

    /// The SDK as logged.
    public var sdk: String { renewal.name }
}

/// An SDK, and what the hub's log shows when it renews its token (IoT Hub troubleshooting, 401003 and 404104).
public struct SDK: Sendable, Hashable {
    /// As logged.
    public var name: String
    /// Seconds from one token to the next.
    public var period: Int
    /// Whether the hub drops the connection and refuses the old token; else the device closes and comes back in time.
    public var isDropped: Bool

    /// Python renews two minutes before the end; two versions of it are in the field.
    static let python = SDK(
        name: "azure-iot-device-iothub-py/2.12.0 (python 3.9.2; Linux; armv7l)",
        period: 57_480,
        isDropped: false
    )
    static let newPython = SDK(
        name: "azure-iot-device-iothub-py/2.13.1 (python 3.11.2; Linux; aarch64)",
        period: 57_480,
        isDropped: false
    )
    /// .NET and Java are cut off ten minutes behind the end.
    static let dotNet = SDK(name: ".NET/1.41.2 (.NET Core 3.1.19; Linux; X64)", period: 58_200, isDropped: true)
    static let java = SDK(
        name: "com.microsoft.azure.sdk.iot.iot-device-client/2.1.5 (Java 11; Linux; amd64)",
        period: 61_800,
        isDropped: true
    )
    /// Node renews without an error.
    static let node = SDK(
        name: "azure-iot-device/1.18.1 (node v16.15.0; Linux; x64)",
        period: 54_000,
        isDropped: false
    )
    /// The C SDK renews at four fifths of the token's life.
    static let native = SDK(name: "iothubclient/1.9.0 (native; Linux; x86_64)", period: 51_840, isDropped: false)

    /// All of them with their shares of a hundred devices.
    static let field: [(SDK, Int)] = [
        (python, 30), (newPython, 14), (dotNet, 14), (java, 14), (node, 14), (native, 14),
    ]
}
