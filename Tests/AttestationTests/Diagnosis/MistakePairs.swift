import Foundation
import Testing
import X509

@testable import Attestation

/// The diagnoses of `EveryMistakeTests`, each with its two situations.
extension EveryMistakeTests {
    static let keys: [Pair] = [
        Pair("M1", token("the group key on the device"), not: token("derived twice"), but: "M7"),
        Pair("M2", token("group key not decoded"), not: token("lower hex"), but: "M3"),
        Pair("M3", token("lower hex"), not: token("group key not decoded"), but: "M2"),
        Pair("M4", token("another case"), not: token("derived from the group's name"), but: "M5"),
        Pair("M5", token("derived from the device id"), not: token("another case"), but: "M4"),
        Pair("M6", token("line feed"), not: house { $1.registrationID = "d 1" }, but: "D33"),
        Pair("M7", token("derived twice"), not: token("the group key on the device"), but: "M1"),
        Pair("M8", token("another individual's key"), not: token("derives from an individual key"), but: "D7"),
        Pair("M10", token("a service policy"), not: token("another device's token"), but: "M11"),
        Pair("M11", token("another device's token"), not: token("raw signed, encoded sent"), but: "M13"),
        Pair("M12", token("signature not encoded"), not: token("signature encoded twice"), but: "D10"),
        Pair("M13", token("raw signed, encoded sent"), not: token("a line feed after se"), but: "D11"),
        Pair("M14", token("milliseconds"), not: token("reused"), but: "M15"),
        Pair("M15", token("reused"), not: token("a clock that was never set"), but: "M14"),
        Pair("M16", token("unknown scope"), not: house { $1.idScope = "0NE00111111" }, but: "D27"),
        Pair("D1", token("swapped"), not: token("plain hash"), but: "D3"),
        Pair("D2", token("UTF-16"), not: token("swapped"), but: "D1"),
        Pair("D3", token("plain hash"), not: token("UTF-16"), but: "D2"),
        Pair("D4", token("hex output as text"), not: token("base64url output as text"), but: "D5"),
        Pair("D5", token("base64url output as text"), not: token("hex output as text"), but: "D4"),
        Pair("D6", token("key text signed"), not: token("group key not decoded"), but: "M2"),
        Pair(
            "D7",
            token("derives from an individual key"),
            not: token("an individual enrollment hides the group"),
            but: "D8"
        ),
        Pair(
            "D8",
            token("an individual enrollment hides the group"),
            not: token("another individual's key"),
            but: "M8"
        ),
        Pair("D9", token("signature in hexadecimal"), not: token("signature not encoded"), but: "M12"),
        Pair("D10", token("signature encoded twice"), not: token("signature in hexadecimal"), but: "D9"),
        Pair("D11", token("a line feed after se"), not: token("a line end after the token"), but: "D12"),
        Pair("D12", token("a line end after the token"), not: token("a line feed after se"), but: "D11"),
        Pair("D27", house { $1.idScope = "0NE00111111" }, not: token("unknown scope"), but: "M16"),
        Pair("D33", house { $1.registrationID = "d 1" }, not: house { $1.registrationID = " d1" }, but: "M6"),
        Pair("D36", individual("D1", signs: "D1"), not: individual("d1", signs: "D1"), but: ""),
    ]

