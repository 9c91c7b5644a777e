import Basics

/// Reads registries: the shape of the contract, lists of it, and bare enrollment documents.
///
/// Shapes: the service API, `az iot dps` with its explicit nulls and `--show-keys`, lists, bulk bodies, and the management
/// plane's `properties`. What is not known is passed over, because the API grows.
enum RegistryReader {
    /// Reads every instance of a document.
    static func read(_ document: JSONValue, keepsVariants: Bool) throws(ImportFault) -> [Registry] {
        if let instances = document["instances"]?.elements { return try list(instances, "instances", keepsVariants) }
        if let elements = document.elements {
            let areInstances = elements.contains { isInstance($0) }
            if areInstances { return try list(elements, "", keepsVariants) }
            return [try bare(elements, keepsVariants)]
        }
        guard document.members != nil else {
            throw ImportFault(
                place: "document",
                problem: "neither an object nor a list",
                advice: "give a registry as docs/verifier.md describes it"
            )
        }
        if isInstance(document) { return [try instance(document, "", keepsVariants)] }
        let elements = EnrollmentReader.listed(document)
        return [try bare(elements, keepsVariants)]
    }

    private static func list(_ elements: [JSONValue], _ name: String, _ keepsVariants: Bool) throws(ImportFault)
        -> [Registry]
    {
        var registries: [Registry] = []
        for (place, element) in elements.enumerated() {
            registries.append(try instance(element, "\(name)[\(place)].", keepsVariants))
        }
        return registries
    }

    private static func isInstance(_ value: JSONValue) -> Bool {
        [
            "idScope", "individualEnrollments", "enrollmentGroups", "iotHubs", "certificates", "registrations",
            "properties",
        ]
        .contains { value[$0] != nil } && value["attestation"] == nil
    }

    /// Enrollment documents alone: no scope, no hubs.
    private static func bare(_ elements: [JSONValue], _ keepsVariants: Bool) throws(ImportFault) -> Registry {
        var registry = try build(
            scope: nil,
            policy: "hashed",
            hubs: [],
            certificates: [],
            enrollments: try EnrollmentReader.read(elements, "", assume: nil),
            records: [],
            keepsVariants: keepsVariants
        )
        // Of bare enrollments only the kinds that occur can be meant to be complete.
        if !registry.individuals.isEmpty { registry.listed.insert("individualEnrollments") }
        if !registry.groups.isEmpty { registry.listed.insert("enrollmentGroups") }
        return registry
    }

    private static func instance(_ value: JSONValue, _ prefix: String, _ keepsVariants: Bool) throws(ImportFault)
        -> Registry
    {
        guard value.members != nil else {
            throw ImportFault(
                place: prefix.isEmpty ? "document" : String(prefix.dropLast()),
                problem: "not an object",
                advice: "each instance is an object with idScope, enrollments and the rest"
            )
        }
        // `az iot dps show` keeps the instance's own settings under `properties`.
        func member(_ name: String) -> JSONValue? { value[name] ?? value["properties"]?[name] }
        var enrollments: [Enrollment] = []
        for (name, kind) in [("individualEnrollments", Enrollment.Kind.individual), ("enrollmentGroups", .group)] {
            guard let list = value[name] else { continue }
            enrollments += try EnrollmentReader.read(
                try EnrollmentReader.elements(list, prefix + name),
                prefix + name,
                assume: kind
            )
        }
        let hubs = try LinkedHubReader.read(member("iotHubs"), prefix + "iotHubs")
        var registry = try build(
            scope: member("idScope")?.text,
            policy: ASCII.lowercased(member("allocationPolicy")?.text ?? "hashed"),
            hubs: hubs,
            certificates: try CACertificateReader.read(value["certificates"], prefix + "certificates"),
            enrollments: enrollments,
            records: try RegistrationReader.read(value["registrations"], prefix + "registrations"),
            keepsVariants: keepsVariants,
            prefix: prefix
        )
        registry.name = value["name"]?.text
        let lists = ["individualEnrollments", "enrollmentGroups", "certificates", "registrations", "iotHubs"]
        registry.listed = Set(lists.filter { member($0) != nil })
        return registry
    }

