/// A known mistake: its name, what it is, and what to do.
///
/// `M` names are those that operators' reports and the documentation give (docs/verifier.md); `D` names are
/// further ones that this verifier can tell apart.
struct Mistake: Sendable, Hashable {
    let name: String
    let explanation: String
    let fix: String

    init(_ name: String, _ explanation: String, _ fix: String) {
        self.name = name
        self.explanation = explanation
        self.fix = fix
    }
}

extension Mistake {
    // MARK: - Which key

    static let groupKeyOnDevice = Mistake(
        "M1",
        "The device uses the group's key itself instead of the key derived from it.",
        "Derive the device's key from the group key and the registration id, give the device that, and regenerate the "
            + "group key if it has left the house."
    )
    static let groupKeyNotDecoded = Mistake(
        "M2",
        "The device key was derived with the group key's base64 text, not with the bytes it stands for.",
        "Decode the group key from base64 before the HMAC."
    )
    static let groupKeyAsHex = Mistake(
        "M3",
        "The device key was derived with the group key written as hexadecimal text.",
        "Give the HMAC the decoded bytes; with openssl use -macopt hexkey:, not key:."
    )
    static let idCase = Mistake(
        "M4",
        "The device key was derived from the registration id in another case than the device sends.",
        "Derive from the id exactly as the device sends it, or let the device send it as it was when deriving."
    )
    static let otherID = Mistake(
        "M5",
        "The device key was derived from another name than the registration id.",
        "Derive from the registration id that this device sends."
    )
    static let strayCharacters = Mistake(
        "M6",
        "The registration id had stray characters around it, such as a line end.",
        "Take the line end, spaces and quotes away; in a shell use echo -n or printf."
    )
    static let derivedTwice = Mistake(
        "M7",
        "The device key was derived twice: a derived key was taken for the group key.",
        "Derive once, from the group key of the enrollment group."
    )
    static let foreignKey = Mistake(
        "M8",
        "The key belongs to another enrollment, or is the one of before the keys were regenerated.",
        "Compare the key with the enrollment's keys of today and give the device the right one."
    )
    static let serviceKey = Mistake(
        "M10",
        "The token was made with a hub's or the service's own key, not with a device key.",
        "Give the device its enrollment's device key; policies such as iothubowner are for servers."
    )

    // MARK: - The token

    static let wrongAudience = Mistake(
        "M11",
        "The token was made for something else: another scope, another device, or a hub.",
        "Build sr from the id scope and registration id of this very request."
    )
    static let signatureNotEncoded = Mistake(
        "M12",
        "The signature in the token is not percent-encoded, so + becomes a space and the final = is lost.",
        "Percent-encode the base64 signature before it goes into the token."
    )
    static let otherTextSigned = Mistake(
        "M13",
        "The text that was signed is not the sr that was sent; only its spelling differs.",
        "Encode the audience once and use the same text for signing and after sr=."
    )
    static let clockOrUnit = Mistake(
        "M14",
        "The expiry does not fit the clock: the device's clock is wrong, or se is not a number of seconds since 1970.",
        "Set the device's clock before making tokens, and write se in whole seconds since 1970."
    )
    static let tokenReused = Mistake(
        "M15",
        "The token had run out when it was used.",
        "Make a new token for every registration, or before the old one runs out."
    )
    static let wrongScope = Mistake(
        "M16",
        "The device uses the id scope of another DPS instance than the one it belongs to.",
        "Set the id scope of the instance that holds the device's enrollment."
    )

    // MARK: - Certificates

    static let commonNameDiffers = Mistake(
        "M18",
        "The certificate's common name is not the registration id.",
        "Register with the certificate's common name, or issue a certificate with the registration id as its name."
    )
    static let commonNameMissing = Mistake(
        "M19",
        "The certificate has no common name, so it names no registration id.",
        "Issue the device certificate with the registration id as the subject's common name."
    )
    static let intermediateMissing = Mistake(
        "M20",
        "An intermediate certificate is missing from what the device presented.",
        "Let the device send the leaf and every intermediate up to the verified certificate."
    )
    static let notVerified = Mistake(
        "M21",
        "The chain ends at a CA certificate that DPS holds, but whose possession was not proved.",
        "Verify the CA certificate in DPS (proof of possession)."
    )
    static let authorityAsDevice = Mistake(
        "M22",
        "A CA certificate was presented as the device's own.",
        "Give the device a certificate of its own that the CA signed, with its key."
    )
    static let chainForIndividual = Mistake(
        "M23",
        "A chain was presented for an individual enrollment, and none of its CA certificates is verified in DPS.",
        "Present the leaf alone, or verify the CA certificate in DPS."
    )
    static let certificateRenewed = Mistake(
        "M26",
        "The certificate was renewed, and the enrollment still holds the old one.",
        "Put the new certificate into the enrollment's secondary slot, and take the old one out later."
    )
    static let certificateTime = Mistake(
        "D13",
        "A certificate on the way is not valid at this time.",
        "Renew the certificate that ran out, or set the clock that issued it right."
    )

    static let unsoundChain = Mistake(
        "D14",
        "A certificate on the way breaks a rule of certification paths.",
        "Issue the chain again: CA flag and keyCertSign on every CA, clientAuth on the leaf, no SHA-1."
    )

