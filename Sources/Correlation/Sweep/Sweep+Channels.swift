/// Where the state of an event's channel stands: a device's own with the device, those of its modules beside.
extension Sweep {
    /// The channel of an event: the device's identity, or the complement of the number of one of its modules.
    mutating func channel(_ event: SweepEvent, _ fact: ContextFacts) -> Int {
        fact.module.isEmpty ? event.identity : ~modules.number(of: event.identity, fact.module)
    }

    /// The state of a channel.
    subscript(channel: Int) -> DeviceChannel {
        _read { if channel >= 0 { yield devices[channel].own } else { yield modules.entries[~channel].state } }
        _modify { if channel >= 0 { yield &devices[channel].own } else { yield &modules.entries[~channel].state } }
    }

    /// Something of the state of a channel.
    ///
    /// The subscript gives the state by way of two yields, which are not inlined: for one of its members the whole state would
    /// be copied, with a reference counted for each of its lists.
    @inline(__always)
    func read<Value>(_ channel: Int, _ value: (borrowing DeviceChannel) -> Value) -> Value {
        channel >= 0 ? value(devices[channel].own) : value(modules.entries.span[~channel].state)
    }

    /// The device of a channel.
    func device(of channel: Int) -> Int { channel >= 0 ? channel : modules.entries[~channel].device }
}
