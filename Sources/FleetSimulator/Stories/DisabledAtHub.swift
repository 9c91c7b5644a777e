/// DPS assigns, the hub refuses: identities that were disabled in the hub.
struct DisabledAtHub: Story {
    let name = "assigned-then-refused"
    let summary = """
        20 devices work. lock-71 to lock-78 were disabled in the hub during a repair and forgotten: DPS assigns them, the \
        hub answers 403012, again and again.
        """
    let locks = (71...78).map { "lock-\($0)" }
    var truths: [Truth] { locks.map { Truth(rule: "assigned-then-refused", subject: $0) } }

    func write(into log: inout FleetLog) {
        log.healthy((1...20).map { "lock-\($0 + 10)" }, hub: "hub-doors", group: "locks", hours: 8)
        for (index, id) in locks.enumerated() {
            let begin = 9000 + index * 90
            log.registration(begin, id, hub: "hub-doors", group: "locks")
            for attempt in 0..<4 { log.connect(begin + 6 + attempt * 120, id, hub: "hub-doors", code: 403_012) }
        }
    }
}