    static let certificates: [Pair] = [
        Pair(
            "M18",
            chain("another device's certificate"),
            not: chain("the device id in place of the registration id"),
            but: "D21"
        ),
        Pair(
            "M19",
            holding(leaf: { try Crafted(name: .init(), by: $0.lower) }) { _ in ([], []) },
            not: chain("another device's certificate"),
            but: "M18"
        ),
        Pair(
            "M20",
            chain("the group's intermediate is not sent, its root is verified"),
            not: chain("the group holds the intermediate, its root is nowhere"),
            but: "D19"
        ),
        Pair(
            "M21",
            chain("the root is held, not verified"),
            not: chain("no CA in DPS, root sent, held by no group"),
            but: "D17"
        ),
        Pair("M22", chain("the group's CA as the device's own"), not: chain("the leaf is last"), but: "D15"),
        Pair(
            "M23",
            chain("a chain for an individual, no CA verified"),
            not: holding { ([], [try Holding.individual("d1", $0.leaf)]) },
            but: ""
        ),
        Pair("M26", chain("it holds an older certificate"), not: chain("it holds a newer certificate"), but: "D31"),
        Pair("D13", chain("an expired intermediate"), not: chain("an intermediate that is no CA"), but: "D14"),
        Pair("D14", chain("an intermediate that is no CA"), not: chain("an expired intermediate"), but: "D13"),
        Pair("D15", chain("the leaf is last"), not: chain("a CA first and no leaf at all"), but: "M22"),
        Pair(
            "D16",
            chain("the individual enrollment holds the issuer"),
            not: chain("it holds an older certificate"),
            but: "M26"
        ),
        Pair("D17", chain("another CA in DPS, root sent"), not: chain("the root is held, not verified"), but: "M21"),
        Pair(
            "D18",
            chain("a CA of the name and another key is verified"),
            not: chain("another CA in DPS, root sent"),
            but: "D17"
        ),
        Pair(
            "D19",
            chain("the group holds the root, DPS does not, root sent"),
            not: chain("the group's intermediate is not sent, its root is verified"),
            but: "M20"
        ),
        Pair(
            "D20",
            chain("a self-signed leaf for a group"),
            not: chain("the leaf alone, its issuer unknown"),
            but: "M20"
        ),
        Pair(
            "D21",
            chain("the device id in place of the registration id"),
            not: chain("an id that is nobody's device id"),
            but: "M18"
        ),
        Pair("D22", chain("symmetric-key groups alone"), not: chain("a verified root that no group uses"), but: "D23"),
        Pair("D23", chain("a verified root that no group uses"), not: chain("symmetric-key groups alone"), but: "D22"),
        Pair(
            "D24",
            chain("a group's CA reference names nothing"),
            not: chain("a verified root that no group uses"),
            but: "D23"
        ),
        Pair(
            "D29",
            holding { ([try Holding.group("a", $0.root), try Holding.group("b", $0.root)], []) },
            not: holding { ([try Holding.group("a", $0.root), try Holding.group("b", $0.lower, disabled: true)], []) },
            but: "M28"
        ),
        Pair(
            "D30",
            holding { ([try Holding.group("a", $0.root, disabled: true), try Holding.group("b", $0.lower)], []) },
            not: holding { ([try Holding.group("a", $0.root), try Holding.group("b", $0.lower, disabled: true)], []) },
            but: "M28"
        ),
        Pair(
            "D37",
            holding {
                let twin = try Crafted.authority("lower", by: $0.other, reusing: $0.lower)
                return ([try Holding.group("a", $0.root), try Holding.group("b", twin, disabled: true)], [])
            },
            not: holding { ([try Holding.group("a", $0.root, disabled: true), try Holding.group("b", $0.lower)], []) },
            but: "D30"
        ),
        Pair(
            "D31",
            chain("it holds a newer certificate"),
            not: chain("it holds a certificate of another name"),
            but: "D32"
        ),
        Pair(
            "D32",
            chain("it holds a certificate of another name"),
            not: chain("it holds an older certificate"),
            but: "M26"
        ),
    ]

    static let settings: [Pair] = [
        Pair(
            "M28",
            instance("group disabled"),
            not: holding { ([try Holding.group("a", $0.root, disabled: true), try Holding.group("b", $0.lower)], []) },
            but: "D30"
        ),
        Pair(
            "M29",
            holding {
                ([try Holding.group("g", $0.root)], [try Holding.individual("d1", $0.leaf, disabled: true)])
            },
            not: holding { ([], [try Holding.individual("d1", $0.leaf, disabled: true)]) },
            but: "M28"
        ),
        Pair("M30", token("an individual TPM enrollment"), not: chain("symmetric-key groups alone"), but: "D22"),
        Pair("M31", instance("hubs deleted"), not: instance("static with two hubs"), but: "M32"),
        Pair("M32", instance("a hub that is not linked"), not: instance("hubs refuse DPS"), but: "M31"),
        Pair(
            "M33",
            instance("webhook answers 500"),
            not: house(fields: #", "allocationPolicy": "custom""#) { _, _ in },
            but: "D28"
        ),
        Pair(
            "M34",
            instance("keeps a hub that is not offered"),
            not: instance("initial twin changed afterwards"),
            but: "M40"
        ),
        Pair("M35", instance("two at once"), not: instance("too fast"), but: "M36"),
        Pair("M36", instance("too fast"), not: instance("two at once"), but: "M35"),
        Pair("M37", tpm(enrolled: ownKey) { $0.transport = .mqtt }, not: tpm(enrolled: otherKey), but: "M38"),
        Pair("M38", tpm(enrolled: otherKey), not: tpm(enrolled: cutKey), but: "D25"),
        Pair(
            "M39",
            instance("upper case for an old api-version"),
            not: instance("upper case for an old api-version") { $0.apiVersion = "2021-06-01" },
            but: ""
        ),
        Pair(
            "M40",
            instance("initial twin changed afterwards"),
            not: instance("keeps a hub that is not offered"),
            but: "M34"
        ),
        Pair("D25", tpm(enrolled: cutKey), not: tpm(enrolled: otherTemplate), but: "D26"),
        Pair("D26", tpm(enrolled: otherTemplate), not: tpm(enrolled: otherKey), but: "M38"),
        Pair(
            "D28",
            house(fields: #", "allocationPolicy": "custom""#) { _, _ in },
            not: instance("webhook answers 500"),
            but: "M33"
        ),
        Pair("D34", tpm(enrolled: { $0.tpms[0].srk.public }), not: tpm(enrolled: cutKey), but: "D25"),
        Pair(
            "D35",
            tpm(enrolled: ownKey, under: "old-name"),
            not: tpm(enrolled: otherKey, under: "old-name"),
            but: "D22"
        ),
    ]
}
