import Attestation
import Crypto
import Foundation
import SwiftASN1
import X509

/// Prints how often the verifier does each of its jobs in a second, on one core: derivations, token checks, chains, challenges.

/// Runs a job for about a second and prints its rate.
func measure(_ name: String, _ job: (Int) throws -> Bool) rethrows {
    var count = 0
    var good = 0
    let clock = ContinuousClock()
    let begin = clock.now
    while clock.now - begin < .seconds(1) {
        for _ in 0..<8 {
            if try job(count) { good += 1 }
            count += 1
        }
    }
    let elapsed = clock.now - begin
    let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
    guard good == count else {
        FileHandle.standardError.write(Data("\(name): \(count - good) of \(count) went wrong\n".utf8))
        exit(1)
    }
    print("| \(name) | \(Int(Double(count) / seconds)) |")
}

let groupKey = SecretBytes((0..<64).map { _ in UInt8.random(in: .min ... .max) })
let now = UnixTime(seconds: 1_760_000_000)

print("| job | a second |\n| --- | --- |")
measure("key derivations") { !DerivedKey.clearText(groupKey: groupKey, registrationID: "device-\($0)").isEmpty }

let audience = "0ne00111111/registrations/device-1"
let signedAudience = "0ne00111111%2Fregistrations%2Fdevice-1"
let expiry = now.seconds + 3600
let deviceKey = DerivedKey.derive(groupKey: groupKey, registrationID: "device-1")
let signature = Data(deviceKey.hmacSHA256("\(signedAudience)\n\(expiry)".utf8)).base64EncodedString()
let escaped = signature.replacing("+", with: "%2B").replacing("/", with: "%2F").replacing("=", with: "%3D")
let token = "SharedAccessSignature sr=\(signedAudience)&sig=\(escaped)&se=\(expiry)&skn=registration"
let groupKeys = SASKeys(primary: groupKey, secondary: nil)
measure("SAS checks with the key derived for each") { _ in
    SASVerifier.verify(token: token, keys: groupKeys.derived(for: "device-1"), audience: audience, now: now).isAccepted
}

func certificate(
    _ name: String,
    by issuer: (Certificate, P256.Signing.PrivateKey)?
) throws -> (Certificate, P256.Signing.PrivateKey) {
    let key = P256.Signing.PrivateKey()
    let subject = try DistinguishedName { CommonName(name) }
    let isDevice = name == "device-1"
    let made = try Certificate(
        version: .v3,
        serialNumber: .init(),
        publicKey: .init(key.publicKey),
        notValidBefore: Date(timeIntervalSince1970: Double(now.seconds) - 86_400),
        notValidAfter: Date(timeIntervalSince1970: Double(now.seconds) + 86_400),
        issuer: issuer?.0.subject ?? subject,
        subject: subject,
        signatureAlgorithm: .ecdsaWithSHA256,
        extensions: try Certificate.Extensions {
            if isDevice {
                Critical(BasicConstraints.notCertificateAuthority)
            } else {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                Critical(KeyUsage(keyCertSign: true))
            }
        },
        issuerPrivateKey: .init(issuer?.1 ?? key)
    )
    return (made, key)
}

let root = try certificate("root", by: nil)
let intermediate = try certificate("intermediate", by: root)
let leaf = try certificate("device-1", by: intermediate)
let chain = try leaf.0.serializeAsPEM().pemString + "\n" + intermediate.0.serializeAsPEM().pemString
let anchors = try root.0.serializeAsPEM().pemString
measure("chains of three certificates, P-256") { _ in
    PathJudgement.judge(chain: chain, anchors: anchors, at: now).outcome == .accepted
}

/// A storage key's public area: RSA 2048, restricted decryption, AES-128-CFB (TPM 2.0 Library, part 2, 12.2); any odd modulus will do.
func storageKey(_ attributes: [UInt8], policy: [UInt8]) -> String {
    var modulus = (0..<256).map { _ in UInt8.random(in: .min ... .max) }
    modulus[0] |= 0x80
    modulus[255] |= 1
    let area: [UInt8] =
        [0x00, 0x01, 0x00, 0x0B] + attributes + [0x00, UInt8(policy.count)] + policy
        + [0x00, 0x06, 0x00, 0x80, 0x00, 0x43, 0x00, 0x10, 0x08, 0x00, 0, 0, 0, 0, 0x01, 0x00] + modulus
    return Data([UInt8(area.count >> 8), UInt8(area.count & 0xFF)] + area).base64EncodedString()
}
/// The policy of the endorsement key's template (TCG EK Credential Profile, B.3.3): PolicySecret of the endorsement hierarchy.
let policy: [UInt8] = [
    0x83, 0x71, 0x97, 0x67, 0x44, 0x84, 0xB3, 0xF8, 0x1A, 0x90, 0xCC, 0x8D, 0x46, 0xA5, 0xD7, 0x24, 0xFD, 0x52, 0xD7,
    0x6E,
    0x06, 0x52, 0x0B, 0x64, 0xF2, 0xA1, 0xDA, 0x1B, 0x33, 0x14, 0x69, 0xAA,
]
let endorsementKey = storageKey([0x00, 0x03, 0x00, 0xB2], policy: policy)
let storageRootKey = storageKey([0x00, 0x03, 0x04, 0x72], policy: [])
try measure("TPM challenges") { _ in
    let challenge = try TPMChallenge.make(
        endorsementKey: endorsementKey,
        storageRootKey: storageRootKey,
        idScope: "0ne00111111",
        registrationId: "device-1",
        randomness: (0..<TPMChallenge.randomByteCount).map { _ in UInt8.random(in: .min ... .max) }
    )
    return !challenge.authenticationKey.isEmpty
}
