import Basics

/// The checks that come before any proof is looked at.
extension DecisionRun {
    /// Path, media type, api-version.
    mutating func checkRoute() -> Verdict? {
        guard !request.registrationID.isEmpty else {
            note("route", .fail, "no registration id in the path")
            return rejected(405, nil, "Method Not Allowed")
        }
        if request.transport == .https, let type = request.contentType,
            !ASCII.lowercased(type).hasPrefix("application/json")
        {
            note("route", .fail, "the body's media type is not application/json")
            return rejected(415, nil, "Unsupported Media Type")
        }
        if let version = request.apiVersion {
            // What DPS answers to a version it does not know is not documented, so the check refuses nothing.
            let isKnown = APIVersion.known.contains(version)
            note(
                "api version",
                isKnown ? .pass : .notChecked,
                isKnown ? version : "\(Shown.short(version)) is not a version that is known here"
            )
        } else {
            note("api version", .notChecked, "the request does not say; taken as a present one")
        }
        if request.asksForCertificate, !APIVersion.takesSigningRequests(request.apiVersion) {
            note("certificate signing request", .fail, "csr needs api-version 2025-07-01-preview")
            return rejected(400, nil, "Bad Request")
        }
        return nil
    }

    /// The scope names an instance that is known; two instances never share one.
    mutating func checkScope() -> Verdict? {
        if let match = registries.first(where: { $0.idScope == request.idScope }) {
            registry = match
            note("id scope", .pass, request.idScope)
            return nil
        }
        if registries.count == 1, let only = registries.first, only.idScope == nil {
            registry = only
            note("id scope", .notChecked, "the registry does not say its scope")
            return nil
        }
        findings.scopeIsUnknown = true
        let known = registries.compactMap(\.idScope).map { Shown.short($0) }.joined(separator: ", ")
        note("id scope", .fail, "\(Shown.short(request.idScope)) is none of: \(known.isEmpty ? "(none)" : known)")
        guard request.transport == .mqtt else {
            // The status follows the general error table; the sub-code was never seen.
            return rejected(404, 404_001, "Not Found")
        }
        // Over MQTT the connection itself is refused, with a code that clients take for a passing trouble.
        var verdict = Verdict(.rejected, status: nil, message: "CONNACK 3: server unavailable")
        verdict.response = ["connect": ["mqttReturnCode": 3]]
        return verdict
    }

    /// The registration id, in the path and in the body.
    mutating func checkIdentity() -> Verdict? {
        if let complaint = RegistrationID.complaint(request.registrationID) {
            findings.idComplaint = complaint
            note("registration id", .fail, "\(Shown.short(request.registrationID)): \(complaint)")
            return rejected(400, 400_004, "Invalid RegistrationId")
        }
        if let inBody = request.bodyRegistrationID, ASCII.lowercased(inBody) != ASCII.lowercased(request.registrationID)
        {
            note("registration id", .fail, "the body names \(Shown.short(inBody)), the path another")
            return rejected(400, nil, "Bad Request")
        }
        let id = request.registrationID
        if APIVersion.refusesUpperCase(request.apiVersion), id != ASCII.lowercased(id) || id.utf8.contains(0x2E) {
            // Seen live in 2018 with api-versions of that time; whether today's service still does it is not known.
            note("registration id", .notChecked, "upper case and dots were refused with \(request.apiVersion ?? "")")
        } else {
            note("registration id", .pass, id)
        }
        return nil
    }

    mutating func checkRate() -> Verdict? {
        guard circumstances.isThrottled else {
            note("rate limit", .notChecked, "how many others register at the same time is not known here")
            return nil
        }
        note("rate limit", .fail, "the instance's limit is used up")
        return rejected(
            429,
            429_001,
            "Operations are being throttled for this tenant.",
            headers: ["Retry-After": "5"]
        )
    }
}
