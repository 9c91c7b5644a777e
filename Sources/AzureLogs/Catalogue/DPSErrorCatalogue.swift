/// The error codes of the provisioning service: HTTP statuses by its troubleshooting page, six digits as devices were
/// seen to receive them.
///
/// Within one status the last three digits are not stable, so the status leads.
public enum DPSErrorCatalogue {
    /// What a code of DPS means, nil if nothing is known of it.
    public static func meaning(_ code: Int) -> String? {
        if let exact = sixDigits[code] { return exact }
        return statuses[code >= 1000 ? code / 1000 : code]
    }

    /// The codes of which something is known, ascending.
    public static var codes: [Int] { (Array(sixDigits.keys) + Array(statuses.keys)).sorted() }

    private static let sixDigits: [Int: String] = [
        400_004: "the registration id or the endorsement key is not valid",
        400_207: "the custom allocation webhook failed or answered something that cannot be used",
        400_208: "no linked hub can be used",
        400_209: "DPS has no right to create the device in the linked hub",
        401_000: "the key, token or certificate was not accepted",
        401_001: "the linked hub was not found",
        401_002: "the key, token or certificate was not accepted, or the linked hub refused DPS",
        404_201: "there is no enrollment for this registration id",
        404_202: "there is no registration record for this id",
        409_203: "the same registration id was registered twice at once",
        429_001: "this DPS instance is throttling: too many registrations or polls",
    ]

    private static let statuses: [Int: String] = [
        400: "the request could not be understood",
        401: "the key, token or certificate was not accepted",
        403: "the request is not allowed",
        404: "there is no enrollment for this registration id, or no such DPS instance",
        405: "the request has no registration id",
        409: "the same registration id was registered twice at once",
        412: "the same registration id was registered twice at once",
        415: "the request's media type is not supported",
        429: "this DPS instance is throttling: too many registrations or polls",
        500: "an internal error of DPS; transient",
    ]
}
