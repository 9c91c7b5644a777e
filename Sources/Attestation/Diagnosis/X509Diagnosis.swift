/// What certificates tell.
enum X509Diagnosis {
    static func diagnose(_ diagnoser: Diagnoser) -> [Diagnosis] {
        diagnoser.run.findings.x509.map { finding in
            let (mistake, confidence, compared) = meaning(finding)
            return diagnoser.make([mistake], confidence, compared: compared)
        }
    }

    private static func meaning(_ finding: X509Finding) -> (Mistake, Diagnosis.Confidence, String) {
        switch finding {
        case .commonNameMissing: (.commonNameMissing, .certain, "the leaf's subject")
        case .commonNameDiffers:
            (.commonNameDiffers, .certain, "the leaf's common name with the registration id")
        case .leafNotFirst(let place):
            (.leafNotFirst, .certain, "the order of the chain: certificate \(place) is the device's own")
        case .authorityAsLeaf:
            (.authorityAsDevice, .certain, "the leaf's CA flag and the groups' certificates")
        case .otherCertificate(let state): other(state)
        case .individualHoldsIssuer(let id):
            (.individualHoldsIssuer, .certain, "the signature of the leaf with the key that enrollment \(id) holds")
        case .chainForIndividual: (.chainForIndividual, .likely, "the presented chain with the verified CAs")
        case .selfSignedLeaf: (.selfSignedLeaf, .certain, "the leaf's signature with its own key")
        case .unverified(let name):
            (.notVerified, .certain, "\(Shown.short(name)) with the verified CAs of the instance")
        case .time(let detail): (.certificateTime, .certain, detail)
        case .unsound(let detail): (.unsoundChain, .likely, detail)
        case .disabledHides(let group):
            (.disabledHidesGroup, .certain, "the chain with group \(Shown.short(group))")
        case .shared(let words): (.sharedEntry, .certain, words)
        case .disabledPassedBy(let words): (.disabledPassedBy, .certain, words)
        case .disabledTwin(let words): (.disabledTwin, .likely, words)
        case .intermediateMissing, .rootNotHeld, .groupWithoutRoot, .otherKey, .noEnrollmentOfKind, .noGroup,
            .referenceNamesNothing:
            unreached(finding)
        }
    }

    private static func other(_ state: X509Finding.SlotState) -> (Mistake, Diagnosis.Confidence, String) {
        switch state {
        case .older:
            (.certificateRenewed, .likely, "the name is the same, and the presented certificate begins later")
        case .unknown:
            (.certificateRenewed, .possible, "the leaf with the enrolled certificates, whose dates do not tell")
        case .newer:
            (.olderPresented, .likely, "the name is the same, and the enrolled certificate begins later")
        case .otherName(let subject):
            (.otherNameEnrolled, .certain, "the leaf's name with the enrolled one, \(subject)")
        }
    }

    /// Chains that lead to no enrollment: what is missing may be the device's to send, or the instance's to hold.
    private static func unreached(_ finding: X509Finding) -> (Mistake, Diagnosis.Confidence, String) {
        switch finding {
        case .intermediateMissing(let issuer, let known):
            if let known {
                (.intermediateMissing, .certain, "group \(Shown.short(known)) holds \(issuer), which was not presented")
            } else {
                (.intermediateMissing, .likely, "\(issuer), which issued the last certificate, is not known at all")
            }
        case .rootNotHeld(let name, let confidence):
            (.rootNotHeld, confidence, "\(name) with the CA certificates of the instance")
        case .groupWithoutRoot(let group, let root, let isOnlyCause):
            (
                .groupWithoutRoot, isOnlyCause ? .certain : .possible,
                "group \(Shown.short(group)) with the CA certificates of the instance, of which none is \(root)"
            )
        case .otherKey(let name, let subject):
            (
                .otherKeyOfName, .certain,
                "the signature with the key of \(Shown.short(name)), which is also named \(subject)"
            )
        case .noEnrollmentOfKind(let kind): (.noEnrollmentOfKind, .certain, "\(kind) with the enrollments' types")
        case .noGroup(let authority):
            (.noGroupForAuthority, .likely, "the certificates up to \(authority) with those of the groups")
        case .referenceNamesNothing(let enrollment, let name, let isOnlyCause):
            (
                .referenceNamesNothing, isOnlyCause ? .certain : .possible,
                "the CA reference \(Shown.short(name)) of \(Shown.short(enrollment)) with the CA certificates in DPS"
            )
        default: (.unsoundChain, .possible, "the chain")
        }
    }
}
