/// What exports say of an enrollment group.
struct GroupFacts: Sendable {
    var attestation = InternedText.none
    /// The hub that the group pins, 0 for none or several.
    var pinnedHub = 0
}
