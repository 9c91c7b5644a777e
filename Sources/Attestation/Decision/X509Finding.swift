/// What the judging of certificates found, for the diagnosis.
enum X509Finding: Sendable {
    case commonNameMissing
    case commonNameDiffers
    /// The certificate that belongs first stands at this place, counted from 1.
    case leafNotFirst(place: Int)
    case authorityAsLeaf
    /// The enrollment holds another certificate of this name; newer or older than the one presented where that is known.
    case otherCertificate(SlotState)
    case individualHoldsIssuer(String)
    case chainForIndividual
    /// What was sent ends below a CA that is known from an enrollment but was not sent, or is not known at all.
    case intermediateMissing(issuer: String, known: String?)
    case rootNotHeld(String, Diagnosis.Confidence)
    case groupWithoutRoot(group: String, root: String, isOnlyCause: Bool)
    case otherKey(name: String, subject: String)
    case selfSignedLeaf
    case unverified(String)
    case time(String)
    case unsound(String)
    case noEnrollmentOfKind(String)
    case noGroup(authority: String)
    case referenceNamesNothing(enrollment: String, name: String, isOnlyCause: Bool)
    /// A disabled individual enrollment keeps out what this group would take.
    case disabledHides(String)
    /// One certificate or key in several entries.
    case shared(String)
    /// A disabled entry that does not decide.
    case disabledPassedBy(String)
    /// A disabled entry that holds another certificate of a CA on the path.
    case disabledTwin(String)

    /// How an enrolled certificate stands to the one that was presented.
    enum SlotState: Sendable {
        case older
        case newer
        case unknown
        case otherName(String)
    }
}
