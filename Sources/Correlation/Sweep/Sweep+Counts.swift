import Basics

/// What is counted of hubs minute by minute, and of devices.
extension Sweep {
    /// Counts a record of a device, and begins the hub's next minute.
    mutating func countRecord(_ event: SweepEvent, _ fact: ContextFacts, _ sink: inout some SweepSink) throws {
        devices[event.identity].total.count(event, fact)
        try enter(fact.instance, &sink)
    }

    /// Begins the current minute of a hub, before anything of it is counted: so what is said of a minute's beginning does not
    /// hang on which device came first.
    private mutating func enter(_ hub: Int, _ sink: inout some SweepSink) throws {
        let minute = now / Microseconds.minute
        if hubs[hub].minute == minute { return }
        try end(hub, &sink)
        hubs[hub].begin(minute)
    }

    /// Writes down the minute of a hub, if it is one to note.
    private func end(_ hub: Int, _ sink: inout some SweepSink) throws {
        if hub > 0, hubs[hub].isNoted || isPart && hubs[hub].minute >= 0 { try sink.minute(hubs[hub], hub: hub) }
    }

    /// Writes the current minutes, as if the next ones had begun.
    mutating func endMinutes(_ sink: inout some SweepSink) throws {
        for hub in hubs.indices {
            try end(hub, &sink)
            if isPart, hub > 0, hubs[hub].minute >= 0 {
                // With how many sessions it ended is said by the next minute.
                hubs[hub].begin(hubs[hub].minute + 1)
                try end(hub, &sink)
            }
            hubs[hub].begin(-1)
        }
    }

    /// A device counts as connected once, at the hub of the session that it opened last.
    mutating func beginSession(_ channel: Int, _ device: Int, at hub: Int, _ sink: inout some SweepSink) throws {
        if read(channel, { $0.sessionHub }) == 0 { devices[device].openChannels += 1 }
        if devices[device].sessionHub == hub { return }
        if devices[device].sessionHub != 0 {
            try enter(devices[device].sessionHub, &sink)
            hubs[devices[device].sessionHub].sessions -= 1
        }
        devices[device].sessionHub = hub
        hubs[hub].sessions += 1
    }

    /// Ends the channel's session; the device is no more connected once none of its channels has one.
    mutating func endSession(_ channel: Int, _ device: Int, _ sink: inout some SweepSink) throws {
        if read(channel, { $0.sessionHub }) == 0 { return }
        self[channel].sessionHub = 0
        devices[device].openChannels -= 1
        if devices[device].openChannels > 0 { return }
        try enter(devices[device].sessionHub, &sink)
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
    mutating func countExplained(_ device: Int, _ hub: Int, _ sink: inout some SweepSink) throws {
        let minute = Int32(truncatingIfNeeded: now / Microseconds.minute)
        if devices[device].total.explainedMinute == minute { return }
        try enter(hub, &sink)
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
