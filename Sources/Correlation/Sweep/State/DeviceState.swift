import AzureLogs

/// What is known of one device identity while the sweep passes.
struct DeviceState: Sendable {
    /// The channel of the device itself; those of its modules are the sweep's `modules`.
    var own = DeviceChannel()
    /// How many of its channels have a session, and the hub where it counts as connected; 0 without one.
    @Compact32 var openChannels = 0
    @Compact32 var sessionHub = 0
    /// The last contact of any channel.
    var lastContact: Contact?
    @Compact32 var lastContactHub = 0
    /// Hubs that accepted the device, oldest first.
    var hubs: [Int] = []
    var hubChanges = HubChanges()
    /// When it became one of which rules will look at all contacts; `.max` for not.
    var watchedSince: Int64 = .max
    /// The registration of which this is the device, 0 if none is known.
    @Compact32 var registration = 0
    var total = DeviceTotal()

    /// Takes a connection that succeeded.
    ///
    /// - Returns: whether the device becomes one to watch.
    mutating func accept(_ event: SweepEvent, by hub: Int) -> Bool {
        total.contacts &+= Int32(truncatingIfNeeded: event.copies)
        total.connected &+= Int32(truncatingIfNeeded: event.copies)
        if total.firstConnected == .min { total.firstConnected = event.time }
        total.lastConnected = event.time
        var isWatched = false
        let acceptedBefore = Int(total.acceptedBy)
        total.acceptedBy = Int32(truncatingIfNeeded: hub)
        if acceptedBefore != 0, acceptedBefore != hub {
            total.hubChanges &+= 1
            isWatched = hubChanges.add(at: event.time)
        }
        if !hubs.contains(hub), hubs.count < SweepLimits.mostHubs { hubs.append(hub) }
        return isWatched
    }
}
