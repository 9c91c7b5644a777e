/// The key with which DPS uses a hub is rotated: no device that DPS gives to this hub can be provisioned, and the log of
/// the failures does not say which hub it is.
struct LinkedHubKeyRotated: Cause {
    let name = "a linked hub's key was rotated"
    let attribute = "hub"
    let value = "hub-eu-2"

    func strike(_ stage: inout Stage) {
        let struck = stage.take(220) { $0.hub == value && $0.attestation != "tpm" }
        for (second, device) in stage.spread(struck, from: 900, over: 9000) {
            stage.book.disconnect(second, device)
            for attempt in 0..<3 {
                stage.book.fail(
                    second + 60 + attempt * 600,
                    device,
                    code: 401_002,
                    "ErrorCode:IotHubUnauthorizedAccess;Unauthorized"
                )
            }
        }
    }
}
