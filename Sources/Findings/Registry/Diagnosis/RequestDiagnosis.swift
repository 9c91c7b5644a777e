import Attestation

/// Asks the verifier about the request of a device that DPS turned away.
enum RequestDiagnosis {
    /// What the verifier makes of the newest request of the device, at the time of the request, else of the finding.
    ///
    /// That the request is the one which failed is taken from its id alone; so where the verifier would let it in, that is
    /// said and no more.
    static func of(_ finding: Finding, _ context: RegistryContext) -> [FindingDiagnosis] {
        guard let item = context.requests[folded(finding.registrationId ?? finding.subject)] else { return [] }
        var circumstances = Circumstances()
        circumstances.otherGroupKeys = context.inputs.otherGroupKeys
        let moment = item.request.receivedAt ?? finding.lastSeen.map(RegistryContext.time) ?? context.now
        let verdict = Verifier.decide(context.inputs.registries, item.request, at: moment, circumstances)
        switch verdict.decision {
        case .assigned, .challenge:
            return [
                FindingDiagnosis(
                    mistake: "request-accepted",
                    confidence: "possible",
                    explanation:
                        "the request in \(item.evidence) would be let in with this registry: what was wrong has been"
                        + " mended, or another request failed",
                    fix: "Compare the request with the one that failed."
                )
            ]
        case .cannotVerify:
            return [
                FindingDiagnosis(
                    mistake: "cannot-verify",
                    confidence: "possible",
                    explanation: "the request in \(item.evidence) cannot be judged: \(verdict.message)",
                    fix: "Give what is missing, such as --group-keys, and ask again."
                )
            ]
        case .rejected, .disabled, .failed:
            return verdict.diagnosis.prefix(3).map { found in
                FindingDiagnosis(
                    mistake: found.mistake,
                    confidence: found.confidence.rawValue,
                    explanation: "mistake \(found.mistake) in the request: \(Self.clause(found.explanation))",
                    fix: found.fix
                )
            }
        }
    }

    /// A sentence without its full stop and with a small letter at its front, to stand in another one.
    private static func clause(_ sentence: String) -> String {
        var text = sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence
        if text.hasPrefix("The ") || text.hasPrefix("An ") || text.hasPrefix("A ") || text.hasPrefix("It ") {
            text = text.prefix(1).lowercased() + text.dropFirst()
        }
        return text
    }
}
