/// Devices that provision on every boot although their assignment works.
struct EveryBoot: Story {
    let name = "provisions-every-boot"
    let summary = """
        20 devices work as they should. kiosk-51 to kiosk-55 start six times a day and ask DPS every time, although the \
        hub of the last assignment took them each time.
        """
    let kiosks = (51...55).map { "kiosk-\($0)" }
    var truths: [Truth] { kiosks.map { Truth(rule: "registers-every-boot", subject: $0) } }

    func write(into log: inout FleetLog) {
        log.healthy((1...20).map { "kiosk-\($0 + 10)" }, hub: "hub-shops", group: "kiosks", hours: 24)
        for (index, id) in kiosks.enumerated() {
            for boot in 0..<6 {
                let begin = 1800 + index * 240 + boot * 12600
                log.registration(begin, id, hub: "hub-shops", group: "kiosks")
                log.connect(begin + 5, id, hub: "hub-shops")
                log.disconnect(begin + 12000, id, hub: "hub-shops")
            }
        }
    }
}
