/// The channels of modules, numbered in the order in which they were first met.
struct ModuleChannels: Sendable {
    /// One module of a device.
    struct Entry: Sendable {
        @Compact32 var device: Int
        var module: InternedText
        var state = DeviceChannel()
    }

    private var numbers: [UInt64: Int] = [:]
    var entries: [Entry] = []

    /// The number of a module's channel; a new one if it was not met before.
    mutating func number(of device: Int, _ module: InternedText) -> Int {
        let key = UInt64(truncatingIfNeeded: device) << 32 | UInt64(UInt32(bitPattern: module.id))
        if let known = numbers[key] { return known }
        numbers[key] = entries.count
        entries.append(Entry(device: device, module: module))
        return entries.count - 1
    }
}