    // MARK: - Configuration

    static let disabled = Mistake(
        "M28",
        "The enrollment is disabled.",
        "Enable the enrollment if the device may come in."
    )
    static let disabledHidesGroup = Mistake(
        "M29",
        "A disabled individual enrollment stands before an enabled group.",
        "If the device may come in, enable the individual enrollment. While it is disabled it keeps this one device out "
            + "of every group, which is how a device of a group is revoked."
    )
    static let otherType = Mistake(
        "M30",
        "The enrollment for this id wants another kind of proof than the device has.",
        "Change the enrollment's attestation type, or give the device what the enrollment wants."
    )
    static let hubUnusable = Mistake(
        "M31",
        "The linked hub is gone or refuses the key that DPS holds for it.",
        "Unlink the hub and link it again with a key that may read and write the registry."
    )
    static let noHub = Mistake(
        "M32",
        "No hub can be chosen: static without exactly one hub, hubs that are not linked, or none that takes part.",
        "Name a linked hub in the enrollment, or let a linked hub take part in allocation."
    )
    static let webhookFails = Mistake(
        "M33",
        "The custom allocation webhook failed or named a hub that it was not offered.",
        "Look at the webhook's log and its function key; it must answer 2xx with iotHubHostName from linkedHubs."
    )
    static let neverMoves = Mistake(
        "M34",
        "The device keeps a hub that the enrollment no longer offers, because its policy never moves it.",
        "Set a re-provisioning policy that updates the hub assignment."
    )
    static let concurrent = Mistake(
        "M35",
        "The same registration id is being registered by two at once.",
        "Find the second device with this id, or let the first attempt end before the next."
    )
    static let tooFast = Mistake(
        "M36",
        "Registrations or polls come faster than DPS allows.",
        "Obey retry-after, and spread the fleet's start with jitter."
    )
    static let tpmOverMQTT = Mistake(
        "M37",
        "TPM attestation does not exist over MQTT.",
        "Use HTTPS or AMQP."
    )
    static let otherTPM = Mistake(
        "M38",
        "The endorsement key is not the enrolled one: the TPM is another, or its endorsement seed was changed.",
        "Read the endorsement key of this TPM and put it into the enrollment."
    )
    static let oldVersionID = Mistake(
        "M39",
        "The api-version is from a time when ids with upper case or dots were refused.",
        "Update the device's SDK, or use a lower-case id without dots."
    )
    static let twinUnchanged = Mistake(
        "M40",
        "The enrollment was changed after the device registered, and its twin is kept.",
        "Change the twin at the hub, or use the policy that resets data."
    )

    // MARK: - Our own

    static let swapped = Mistake(
        "D1",
        "Key and message of the HMAC were swapped when the device key was derived.",
        "The group key is the HMAC's key, the registration id its message."
    )
    static let utf16 = Mistake(
        "D2",
        "The registration id was turned into UTF-16 bytes when the device key was derived.",
        "Use the id's UTF-8 bytes."
    )
    static let plainHash = Mistake(
        "D3",
        "The device key was derived with a plain SHA-256 of key and id instead of an HMAC.",
        "Use HMAC-SHA256."
    )
    static let hexOutput = Mistake(
        "D4",
        "The derived device key was given to the device in hexadecimal.",
        "Write the derived key in base64."
    )
    static let urlOutput = Mistake(
        "D5",
        "The derived device key was given to the device in base64url.",
        "Write the derived key in base64 with + and /."
    )
    static let keyTextSigned = Mistake(
        "D6",
        "The device signed with its key's text, not with the bytes it stands for.",
        "Decode the device key from base64 before signing."
    )
    static let derivedFromIndividual = Mistake(
        "D7",
        "The device derives a key, but its enrollment is an individual one whose keys are used as they are.",
        "Give the device the individual enrollment's key without deriving."
    )
    static let individualHidesGroup = Mistake(
        "D8",
        "The device uses a group's derived key, but an individual enrollment for its id decides instead.",
        "Give the device the key of its individual enrollment. If the group is meant to take the device, see first why the "
            + "individual enrollment was made: without it the group lets the device in."
    )
    static let disabledIndividualHidesGroup = Mistake(
        "D8",
        "The device uses a group's derived key, but a disabled individual enrollment for its id decides instead.",
        "If the device may come in, enable the individual enrollment and give the device its key. While it is disabled it "
            + "keeps this one device out of the group, which is how a device of a group is revoked."
    )
    static let signatureForm = Mistake(
        "D9",
        "The signature is right but not written in base64.",
        "Write the signature in base64 and percent-encode it."
    )
    static let encodedTwice = Mistake(
        "D10",
        "The signature was percent-encoded twice.",
        "Percent-encode the signature once."
    )
    static let signedLines = Mistake(
        "D11",
        "The signed text is not sr, one line feed and se.",
        "Sign the audience, a single line feed, and the expiry without anything after it."
    )
    static let notAToken = Mistake(
        "D12",
        "What the device sent is not a shared access signature.",
        "Send \"SharedAccessSignature sr=…&sig=…&se=…\" on one line."
    )
}
