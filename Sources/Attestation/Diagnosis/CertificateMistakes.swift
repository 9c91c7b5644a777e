/// Mistakes with certificates that look alike from outside and want different mending.
extension Mistake {
    static let leafNotFirst = Mistake(
        "D15",
        "The certificates are in the wrong order: the device's own does not come first.",
        "Put the device's certificate first in the chain file, then its issuer, then the next one up."
    )
    static let individualHoldsIssuer = Mistake(
        "D16",
        "The individual enrollment holds the CA that signed the device's certificate, not that certificate.",
        "Put the device's own certificate into the individual enrollment, or the CA into an enrollment group."
    )
    static let rootNotHeld = Mistake(
        "D17",
        "The chain leads to a root that DPS does not hold at all.",
        "Upload the root, or an intermediate on the way to it, under Certificates of the DPS instance and verify it."
    )
    static let otherKeyOfName = Mistake(
        "D18",
        "DPS holds a CA certificate of this name with another key: the CA was made anew, or the names were used twice.",
        "Upload the CA certificate that signed this chain and verify it, or issue the device's certificate from the one "
            + "that DPS holds."
    )
    static let groupWithoutRoot = Mistake(
        "D19",
        "The group holds a certificate of the chain, but no CA certificate in DPS is verified for it: being in the group "
            + "does not make it trusted.",
        "Upload the root above the group's certificate, or that certificate itself, under Certificates of the DPS "
            + "instance and verify it."
    )
    static let selfSignedLeaf = Mistake(
        "D20",
        "The device's certificate signed itself, so no group can take it.",
        "Make an individual enrollment that holds this certificate, or give the device one that the group's CA signed."
    )
    static let deviceIDSent = Mistake(
        "D21",
        "The device sent its device id at the hub in place of its registration id.",
        "Let the device register with its registration id; the device id is what DPS answers."
    )
    static let noEnrollmentOfKind = Mistake(
        "D22",
        "No enrollment of this instance takes this kind of proof from the device.",
        "Make an enrollment of the device's kind of attestation, or give the device what the existing ones want."
    )
    static let noGroupForAuthority = Mistake(
        "D23",
        "The chain reaches a verified CA, but no enrollment group holds any certificate of the chain.",
        "Make an enrollment group for the CA, or for an intermediate of the chain, if its devices may come in."
    )
    static let referenceNamesNothing = Mistake(
        "D24",
        "The enrollment refers to a CA certificate by a name that DPS does not hold.",
        "Let the enrollment refer to a CA certificate by its name under Certificates of the DPS instance."
    )
    static let sharedEntry = Mistake(
        "D29",
        "One certificate or key stands in several enrollments.",
        "Keep each certificate and each key in one enrollment; a certificate in a disabled one is refused."
    )
    static let disabledPassedBy = Mistake(
        "D30",
        "A disabled enrollment group farther up does not keep this device out, because a nearer enrollment decides.",
        "If the device is to stay out, disable the nearer enrollment."
    )
    static let disabledTwin = Mistake(
        "D37",
        "A disabled enrollment group holds another certificate of the same CA, with the same name and key, such as a "
            + "renewed or cross-signed one. It does not keep this device out: DPS compares certificates, not keys.",
        "If the CA's devices are to stay out, disable every enrollment that holds one of its certificates."
    )
    static let olderPresented = Mistake(
        "D31",
        "The device presents an older certificate than the enrollment holds.",
        "Let the device use its new certificate, or put the one it uses into the enrollment's secondary slot until it does."
    )
    static let otherNameEnrolled = Mistake(
        "D32",
        "The enrollment holds a certificate of another name.",
        "Put this device's certificate into the enrollment."
    )
}

/// Mistakes with ids, endorsement keys and settings that look alike from outside and want different mending.
extension Mistake {
    static let endorsementKeyCutOff = Mistake(
        "D25",
        "An endorsement key is not whole: its end is missing.",
        "Copy the whole endorsement key of this TPM into the enrollment."
    )
    static let endorsementKeyTemplate = Mistake(
        "D26",
        "The endorsement keys were made after different templates, such as RSA and ECC, as one TPM may have both.",
        "Read the endorsement key with the tool or the SDK that the device uses, and put that one into the enrollment."
    )
    static let endorsementKeyForm = Mistake(
        "D34",
        "The endorsement key is not in the form that DPS compares: base64 of its TPM2B_PUBLIC.",
        "Write the endorsement key as base64 of its TPM2B_PUBLIC, as the TPM and the SDKs give it."
    )
    static let enrolledUnderOtherID = Mistake(
        "D35",
        "The device's endorsement key is enrolled under another registration id.",
        "Let the device register with the id of its enrollment, or enroll its key under the id that it sends."
    )
    static let scopeCase = Mistake(
        "D27",
        "The id scope differs from the instance's in the case of its letters alone.",
        "Write the id scope exactly as the instance shows it; whether DPS minds the case is not known."
    )
    static let webhookMissing = Mistake(
        "D28",
        "The allocation policy is custom, and the enrollment names no webhook.",
        "Set the enrollment's custom allocation webhook, or another allocation policy."
    )
    static let illegalID = Mistake(
        "D33",
        "The registration id has characters, a length or an end that DPS does not take.",
        "Use letters, digits and - . _ : alone, 128 at most, and end with a letter, a digit or -."
    )
    static let idSpelling = Mistake(
        "D36",
        "Two ids differ in the case of their letters alone. DPS takes them for one; a derived key and the device ids of a "
            + "hub do not.",
        "Write the id in one spelling everywhere: on the device, in the enrollment, in the certificate and in the token."
    )
}
