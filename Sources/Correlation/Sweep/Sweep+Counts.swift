import Basics

/// What is counted of hubs minute by minute, and of devices.
extension Sweep {
    /// Counts a record of a device, and begins the hub's next minute.
    mutating func countRecord(_ event: SweepEvent, _ fact: ContextFacts, _ sink: inout some SweepSink) throws {
        devices[event.identity].total.count(event, fact)
        let minute = event.time / Microseconds.minute
        if hubs[fact.instance].minute != minute {
            if hubs[fact.instance].isNoted { try sink.minute(hubs[fact.instance], hub: fact.instance) }
            hubs[fact.instance].begin(minute)
        }
    }

    /// Writes the current minutes, as if the next ones had begun.
    mutating func endMinutes(_ sink: inout some SweepSink) throws {
        for hub in hubs.indices {
            if hub > 0, hubs[hub].isNoted { try sink.minute(hubs[hub], hub: hub) }
            hubs[hub].begin(-1)
        }
    }

    /// A device counts as connected once, at the hub of the session that it opened last.
    mutating func beginSession(_ channel: Int, _ device: Int, at hub: Int) {
        if self[channel].sessionHub == 0 { devices[device].openChannels += 1 }
        if devices[device].sessionHub == hub { return }
        if devices[device].sessionHub != 0 { hubs[devices[device].sessionHub].sessions -= 1 }
        devices[device].sessionHub = hub
        hubs[hub].sessions += 1
    }

    /// Ends the channel's session; the device is no more connected once none of its channels has one.
    mutating func endSession(_ channel: Int, _ device: Int) {
        if self[channel].sessionHub == 0 { return }
        self[channel].sessionHub = 0
        devices[device].openChannels -= 1
        if devices[device].openChannels > 0 { return }
        hubs[devices[device].sessionHub].sessions -= 1
        devices[device].sessionHub = 0
    }

    /// Counts a device as dropped once a minute.
    mutating func countDrop(_ event: SweepEvent, _ hub: Int) {
        let minute = Int32(truncatingIfNeeded: event.time / Microseconds.minute)
        if devices[event.identity].total.dropMinute == minute { return }
        devices[event.identity].total.dropMinute = minute
        hubs[hub].drops += 1
    }

    /// Counts a device once a minute whose drop a benign pattern explains.
    mutating func countExplained(_ device: Int, _ hub: Int) {
        let minute = Int32(truncatingIfNeeded: now / Microseconds.minute)
        if devices[device].total.explainedMinute == minute || hubs[hub].minute != Int64(minute) { return }
        devices[device].total.explainedMinute = minute
        hubs[hub].explained += 1
    }

    /// Counts a contact that was refused; those that succeed are counted by `DeviceState.accept`, and `refused` of the
    /// total once nothing explains the refusal.
    mutating func countRefusal(_ event: SweepEvent, _ hub: Int) {
        devices[event.identity].total.contacts &+= Int32(truncatingIfNeeded: event.copies)
        hubs[hub].refusals += event.copies
    }

    /// Makes the device one of which rules will look at all contacts.
    mutating func watch(_ device: Int) {
        devices[device].watchedSince = min(devices[device].watchedSince, now)
    }
}
