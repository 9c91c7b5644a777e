/// A roll-out that runs into the limit of DPS: some devices wait as they should, some do not.
struct Rollout: Story {
    let name = "rollout-429-backoff"
    let summary = """
        A roll-out of 36 devices at once runs into 429. 12 devices get through; cam-201 to cam-220 are throttled twice, \
        wait, and get through; cam-301 to cam-304 ask twelve times every two seconds before they get through.
        """
    let patient = (201...220).map { "cam-\($0)" }
    let hasty = (301...304).map { "cam-\($0)" }
    var truths: [Truth] {
        (patient + hasty).map { Truth(rule: "throttled", subject: $0) }
            + hasty.flatMap {
                [Truth(rule: "throttled-without-backoff", subject: $0), Truth(rule: "recovered", subject: $0)]
            }
    }

    func write(into log: inout FleetLog) {
        log.healthy((101...112).map { "cam-\($0)" }, hub: "hub-cams", group: "cams", hours: 6)
        for (index, id) in patient.enumerated() {
            throttle(&log, id, at: [600 + index, 635 + index * 2])
            finish(&log, id, at: 800 + index * 15)
        }
        for (index, id) in hasty.enumerated() {
            throttle(&log, id, at: (0..<12).map { 600 + index + $0 * 2 })
            finish(&log, id, at: 1300 + index * 15)
        }
    }

    private func throttle(_ log: inout FleetLog, _ id: String, at seconds: [Int]) {
        for second in seconds {
            log.registration(
                second,
                id,
                status: "failed",
                code: 429_001,
                message: "Operations are being throttled for this tenant."
            )
        }
    }

    private func finish(_ log: inout FleetLog, _ id: String, at second: Int) {
        log.registration(second, id, hub: "hub-cams", group: "cams")
        log.connect(second + 5, id, hub: "hub-cams")
    }
}
