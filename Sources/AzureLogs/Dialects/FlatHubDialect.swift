/// Hub records without `properties`: the operations monitoring that was retired in 2019, and records that somebody
/// unwrapped.
///
/// Their members fill what `properties` does not say.
enum FlatHubDialect {
    /// Keys in lower case.
    static let keys: [String: FieldSlot] = [
        "deviceid": .deviceId,
        "moduleid": .module,
        "protocol": .transport,
        "authtype": .authType,
        "sdkversion": .sdk,
        "maskedipaddress": .maskedAddress,
        "statuscode": .statusCode,
        "errormessage": .errorMessage,
        "event_time_vis": .time,
        "timestamp": .time,
    ]
}
