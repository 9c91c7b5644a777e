/// Everything that a fleet's services log, in parts.
public struct FleetBook: Sendable {
    /// Unix time of second 0.
    public let start: Int
    /// The records in the order in which they were made.
    public private(set) var records: [FleetRecord] = []
    /// Resources with their categories.
    public private(set) var places: [LogPlace] = []
    /// Files that are no logs of a resource: exports, and what a scenario breaks.
    public var others: [(path: String, bytes: [UInt8])] = []
    /// The scenario that is being planted, 0 for healthy life.
    var plant = 0
    var random: SplitMix64
    private var numbers: [String: [String: Int]] = [:]

    static let subscription =
        "/SUBSCRIPTIONS/3F0E6C1A-5B5D-4E0C-9C56-0A1B2C3D4E5F/RESOURCEGROUPS/FLEET-RG/PROVIDERS/MICROSOFT.DEVICES/"

    /// A book without records.
    public init(start: Int, seed: UInt64) {
        self.start = start
        random = SplitMix64(seed: seed)
    }

    private mutating func place(_ category: String, _ name: String, isHub: Bool) -> Int {
        if let known = numbers[category]?[name] { return known }
        let resource = (isHub ? "IOTHUBS/" : "PROVISIONINGSERVICES/") + name.uppercased()
        places.append(LogPlace(resource: resource, category: category))
        numbers[category, default: [:]][name] = places.count - 1
        return places.count - 1
    }

    /// Takes a record that was made elsewhere with the same places.
    public mutating func add(_ record: FleetRecord) { records.append(record) }

    /// A book of the same places that is empty.
    public func emptied() -> FleetBook {
        var book = self
        book.records = []
        book.others = []
        return book
    }

    // MARK: DPS

    /// DPS assigns the device to its hub, or to another one.
    mutating func assign(_ second: Int, _ device: FleetDevice, hub: String? = nil, network: String? = nil) {
        if device.dps.isRich {
            dps(second, device, .registration, "assigned", hub: hub ?? device.hub, network: network)
        } else {
            dps(second, device, .attestation, "", network: network)
        }
    }

    /// DPS tells the device to ask again.
    mutating func poll(_ second: Int, _ device: FleetDevice) { dps(second, device, .registration, "assigning") }

    /// DPS turns the device away.
    mutating func fail(
        _ second: Int,
        _ device: FleetDevice,
        code: Int,
        _ message: String,
        isGroupLogged: Bool = false,
        hub: String = "",
        network: String? = nil
    ) {
        let group = isGroupLogged ? device.group : ""
        dps(
            second,
            device,
            device.dps.isRich ? .registration : .attestation,
            "failed",
            hub: hub,
            group: group,
            code: code,
            message: message,
            network: network
        )
    }

    /// The device's enrollment is disabled.
    mutating func disabled(_ second: Int, _ device: FleetDevice) { dps(second, device, .registration, "disabled") }

    /// A registration that takes a given time.
    mutating func assign(_ second: Int, _ device: FleetDevice, milliseconds: Int) {
        dps(second, device, .registration, "assigned", hub: device.hub, duration: milliseconds)
    }

    private mutating func dps(
        _ second: Int,
        _ device: FleetDevice,
        _ kind: FleetRecord.Kind,
        _ status: String,
        hub: String = "",
        group: String? = nil,
        code: Int = 0,
        message: String = "",
        duration: Int? = nil,
        network: String? = nil
    ) {
        let category = kind == .attestation ? "DeviceOperations" : "RegistrationsOperationalLogs"
        records.append(
            FleetRecord(
                second: second,
                kind: kind,
                place: place(category, device.dps.name, isHub: false),
                id: device.id,
                code: code,
                message: message,
                status: status,
                hub: hub,
                group: group ?? device.group,
                attestation: device.attestation,
                transport: device.transport,
                network: network ?? device.network,
                duration: duration ?? 90 + Int(truncatingIfNeeded: random.next() >> 40) % 300,
                correlation: (random.next(), random.next()),
                plant: plant
            )
        )
    }

    /// A change through the DPS service API; of a group if one is given, else of an individual enrollment.
    mutating func change(_ second: Int, _ operation: String, id: String, dps: String, isGroup: Bool = false) {
        records.append(
            FleetRecord(
                second: second,
                kind: .serviceOperation,
                place: place("ServiceOperations", dps, isHub: false),
                id: id,
                status: operation,
                group: isGroup ? id : "",
                network: "192.0.2.XXX",
                duration: 120,
                correlation: (random.next(), random.next()),
                plant: plant
            )
        )
    }

    // MARK: Hubs

    /// A connect attempt; refused if there is a code.
    mutating func connect(
        _ second: Int,
        _ device: FleetDevice,
        code: Int = 0,
        hub: String? = nil,
        network: String? = nil,
        sdk: String? = nil,
        message: String? = nil
    ) {
        records.append(
            FleetRecord(
                second: second,
                kind: .connect,
                place: place("Connections", hub ?? device.hub, isHub: true),
                id: device.id,
                code: code,
                message: message ?? Self.message(code),
                transport: device.transport,
                network: network ?? device.network,
                sdk: sdk ?? device.sdk,
                plant: plant
            )
        )
    }

    /// The end of a connection; without a code the device closed it.
    mutating func disconnect(
        _ second: Int,
        _ device: FleetDevice,
        code: Int = 0,
        hub: String? = nil,
        network: String? = nil
    ) {
        records.append(
            FleetRecord(
                second: second,
                kind: .disconnect,
                place: place("Connections", hub ?? device.hub, isHub: true),
                id: device.id,
                code: code,
                message: Self.message(code),
                transport: device.transport,
                network: network ?? device.network,
                plant: plant
            )
        )
    }

    /// An error of another category; without a device it is the hub's own.
    mutating func hubError(
        _ second: Int,
        hub: String,
        _ device: FleetDevice?,
        code: Int,
        category: String = "DeviceTelemetry"
    ) {
        records.append(
            FleetRecord(
                second: second,
                kind: .hubError,
                place: place(category, hub, isHub: true),
                id: device?.id ?? "",
                code: code,
                message: Self.message(code),
                transport: device?.transport ?? "",
                network: device?.network ?? "",
                plant: plant
            )
        )
    }

    private static func message(_ code: Int) -> String {
        code == 0 ? "" : "see cause and resolution at https://aka.ms/iothub" + String(code)
    }
}
