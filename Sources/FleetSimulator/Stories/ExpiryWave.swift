/// A CA rotation that came too late: certificates of one generation run out, one device after another.
struct ExpiryWave: Story {
    let name = "ca-rotation-expiry-wave"
    let summary = """
        Group `meters-2024` (40 devices, X.509) works until the intermediate of one generation expires: 14 of its devices \
        register again over three hours and are rejected three times each. A wave in the group, and each of the 14 devices.
        """
    let struck = (201...214).map { "meter-\($0)" }
    var truths: [Truth] {
        struck.map { Truth(rule: "certificate-rejected", subject: $0) }
            + [Truth(rule: "certificate-expiry-wave", subject: "meters-2024")]
    }

    func write(into log: inout FleetLog) {
        let ids = (201...240).map { "meter-\($0)" }
        log.healthy(ids, hub: "hub-grid", group: "meters-2024", attestation: "x509", hours: 10)
        for (index, id) in struck.enumerated() {
            for attempt in 0..<3 {
                log.registration(
                    18000 + index * 700 + attempt * 300,
                    id,
                    status: "failed",
                    attestation: "x509",
                    code: 401_002,
                    message: "Invalid certificate"
                )
            }
        }
    }
}
