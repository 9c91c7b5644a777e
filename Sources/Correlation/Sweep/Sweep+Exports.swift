/// What exports of DPS say of a registration.
extension Sweep {
    /// What registration records say of an attempt's hub.
    func recorded(_ attempt: Attempt, of leader: Int) -> DPSExportFacts.Recorded {
        let end = attempt.ended + configuration.connectWindow
        return snapshots[leader]?.recorded(from: attempt.started, to: end) ?? DPSExportFacts.Recorded()
    }

    /// How the enrollment of a registration, or else its group, attests by the exports.
    func attestation(of leader: Int, in group: InternedText) -> InternedText {
        snapshots[leader]?.attestation ?? groups[group]?.attestation ?? .none
    }

    /// The hub that the enrollment of a registration, or else its group, pins by the exports; 0 for none.
    func pinnedHub(of leader: Int, in group: InternedText) -> Int {
        let own = snapshots[leader]?.pinnedHub ?? 0
        return own != 0 ? own : groups[group]?.pinnedHub ?? 0
    }
}
