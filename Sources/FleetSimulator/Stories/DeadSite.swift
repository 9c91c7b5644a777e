/// DPS assigns, the hub hears nothing: a site whose firewall does not know the new hub.
struct DeadSite: Story {
    let name = "never-connected-site"
    let summary = """
        20 devices work. The firewall of one site lets DPS through and not the hub: gate-31 to gate-35 are assigned to \
        hub-gates and never seen there, while the logs of hub-gates are complete.
        """
    let gates = (31...35).map { "gate-\($0)" }
    var truths: [Truth] { gates.map { Truth(rule: "assigned-never-connected", subject: $0) } }

    func write(into log: inout FleetLog) {
        log.healthy((1...20).map { "gate-\($0 + 50)" }, hub: "hub-gates", group: "gates", hours: 8)
        for (index, id) in gates.enumerated() {
            log.registration(7200 + index * 45, id, hub: "hub-gates", group: "gates")
        }
    }
}
