import Basics

/// Writes the answers that a device would read (device API, HTTPS bodies; topics for MQTT).
///
/// Ids are of the right shape and follow from the request and the randomness handed in; DPS's own cannot be known.
struct ResponseMaker {
    let request: AttestationRequest
    let at: UnixTime
    let randomness: [UInt8]

    /// `5.{16 hex, one per registration}.{guid, one per operation}`.
    var operationID: String {
        let stable = StableHash.bytes("\(request.idScope)\n\(ASCII.lowercased(request.registrationID))").prefix(8)
        return "5.\(Hex.text(stable)).\(guid("operation"))"
    }

    /// A random-looking GUID (RFC 9562, version 4).
    func guid(_ purpose: String) -> String {
        let seed =
            randomness.isEmpty
            ? "\(request.idScope)\n\(request.registrationID)\n\(at.rfc3339(fractionDigits: 9))"
            : Hex.text(randomness)
        var bytes = Array(StableHash.bytes("\(purpose)\n\(seed)").prefix(16))
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let hex = Hex.text(bytes)
        let cuts = [0, 8, 12, 16, 20, 32]
        return zip(cuts, cuts.dropFirst()).map { String(hex.dropFirst($0).prefix($1 - $0)) }.joined(separator: "-")
    }

    /// Base64 of a quoted store tag whose last group is the time of the update.
    func etag(_ time: UnixTime) -> String {
        func padded(_ text: String) -> String { String(repeating: "0", count: max(0, 8 - text.count)) + text }
        let seconds = padded(String(UInt32(truncatingIfNeeded: time.seconds), radix: 16))
        let tag = "\"\(Hex.text(StableHash.bytes(operationID).prefix(4)))-0000-0100-0000-\(seconds)0000\""
        return Base64Text.encode(tag.utf8)
    }

    func time(_ moment: UnixTime) -> JSONValue { .string(moment.rfc3339(fractionDigits: 7)) }

    /// One answer: status, headers and body, and over MQTT the topic it comes on.
    func answer(_ status: Int, headers: [String: JSONValue] = [:], body: JSONValue) -> JSONValue {
        var all = headers
        all["Content-Type"] = "application/json; charset=utf-8"
        var members: [String: JSONValue] = [
            "status": .integer(Int64(status)), "headers": .object(all), "body": body,
        ]
        if request.transport == .mqtt {
            let retry = headers["Retry-After"]?.text.map { "&retry-after=\($0)" } ?? ""
            members["mqttTopic"] = .string("$dps/registrations/res/\(status)/?$rid={rid}\(retry)")
        }
        return .object(members)
    }

    /// An error body with its tracking id.
    func error(_ status: Int, code: Int?, message: String, headers: [String: JSONValue] = [:]) -> JSONValue {
        let tracking = guid("tracking")
        var body: [String: JSONValue] = [
            "trackingId": .string(tracking), "message": .string(message), "timestampUtc": time(at),
        ]
        body["errorCode"] = code.map { .integer(Int64($0)) }
        var all = headers
        all["x-ms-request-id"] = .string(tracking)
        return ["register": answer(status, headers: all, body: .object(body))]
    }

    /// The 200 that a disabled device gets at once.
    func disabled() -> JSONValue {
        let state: JSONValue = [
            "registrationId": .string(request.registrationID), "status": "disabled", "createdDateTimeUtc": time(at),
            "lastUpdatedDateTimeUtc": time(at), "etag": .string(etag(at)),
        ]
        return ["register": answer(200, body: ["operationId": "", "status": "disabled", "registrationState": state])]
    }

    /// The 401 that asks a TPM to prove itself; it has no error code.
    func challenge(authenticationKey: String?) -> JSONValue {
        var body: [String: JSONValue] = [
            "message": .string(ResponseMaker.challengeMessage), "keyName": "registration",
        ]
        body["authenticationKey"] = authenticationKey.map { .string($0) }
        return ["register": answer(401, body: .object(body))]
    }

    static let challengeMessage = "Authorization required, resend request using supplied key"

    /// The 202, the answer to an early poll, and the final answer with this state.
    func accepted(status: String, state: [String: JSONValue]) -> JSONValue {
        let operation = JSONValue.string(operationID)
        let path = "/\(request.idScope)/registrations/\(PercentEncoding.encode(request.registrationID))/register"
        let early: [String: JSONValue] = [
            "Retry-After": "3", "x-ms-request-id": .string(guid("tracking")),
            "Location": .string("https://global.azure-devices-provisioning.net\(path)"),
        ]
        let waiting: JSONValue = ["registrationId": .string(request.registrationID), "status": "assigning"]
        return [
            "register": answer(202, headers: early, body: ["operationId": operation, "status": "assigning"]),
            "poll": answer(
                202,
                headers: ["Retry-After": "3"],
                body: ["operationId": operation, "status": "assigning", "registrationState": waiting]
            ),
            "final": answer(
                200,
                body: [
                    "operationId": operation, "status": .string(status), "registrationState": .object(state),
                ]
            ),
        ]
    }
}
