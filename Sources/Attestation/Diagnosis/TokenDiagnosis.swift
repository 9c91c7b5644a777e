import Basics

/// What the token and its signature tell.
extension Diagnoser {
    func token() -> [Diagnosis] {
        if let fault = run.findings.tokenFault { return malformed(fault) }
        guard let token = run.findings.token, let sas = run.findings.sas, !sas.isAccepted else { return [] }
        let given = structural(token, sas)
        if sas.signingKey != nil {
            // The key is right, so what is wrong with the token is all that is wrong.
            let certain = given.filter { $0.confidence == .certain }
            guard certain.count > 1 else { return alternatives(given) }
            let compared = certain.map(\.compared).joined(separator: "; ")
            return [make(certain.map(\.mistake), .certain, compared: compared)] + alternatives(given)
        }
        let parts = token.audience.split(separator: "/", omittingEmptySubsequences: false).map { String($0) }
        let isForOther = given.contains { $0.mistake == .wrongAudience } && parts.count == 3
        var search = SignatureSearch(
            token: token,
            scope: run.request.idScope,
            id: run.request.registrationID,
            otherNames: otherNames(token),
            alsoRight: isForOther && parts[2] != run.request.registrationID ? [parts[2]] : []
        )
        let matches = search.run(sources())
        var list: [Diagnosis] = []
        for match in matches {
            let own = match.mistakes.filter { mistake in !given.contains { $0.mistake == mistake } }
            let mistakes = given.filter { $0.confidence == .certain }.map(\.mistake) + own
            guard !mistakes.isEmpty else { continue }
            list.append(make(mistakes, .certain, compared: match.compared))
        }
        list += alternatives(given)
        // Where no enrollment has keys, or the id is another one's device id, that is said in place of a guess.
        let isExplained = run.findings.noEnrollmentOfKind != nil || isOtherDevicesID
        if list.isEmpty, sas.outcome == .badSignature, !isExplained {
            let rest =
                search.ranOut ? "not every combination could be tried" : "no known mistake reproduces the signature"
            list.append(make([.foreignKey], .possible, compared: rest))
        }
        return list
    }

    private var isOtherDevicesID: Bool {
        run.enrollment == nil && run.registry?.owner(ofDevice: run.request.registrationID) != nil
    }

    /// A mistake that shows without any key.
    private struct Structural {
        let mistake: Mistake
        let confidence: Diagnosis.Confidence
        let compared: String
    }

    private func alternatives(_ given: [Structural]) -> [Diagnosis] {
        given.map { make([$0.mistake], $0.confidence, compared: $0.compared) }
    }

    private func structural(_ token: SASToken, _ sas: SASVerdict) -> [Structural] {
        var list: [Structural] = []
        let now = run.now.fractionalSeconds
        if token.expiry + SASVerifier.allowedSkew < now {
            let late = now - token.expiry
            if token.expiry < 1_000_000_000 || late > 30 * 86_400 {
                list.append(.init(mistake: .clockOrUnit, confidence: .certain, compared: "se with the present time"))
            } else {
                list.append(.init(mistake: .tokenReused, confidence: .certain, compared: "se with the present time"))
            }
        }
        let policies = ["registration", ""]
        let host = ASCII.lowercased(token.audience.split(separator: "/").first.map { String($0) } ?? "")
        let isHost = host.contains(".azure-devices") || host.hasSuffix(".azure-devices-provisioning.net")
        if let policy = token.keyName, !policies.contains(policy) {
            list.append(.init(mistake: .serviceKey, confidence: .likely, compared: "skn \(Shown.short(policy))"))
        } else if isHost, sas.signingKey == nil {
            list.append(
                .init(mistake: .serviceKey, confidence: .likely, compared: "sr names the host \(Shown.short(host))")
            )
        }
        if !SASVerifier.covers(token.audience, run.audience) {
            list.append(.init(mistake: .wrongAudience, confidence: .certain, compared: audienceWords(token)))
        }
        return list
    }

    private func audienceWords(_ token: SASToken) -> String {
        let parts = token.audience.split(separator: "/", omittingEmptySubsequences: false).map { String($0) }
        if let scope = parts.first, scope != run.request.idScope,
            run.registries.contains(where: { $0.idScope.map { ASCII.lowercased($0) } == ASCII.lowercased(scope) })
        {
            return "the token is for instance \(Shown.short(scope)), the request for \(run.request.idScope)"
        }
        return "sr \(Shown.short(token.audience)) with the request's \(run.audience)"
    }

