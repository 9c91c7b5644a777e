/// What the judging of certificates found, for the diagnosis.
struct X509Finding: Sendable {
}

/// X.509: the individual enrollment pins the leaf, else the first group on the way up decides.
extension DecisionRun {
    mutating func attestCertificate(_ registry: Registry) async -> Attested {
        note("certificate", .notChecked, "not judged yet")
        return .decided(cannotVerify("certificates are not judged yet"))
    }
}
