import Basics

/// Reads the hubs that are linked to an instance, from the management plane or as bare names.
enum LinkedHubReader {
    static func read(_ value: JSONValue?, _ place: String) throws(ImportFault) -> [Registry.LinkedHub] {
        guard let value else { return [] }
        guard let elements = value.elements else {
            throw ImportFault(place: place, problem: "not a list", advice: "give the list of linked hubs")
        }
        var hubs: [Registry.LinkedHub] = []
        for (index, element) in elements.enumerated() {
            let connection = element["connectionString"]?.text.flatMap { part("hostname", of: $0) }
            guard let name = element.text ?? element["name"]?.text ?? element["hostName"]?.text ?? connection else {
                throw ImportFault(
                    place: "\(place)[\(index)]",
                    problem: "no host name",
                    advice: "give the hub's name, as az iot dps show prints it"
                )
            }
            // Null and 1 mean the same; the limits are those of the allocation documentation.
            let weight = element["allocationWeight"]?.whole ?? 1
            guard (0...1_000).contains(weight) else {
                throw ImportFault(
                    place: "\(place)[\(index)].allocationWeight",
                    problem: "\(weight) is not a weight",
                    advice: "weights go from 1 to 1000"
                )
            }
            hubs.append(
                Registry.LinkedHub(
                    name: name,
                    weight: max(1, Int(weight)),
                    takesPartInAllocation: element["applyAllocationPolicy"]?.truth ?? true,
                    keyName: element["connectionString"]?.text.flatMap { part("sharedaccesskeyname", of: $0) }
                )
            )
        }
        return hubs
    }

    /// The host or the policy's name of a connection string, whose key part is masked or must not be looked at.
    private static func part(_ name: String, of connectionString: String) -> String? {
        connectionString.split(separator: ";").first { ASCII.lowercased(String($0)).hasPrefix(name + "=") }
            .map { String($0.dropFirst(name.count + 1)) }
    }
}

/// Reads the CA certificates of an instance as `az iot dps certificate list` prints them.
enum CACertificateReader {
    static func read(_ value: JSONValue?, _ place: String) throws(ImportFault) -> [Registry.CACertificate] {
        guard let value else { return [] }
        var certificates: [Registry.CACertificate] = []
        for (index, element) in try EnrollmentReader.elements(value, place).enumerated() {
            guard let name = element["name"]?.text else {
                throw ImportFault(
                    place: "\(place)[\(index)]",
                    problem: "no name",
                    advice: "give CA certificates as az iot dps certificate list prints them"
                )
            }
            let properties = element["properties"] ?? element
            let inner = CertificateEntryReader.read(properties)
            let outer = CertificateEntryReader.read(element)
            certificates.append(
                Registry.CACertificate(
                    name: name,
                    entry: EnrollmentCertificates.Entry(
                        text: inner.text ?? outer.text,
                        sha1Thumbprint: inner.sha1Thumbprint,
                        sha256Thumbprint: inner.sha256Thumbprint,
                        subjectName: inner.subjectName,
                        issuerName: inner.issuerName,
                        notBefore: inner.notBefore,
                        notAfter: inner.notAfter
                    ),
                    isVerified: properties["isVerified"]?.truth ?? false
                )
            )
        }
        return certificates
    }
}

/// Reads registration records.
enum RegistrationReader {
    static func read(_ value: JSONValue?, _ place: String) throws(ImportFault) -> [Registry.Registration] {
        guard let value else { return [] }
        var records: [Registry.Registration] = []
        for (index, element) in try EnrollmentReader.elements(value, place).enumerated() {
            guard let record = record(element) else {
                throw ImportFault(
                    place: "\(place)[\(index)]",
                    problem: "no registrationId",
                    advice: "give records as the service API prints them"
                )
            }
            records.append(record)
        }
        return records
    }

    /// The record inside an individual enrollment, if there is one.
    static func embedded(in enrollment: JSONValue) -> Registry.Registration? {
        guard let state = enrollment["registrationState"], let status = state["status"]?.text,
            status != "unassigned"
        else { return nil }
        return record(state, or: enrollment["registrationId"]?.text)
    }

    private static func record(_ value: JSONValue, or id: String? = nil) -> Registry.Registration? {
        guard let id = value["registrationId"]?.text ?? id else { return nil }
        return Registry.Registration(
            registrationID: id,
            deviceID: value["deviceId"]?.text,
            assignedHub: value["assignedHub"]?.text.flatMap { $0.isEmpty ? nil : $0 },
            status: value["status"]?.text,
            substatus: value["substatus"]?.text,
            created: value["createdDateTimeUtc"]?.text.flatMap { UnixTime(rfc3339: $0) },
            lastUpdated: value["lastUpdatedDateTimeUtc"]?.text.flatMap { UnixTime(rfc3339: $0) }
        )
    }
}