    private func malformed(_ fault: SASToken.Fault) -> [Diagnosis] {
        switch fault {
        case .expiryOutOfRange:
            return [make([.clockOrUnit], .certain, compared: "se lies beyond the year 9999, so it is not in seconds")]
        case .expiry: return [make([.clockOrUnit], .certain, compared: "se is no number, such as a date is none")]
        default: break
        }
        return [make([.notAToken], .certain, compared: fault.description)]
    }

    // MARK: - Where guesses come from

    /// Names that may have been used in place of the id: bounded, the likeliest first.
    private func otherNames(_ token: SASToken) -> [String] {
        var names: [String] = []
        let parts = token.audience.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count == 3 { names.append(String(parts[2])) }
        if let registry = run.registry {
            if let record = registry.registration(run.request.registrationID) {
                names += [record.registrationID] + [record.deviceID].compactMap(\.self)
            }
            if let individual = registry.individual(run.request.registrationID) {
                names += [individual.id] + [individual.deviceID].compactMap(\.self)
            }
            names += registry.groups.prefix(200).map(\.id)
            names += registry.registrations.values.prefix(Diagnoser.mostNames).map(\.registrationID)
            names += registry.individuals.values.prefix(Diagnoser.mostNames).flatMap { [$0.id, $0.deviceID ?? $0.id] }
        }
        names += [run.request.bodyRegistrationID, run.audience, run.request.idScope].compactMap(\.self)
        var seen: Set<String> = []
        return Array(
            names.filter { seen.insert($0).inserted && $0 != run.request.registrationID }.prefix(Diagnoser.mostNames)
        )
    }

    /// Every key that is known, those that should have been used first.
    private func sources() -> [KeySource] {
        var list: [KeySource] = []
        let id = run.request.registrationID
        let individual = run.registry?.individual(id)
        if let registry = run.registry {
            if let individual { list += keys(of: individual, [], isGroup: false) }
            let hides: [Mistake] =
                individual.map { [$0.isEnabled ? .individualHidesGroup : .disabledIndividualHidesGroup] } ?? []
            for group in registry.groups { list += keys(of: group, hides, isGroup: true) }
        }
        // Handed-in keys are the group's own where the registry hides its keys, else keys of another time or place.
        let hides = run.findings.sas?.outcome == .keysNotShown
        for (place, key) in run.circumstances.otherGroupKeys.prefix(50).enumerated() {
            let name = "handed-in group key \(place + 1)"
            list.append(KeySource(isGroup: true, key: key, name: name, mistakes: hides ? [] : [.foreignKey]))
        }
        for other in run.registries where other.idScope != run.registry?.idScope {
            let scope = other.idScope ?? "without scope"
            if let there = other.individual(id) { list += keys(of: there, [.wrongScope], isGroup: false, scope) }
            for group in other.groups { list += keys(of: group, [.wrongScope], isGroup: true, scope) }
        }
        if let registry = run.registry {
            let owner = individual == nil ? registry.owner(ofDevice: id) : nil
            if let other = owner.flatMap({ registry.individual($0) }) {
                list += keys(of: other, [.deviceIDSent], isGroup: false)
            }
            let others = registry.individuals.filter { $0.value.id != individual?.id && $0.value.id != owner }
            for (_, other) in others.sorted(by: { $0.key < $1.key }).prefix(200) {
                list += keys(of: other, [.foreignKey], isGroup: false)
            }
        }
        return Array(list.prefix(Diagnoser.mostSources))
    }

    private func keys(
        of enrollment: Enrollment,
        _ mistakes: [Mistake],
        isGroup: Bool,
        _ scope: String? = nil
    ) -> [KeySource] {
        guard case .symmetricKey(let keys) = enrollment.attestation else { return [] }
        let instance = scope.map { " of instance \($0)" } ?? ""
        return keys.keys.candidates.map {
            KeySource(
                isGroup: isGroup,
                key: $0.key,
                name: "\(enrollment.kind.rawValue) \(enrollment.id)\(instance), \($0.name)",
                mistakes: mistakes
            )
        }
    }
}
