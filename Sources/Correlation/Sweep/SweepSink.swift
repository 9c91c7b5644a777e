/// What the sweep decides, as it decides it.
protocol SweepSink {
    /// An attempt that is over, with its journey if DPS let the device in.
    ///
    /// The latest one of a registration comes again in place of the one before whenever events tell more of it.
    mutating func attempt(_ attempt: Attempt, _ verdict: JourneyOutcome?, registration: Int, isLatest: Bool) throws
    /// A hub's error that nothing explains.
    mutating func unexplained(_ trouble: PendingError) throws
    /// The totals of all attempts of a registration.
    mutating func registrationTotal(_ total: RegistrationTotal, registration: Int) throws
    /// The totals of all records of a device.
    mutating func deviceTotal(_ total: DeviceTotal, device: Int, registration: Int, isOpen: Bool) throws
    /// The refusals of a channel since its last success; none if it was let in last.
    mutating func refusals(_ run: FailureRun, device: Int, module: InternedText) throws
    /// A run of attempts of a registration that DPS refused.
    ///
    /// - Parameters:
    ///   - number: how many attempts DPS had answered before.
    ///   - isOpen: whether no success has followed.
    mutating func failures(_ run: FailureRun, registration: Int, number: Int, isOpen: Bool) throws
    /// Runs of a registration from this number on come again.
    mutating func forgetFailures(registration: Int, from number: Int) throws
    /// How many records a context has.
    mutating func contextTotal(_ records: Int, context: Int) throws
    /// A minute in which a hub lost or refused several devices.
    mutating func minute(_ minute: HubState, hub: Int) throws
    /// A change through the DPS service API.
    mutating func operation(_ event: SweepEvent) throws
    /// An error that is normal life.
    mutating func explained(_ pattern: BenignPattern, time: Int64, identity: Int, instance: Int, records: Int) throws
}
