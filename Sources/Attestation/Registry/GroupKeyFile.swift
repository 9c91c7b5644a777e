import Basics

/// Group keys that are handed in beside a registry: one a line, `GROUP-ID KEY` or `KEY`.
public struct GroupKeyFile: Sendable {
    /// Keys with the group they belong to, in the order of the file.
    public private(set) var named: [(group: String, key: SecretBytes)] = []
    /// Keys without a group.
    public private(set) var unnamed: [SecretBytes] = []

    /// The most lines that are read.
    public static let mostLines = 10_000

    /// Reads the text; blank lines and lines that begin with `#` are passed over.
    public init(_ text: String) throws(ImportFault) {
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
        guard lines.count <= GroupKeyFile.mostLines else {
            throw ImportFault(place: "group keys", problem: "too many lines", advice: "give at most 10,000 keys")
        }
        for (place, line) in lines.enumerated() {
            let words = line.split { $0.isWhitespace }
            guard let last = words.last, !line.hasPrefix("#") else { continue }
            guard words.count <= 2 else {
                throw ImportFault(
                    place: "group keys, line \(place + 1)",
                    problem: "more than two words",
                    advice: "write a group id and a key, or a key alone"
                )
            }
            do {
                let key = try EnrollmentKey.read(String(last))
                if words.count == 2 { named.append((String(words[0]), key)) } else { unnamed.append(key) }
            } catch {
                throw ImportFault(
                    place: "group keys, line \(place + 1)",
                    problem: error.description,
                    advice: "copy the key from the enrollment group again"
                )
            }
        }
    }
}

extension Registry {
    /// The registry with keys that it does not show filled in, and the keys that found no free place.
    ///
    /// A key that the registry shows is never replaced: the one handed in may be of another time, which the diagnosis says.
    public func filling(_ file: GroupKeyFile) -> (registry: Registry, rest: [SecretBytes]) {
        var rest = file.unnamed
        var groups = groups
        for (name, key) in file.named {
            guard
                let place = groups.firstIndex(where: { ASCII.lowercased($0.id) == ASCII.lowercased(name) }),
                case .symmetricKey(let known) = groups[place].attestation,
                let filled = known.filling(key)
            else {
                rest.append(key)
                continue
            }
            groups[place] = groups[place].with(.symmetricKey(filled))
        }
        var registry = Registry(
            idScope: idScope,
            allocationPolicy: allocationPolicy,
            hubs: hubs,
            certificates: certificates,
            individuals: individuals,
            groups: groups,
            registrations: registrations
        )
        registry.name = self.name
        registry.listed = listed
        registry.caseVariants = caseVariants
        return (registry, rest)
    }

    /// The instances with the keys filled in, and what none of them could take.
    public static func filling(_ registries: [Registry], _ file: GroupKeyFile) -> (
        registries: [Registry], rest: [SecretBytes]
    ) {
        let filled = registries.map { $0.filling(file) }
        // With several instances a key is left over only if none of them could take it.
        return (filled.map(\.registry), filled.map(\.rest).min { $0.count < $1.count } ?? [])
    }
}

extension EnrollmentKeys {
    /// The keys with this one in the first free place; nil if there is none or the key is known.
    fileprivate func filling(_ key: SecretBytes) -> EnrollmentKeys? {
        if primary?.matches(key) == true || secondary?.matches(key) == true { return nil }
        if primary == nil {
            return EnrollmentKeys(
                primary: key,
                secondary: secondary,
                missing: secondary == nil ? "secondaryKey not shown" : ""
            )
        }
        return secondary == nil ? EnrollmentKeys(primary: primary, secondary: key, missing: "") : nil
    }
}

extension Enrollment {
    fileprivate func with(_ attestation: Attestation) -> Enrollment {
        Enrollment(
            kind: kind,
            id: id,
            deviceID: deviceID,
            attestation: attestation,
            isEnabled: isEnabled,
            reprovisioning: reprovisioning,
            allocationPolicy: allocationPolicy,
            hubs: hubs,
            webhook: webhook,
            initialTwin: initialTwin,
            lastUpdated: lastUpdated,
            document: document
        )
    }
}
