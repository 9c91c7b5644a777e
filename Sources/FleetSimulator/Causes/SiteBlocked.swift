/// A site's firewall lets devices through to DPS and not to the hubs.
struct SiteBlocked: Cause {
    let name = "a site's firewall"
    let attribute = "network"
    let value = "100.66.24.XXX"

    func strike(_ stage: inout Stage) {
        let struck = stage.take(70) { $0.network == value && $0.dps.isRich && $0.attestation != "tpm" }
        for (second, device) in stage.spread(struck, from: 800, over: 9000) {
            stage.book.disconnect(second, device)
            stage.book.assign(second + 60, device)
        }
    }
}