    private static func build(
        scope: String?,
        policy: String,
        hubs: [Registry.LinkedHub],
        certificates: [Registry.CACertificate],
        enrollments: [Enrollment],
        records: [Registry.Registration],
        keepsVariants: Bool,
        prefix: String = ""
    ) throws(ImportFault) -> Registry {
        var individuals: [String: Enrollment] = [:]
        var groups: [String: Enrollment] = [:]
        var groupOrder: [String] = []
        var registrations: [String: Registry.Registration] = [:]
        var variants: [String: Registry.CaseVariants] = [:]
        for enrollment in enrollments {
            let key = ASCII.lowercased(enrollment.id)
            let known = enrollment.kind == .individual ? individuals[key] : groups[key]
            if keepsVariants, let known, known.id != enrollment.id {
                let name = enrollment.kind.rawValue + " " + key
                var variant = variants[name] ?? Registry.CaseVariants(kind: enrollment.kind, ids: [known.id])
                if !variant.ids.contains(enrollment.id) { variant.ids = (variant.ids + [enrollment.id]).sorted() }
                variants[name] = variant
                continue
            }
            let kept = try merge(known, enrollment, prefix)
            switch enrollment.kind {
            case .individual:
                individuals[key] = kept
                if let state = RegistrationReader.embedded(in: enrollment.document) { registrations[key] = state }
            case .group:
                if known == nil { groupOrder.append(key) }
                groups[key] = kept
            }
        }
        // A record that was exported as such is newer evidence than one inside an enrollment.
        for record in records { registrations[ASCII.lowercased(record.registrationID)] = record }
        var registry = Registry(
            idScope: scope,
            allocationPolicy: policy,
            hubs: hubs,
            certificates: certificates,
            individuals: individuals,
            groups: groupOrder.compactMap { groups[$0] },
            registrations: registrations
        )
        registry.caseVariants = variants.sorted { $0.key < $1.key }.map(\.value)
        return registry
    }

    /// A list without keys and a `show --show-keys` of the same enrollment may both be given; the keys win.
    private static func merge(
        _ known: Enrollment?,
        _ next: Enrollment,
        _ prefix: String
    ) throws(ImportFault) -> Enrollment {
        guard let known else { return next }
        switch (known.showsKeys, next.showsKeys) {
        case (true, false): return known
        case (false, true): return next
        default:
            throw ImportFault(
                place: prefix + (next.kind == .individual ? "individualEnrollments" : "enrollmentGroups"),
                problem: "the \(next.kind.rawValue) enrollment \(Shown.short(next.id)) stands twice",
                advice: "keep the one that DPS has now"
            )
        }
    }
}

extension Enrollment {
    /// Whether a symmetric key is shown.
    fileprivate var showsKeys: Bool {
        if case .symmetricKey(let keys) = attestation { keys.primary != nil || keys.secondary != nil } else { false }
    }
}

extension Registry {
    /// Reads every instance of a UTF-8 JSON document.
    ///
    /// Accepted are the contract's registry, a list of them, `{"instances":[…]}`, and bare enrollment documents, which give
    /// one instance without scope and hubs.
    ///
    /// - Parameter keepsVariants: whether enrollments whose ids differ only in case are noted and the first is taken; else
    ///   they are a fault, because nobody could say which one decides.
    public static func read(
        utf8 bytes: some Sequence<UInt8>,
        keepsVariants: Bool = false
    ) throws(ImportFault) -> [Registry] {
        let document: JSONValue
        do {
            document = try JSONValue(utf8: bytes)
        } catch {
            throw ImportFault(place: "document", problem: error.description, advice: "give one JSON document in UTF-8")
        }
        return try RegistryReader.read(document, keepsVariants: keepsVariants)
    }
}
