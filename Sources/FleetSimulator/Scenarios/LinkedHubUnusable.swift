/// Two instances that may not use a hub: one log names the hub, the other does not and the devices never had one.
struct LinkedHubUnusable: Scenario {
    let rule = "linked-hub-unusable"
    private let message = "ErrorCode:IotHubUnauthorizedAccess;Unauthorized"

    func plant(into ground: inout Ground) {
        for (index, device) in ground.own(8, stem: "linka-", group: "linked", dps: "dps-link-a").enumerated() {
            for attempt in 0..<3 {
                ground.book.fail(
                    35_000 + index * 100 + attempt * 900,
                    device,
                    code: 401_002,
                    message,
                    isGroupLogged: true
                )
            }
        }
        ground.truth(rule, "dps-link-a")
        let named = ground.own(8, stem: "linkb-", hub: "hub-eu-3", group: "linked", dps: "dps-link-b")
        for (index, device) in named.enumerated() {
            ground.book.fail(37_000 + index * 100, device, code: 401_002, message, hub: "hub-eu-3")
        }
        ground.truth(rule, "hub-eu-3")
    }
}
