/// The certificate authority of a group runs out.
struct CertificateExpired: Cause {
    let name = "a group's certificate authority expired"
    let attribute = "enrollment-group"
    let value = "pumps"

    func strike(_ stage: inout Stage) {
        let struck = stage.take(450) { $0.group == value }
        for (second, device) in stage.spread(struck, from: 700, over: 12_000) {
            for attempt in 0..<3 {
                stage.book.fail(second + attempt * 500, device, code: 401_002, "Invalid certificate")
            }
        }
    }
}
