/// What the open attempt of a registration sees of its device.
///
/// All of it in place: an attempt is several hundred bytes, and most events of a device come by here.
extension RegistrationState {
    /// Notes a contact of a device with a hub, 0 for one that the log does not name.
    mutating func note(_ contact: Contact, at hub: Int, of device: Int) {
        guard attempt?.device == device else { return }
        if hub == 0 {
            attempt?.hasUnplacedContact = true
        } else {
            attempt?.note(contact, at: hub)
        }
    }

    /// Notes that another record than a contact shows a device alive at a hub.
    mutating func noteSeen(at hub: Int, of device: Int) {
        guard attempt?.device == device else { return }
        if let index = attempt?.visits.firstIndex(where: { $0.hub == hub }) {
            attempt?.visits[index].isSeen = true
        } else {
            attempt?.visits.append(Visit(hub: hub, isSeen: true))
        }
    }

    /// Notes the end of a session.
    ///
    /// If it was open when DPS answered, a clean end, or a late drop, shows that the device lived.
    mutating func noteSessionEnd(
        at hub: Int,
        of device: Int,
        _ time: Int64,
        isClean: Bool,
        _ configuration: CorrelationConfiguration
    ) {
        guard attempt?.device == device, attempt?.openHub == hub, attempt?.openEnded == nil else { return }
        let since = attempt?.ended ?? time
        attempt?.openEnded = time
        attempt?.openWasAlive = isClean || time - since > configuration.longestKeepAlive
    }

    /// Takes refusals that are normal life out of the open journey: the first contact is then what came next.
    ///
    /// - Parameter judged: the errors that waited for the contact, with what explains them.
    mutating func forgive(
        _ judged: Zip2Sequence<[PendingError], [BenignPattern?]>,
        _ contact: Contact,
        at hub: Int,
        of device: Int
    ) {
        guard attempt?.device == device, let index = attempt?.visits.firstIndex(where: { $0.hub == hub }),
            let first = attempt?.visits[index].first, judged.contains(where: { $0.1 != nil && $0.0.isSame(first) })
        else { return }
        let next = judged.first { $0.1 == nil && $0.0.role == .refusal && $0.0.event.time >= first.time }
        attempt?.visits[index].first = next.map { $0.0.contact } ?? contact
    }
}
