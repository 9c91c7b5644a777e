/// A batch of neighbours with wrong keys among healthy ones, another in the same series, and a group whose key changed.
struct GroupKeyFailure: Scenario {
    let rule = "group-key-failure"

    func plant(into ground: inout Ground) {
        for (offset, count) in [(100, 24), (160, 15)] {
            // Of every sixth device the keys are right.
            let devices = ground.neighbours(count, of: "mw-", from: offset)
            let struck = devices.enumerated().filter { $0.offset % 6 != 5 || $0.offset == count - 1 }.map(\.element)
            for (index, device) in devices.enumerated() where index % 6 == 5 && index != count - 1 {
                ground.health(device, from: 12_000 + index * 300, to: HealthyLife.end)
            }
            for (index, device) in struck.enumerated() { fail(device, from: 30_000 + index * 300, &ground) }
            ground.truths(["key-derivation-failure"], struck)
            if let first = struck.first?.id, let last = struck.last?.id {
                ground.truth(rule, first + ".." + last.dropFirst(3))
            }
        }
        let group = ground.own(50, stem: "press-", group: "press-line")
        for (index, device) in group.enumerated() {
            ground.health(device, from: 2000 + index * 400, to: 70_000)
            // The hub knows nothing of the group's key: who has a session keeps it.
            HealthyLife.renew(120_000 + index * 300, device, &ground.book)
            if index < 30 { fail(device, from: 90_000 + index * 300, &ground) }
        }
        ground.truths(["key-derivation-failure"], Array(group[..<30]))
        ground.truth(rule, "press-line")
    }

    private func fail(_ device: FleetDevice, from begin: Int, _ ground: inout Ground) {
        for attempt in 0..<4 { ground.book.fail(begin + attempt * 600, device, code: 401_002, "Unauthorized") }
    }
}
