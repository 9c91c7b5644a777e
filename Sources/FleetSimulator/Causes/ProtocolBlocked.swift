/// What devices of one protocol present is refused.
struct ProtocolBlocked: Cause {
    let name = "a protocol was blocked"
    let attribute = "protocol"
    let value = "Amqp"

    func strike(_ stage: inout Stage) {
        let struck = stage.take(1200) { $0.transport == value }
        for (second, device) in stage.spread(struck, from: 1200, over: 9000) { stage.refuse(second, device) }
    }
}
