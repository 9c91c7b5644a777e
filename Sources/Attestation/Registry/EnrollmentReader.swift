import Basics

/// Reads enrollment documents in every shape that DPS's tools print.
enum EnrollmentReader {
    /// The enrollments inside a document: itself, a bulk body, or a page of results.
    static func listed(_ document: JSONValue) -> [JSONValue] {
        if let elements = document.elements { return elements }
        for name in ["enrollments", "value", "items", "enrollmentGroups"] {
            if let elements = document[name]?.elements { return elements }
        }
        return [document]
    }

    /// The elements of a list member, which may be a single object.
    static func elements(_ value: JSONValue, _ place: String) throws(ImportFault) -> [JSONValue] {
        guard value.elements != nil || value.members != nil else {
            throw ImportFault(
                place: place,
                problem: "neither a list nor an object",
                advice: "give the list that the export printed"
            )
        }
        return listed(value)
    }

    static func read(
        _ elements: [JSONValue],
        _ place: String,
        assume kind: Enrollment.Kind?
    ) throws(ImportFault) -> [Enrollment] {
        var enrollments: [Enrollment] = []
        for (index, element) in elements.enumerated() {
            enrollments.append(try read(element, "\(place)[\(index)]"))
        }
        return enrollments
    }

    private static func read(_ value: JSONValue, _ place: String) throws(ImportFault) -> Enrollment {
        let kind: Enrollment.Kind
        let id: String
        if let group = value["enrollmentGroupId"]?.text {
            (kind, id) = (.group, group)
        } else if let registration = value["registrationId"]?.text {
            (kind, id) = (.individual, registration)
        } else {
            throw ImportFault(
                place: place,
                problem: "neither registrationId nor enrollmentGroupId",
                advice: "give enrollments as the service API or az iot dps prints them"
            )
        }
        return Enrollment(
            kind: kind,
            id: id,
            deviceID: value["deviceId"]?.text.flatMap { $0.isEmpty ? nil : $0 },
            attestation: attestation(value["attestation"]),
            isEnabled: ASCII.lowercased(value["provisioningStatus"]?.text ?? "enabled") != "disabled",
            reprovisioning: reprovisioning(value["reprovisionPolicy"]),
            allocationPolicy: value["allocationPolicy"]?.text.map { ASCII.lowercased($0) },
            hubs: hubs(value),
            webhook: value["customAllocationDefinition"]?["webhookUrl"]?.text.flatMap { $0.isEmpty ? nil : $0 },
            initialTwin: value["initialTwin"],
            lastUpdated: value["lastUpdatedDateTimeUtc"]?.text.flatMap { UnixTime(rfc3339: $0) },
            document: withoutKeys(value)
        )
    }

    private static func attestation(_ value: JSONValue?) -> Enrollment.Attestation {
        // `az … --show-keys` puts the attestation mechanism where the service has the attestation; same members.
        let word = value?["type"]?.text ?? ""
        switch ASCII.lowercased(word) {
        case "symmetrickey": return .symmetricKey(keys(value?["symmetricKey"]))
        case "x509": return .x509(certificates(value?["x509"]))
        case "tpm": return .tpm(endorsementKey: value?["tpm"]?["endorsementKey"]?.text)
        default:
            // Without a type, a single filled member says the same.
            if word.isEmpty {
                if let inner = value?["symmetricKey"] { return .symmetricKey(keys(inner)) }
                if let inner = value?["x509"] { return .x509(certificates(inner)) }
                if let inner = value?["tpm"] { return .tpm(endorsementKey: inner["endorsementKey"]?.text) }
            }
            return .unknown(word.isEmpty ? "none" : Shown.short(word))
        }
    }

    private static func keys(_ value: JSONValue?) -> EnrollmentKeys {
        var found: [SecretBytes?] = []
        var missing: [String] = []
        for name in ["primaryKey", "secondaryKey"] {
            guard let text = value?[name]?.text, !text.isEmpty else {
                found.append(nil)
                missing.append("\(name) not shown")
                continue
            }
            do {
                found.append(try EnrollmentKey.read(text))
            } catch {
                found.append(nil)
                missing.append("\(name) cannot be read: \(error)")
            }
        }
        return EnrollmentKeys(primary: found[0], secondary: found[1], missing: missing.joined(separator: ", "))
    }

    private static func certificates(_ value: JSONValue?) -> EnrollmentCertificates {
        func pair(_ name: String) -> [JSONValue] {
            ["primary", "secondary"].compactMap { value?[name]?[$0] }
        }
        return EnrollmentCertificates(
            client: pair("clientCertificates").map { CertificateEntryReader.read($0) },
            signing: pair("signingCertificates").map { CertificateEntryReader.read($0) },
            caReferences: pair("caReferences").compactMap { $0.text }
        )
    }

    private static func reprovisioning(_ value: JSONValue?) -> Enrollment.Reprovisioning? {
        if let word = value?.text.map({ ASCII.lowercased($0) }) {
            switch word {
            case "reprovisionandmigratedata": return .init(updateHubAssignment: true, migrateDeviceData: true)
            case "reprovisionandresetdata": return .init(updateHubAssignment: true, migrateDeviceData: false)
            case "never": return .init(updateHubAssignment: false, migrateDeviceData: false)
            default: return nil
            }
        }
        guard let value, let update = value["updateHubAssignment"]?.truth else { return nil }
        return .init(updateHubAssignment: update, migrateDeviceData: value["migrateDeviceData"]?.truth ?? false)
    }

    /// The list, or the older single name; an empty list says nothing, as in the tools' output.
    private static func hubs(_ value: JSONValue) -> [String]? {
        if let names = value["iotHubs"]?.elements?.compactMap({ $0.text }), !names.isEmpty { return names }
        return value["iotHubHostName"]?.text.flatMap { $0.isEmpty ? nil : [$0] }
    }

    /// The document as a webhook is sent it: without keys, and without the registration's state.
    private static func withoutKeys(_ value: JSONValue) -> JSONValue {
        guard var members = value.members else { return value }
        if var attestation = members["attestation"]?.members, attestation["symmetricKey"]?.members != nil {
            attestation["symmetricKey"] = .object([:])
            members["attestation"] = .object(attestation)
        }
        return .object(members)
    }
}

/// Reads one certificate of an enrollment or of the instance.
enum CertificateEntryReader {
    static func read(_ value: JSONValue) -> EnrollmentCertificates.Entry {
        let info = value["info"]
        return EnrollmentCertificates.Entry(
            text: (value["certificate"]?.text ?? value["pem"]?.text).flatMap { $0.isEmpty ? nil : $0 },
            sha1Thumbprint: info?["sha1Thumbprint"]?.text ?? value["thumbprint"]?.text,
            sha256Thumbprint: info?["sha256Thumbprint"]?.text,
            subjectName: info?["subjectName"]?.text ?? value["subject"]?.text,
            issuerName: info?["issuerName"]?.text,
            notBefore: info?["notBeforeUtc"]?.text.flatMap(ExportTime.read),
            notAfter: (info?["notAfterUtc"] ?? value["expiry"])?.text.flatMap(ExportTime.read)
        )
    }
}
