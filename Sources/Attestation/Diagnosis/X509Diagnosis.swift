/// What certificates tell.
enum X509Diagnosis {
    static func diagnose(_ diagnoser: Diagnoser) -> [Diagnosis] {
        guard let finding = diagnoser.run.findings.x509 else { return [] }
        func one(_ mistake: Mistake, _ confidence: Diagnosis.Confidence, _ compared: String) -> [Diagnosis] {
            [diagnoser.make([mistake], confidence, compared: compared)]
        }
        switch finding {
        case .commonNameMissing: return one(.commonNameMissing, .certain, "the leaf's subject")
        case .commonNameDiffers:
            return one(.commonNameDiffers, .certain, "the leaf's common name with the registration id")
        case .authorityAsLeaf:
            return one(.authorityAsDevice, .certain, "the leaf's CA flag and the groups' certificates")
        case .renewed:
            return one(.certificateRenewed, .likely, "the leaf with the enrolled certificates; the name is the same")
        case .chainForIndividual: return one(.chainForIndividual, .likely, "the presented chain with the verified CAs")
        case .issuerUnknown:
            return one(.intermediateMissing, .likely, "the last issuer's name with all known certificates")
        case .unverified(let name): return one(.notVerified, .certain, "\(name) with the verified CAs of the instance")
        case .time(let detail): return one(.certificateTime, .certain, detail)
        case .unsound(let detail): return one(.unsoundChain, .likely, detail)
        case .disabledHides(let group): return one(.disabledHidesGroup, .certain, "the chain with group \(group)")
        }
    }
}
