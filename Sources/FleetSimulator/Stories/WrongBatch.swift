/// A production batch whose keys were derived in the wrong way.
struct WrongBatch: Story {
    let name = "derived-keys-wrong-batch"
    let summary = """
        Group `press-line` works (40 devices). The batch press-1040 to press-1063 was flashed with keys that were derived \
        wrongly: each of its 24 devices asks three times and gets 401002. One batch, and each of its devices.
        """
    let batch = (1040...1063).map { "press-\($0)" }
    var truths: [Truth] {
        batch.map { Truth(rule: "key-derivation-failure", subject: $0) }
            + [Truth(rule: "group-key-failure", subject: "press-1040..1063")]
    }

    func write(into log: inout FleetLog) {
        log.healthy((1000...1039).map { "press-\($0)" }, hub: "hub-plant", group: "press-line", hours: 8)
        for (index, id) in batch.enumerated() {
            for attempt in 0..<3 {
                // DPS finds no group whose key fits, so it cannot log one.
                log.registration(
                    7200 + index * 20 + attempt * 600,
                    id,
                    status: "failed",
                    code: 401_002,
                    message: "Unauthorized"
                )
            }
        }
    }
}
