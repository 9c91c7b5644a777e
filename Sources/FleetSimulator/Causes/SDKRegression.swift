/// A version of an SDK goes wrong: the hubs refuse what its devices present.
struct SDKRegression: Cause {
    let name = "an SDK's version regressed"
    let attribute = "sdk"
    let value = SDK.newPython.name

    func strike(_ stage: inout Stage) {
        let struck = stage.take(1000) { $0.renewal == .newPython }
        for (second, device) in stage.spread(struck, from: 1000, over: 9000) { stage.refuse(second, device) }
    }
}
