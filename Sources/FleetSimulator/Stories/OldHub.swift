/// A migration to a new hub; some devices keep the old one.
struct OldHub: Story {
    let name = "hub-migration-old-hub"
    let summary = """
        The 24 devices of group `trucks` are moved from hub-west to hub-east: all register again and are assigned to \
        hub-east. 18 of them move; truck-01 to truck-06 have cached their hub and go on connecting to hub-west.
        """
    let stuck = (1...6).map { "truck-0\($0)" }
    var truths: [Truth] { stuck.map { Truth(rule: "connects-to-old-hub", subject: $0) } }

    func write(into log: inout FleetLog) {
        let ids = (1...24).map { $0 < 10 ? "truck-0\($0)" : "truck-\($0)" }
        log.healthy(ids, hub: "hub-west", group: "trucks", hours: 4)
        for (index, id) in ids.enumerated() {
            let move = 15000 + index * 60
            let hub = stuck.contains(id) ? "hub-west" : "hub-east"
            log.disconnect(move - 30, id, hub: "hub-west")
            log.registration(move, id, hub: "hub-east", group: "trucks")
            log.connect(move + 6, id, hub: hub)
            var next = move + 6 + 3900
            while next < 12 * 3600 {
                log.renewal(next, id, hub: hub)
                next += 3900
            }
        }
    }
}
