/// What stands behind a failure, in one word: decided once, when a context is classified, from its code and its texts.
///
/// Rules and views say `failure = 'certificate'`; the ranges of codes and pieces of English stand here alone.
public enum FailureClass: String, BitwiseCopyable, Sendable, CaseIterable {
    /// A key or token was not accepted, by DPS or by a hub.
    case credential
    /// A certificate was not accepted by DPS.
    case certificate
    /// The thumbprint of a certificate is not the one that a hub holds.
    case thumbprint
    /// DPS did not accept the endorsement key of a TPM.
    case endorsementKey = "endorsement-key"
    /// DPS refused an attestation of another kind: by a TPM, for a reason other than its endorsement key.
    case attestation
    /// DPS may not use the linked hub (IotHubUnauthorizedAccess).
    case hubCredential = "hub-credential"
    /// DPS did not find the linked hub (401001).
    case hubNotFound = "hub-not-found"
    /// The webhook for custom allocation failed.
    case allocation
    /// There is no enrollment of this id, or the hub has no such device.
    case notFound = "not-found"
    /// The enrollment or the device is disabled.
    case disabled
    /// Too many requests.
    case throttled
    /// The hub's daily quota is used up.
    case quota
    /// A hub says that it moved to its other region, or is not there.
    case failover
    /// Another connection took the device's place.
    case takeover
    /// A connection was lost.
    case connectionLost = "connection-lost"
    /// An error inside the service.
    case server
    /// The service closed or refused connections, as for an upgrade.
    case serviceUpgrade = "service-upgrade"
    /// A hub refused without a reason: 403, GenericForbidden, GenericNotFound.
    case generalRefusal = "general-refusal"
    /// Any other.
    case other

    /// The class of a failed record.
    ///
    /// - Parameters:
    ///   - code: six digits, or an HTTP status; 0 if none was logged.
    ///   - texts: what the service said, in any order.
    ///   - attestation: how the device attested; empty if that was not logged.
    /// - Returns: nil where nothing failed.
    public static func of(
        _ kind: EventKind,
        outcome: EventOutcome,
        code: Int,
        texts: [String],
        attestation: String
    ) -> FailureClass? {
        switch outcome {
        case .disabled: .disabled
        case .throttled: .throttled
        case .failed where kind == .registration: ofRegistration(code, Said(texts), attestation)
        case .failed where kind == .hubError || kind == .identityOperation, .refused, .dropped:
            ofHub(code, Said(texts))
        case .failed: ofStatus(code)
        default: nil
        }
    }

    /// The same class where more is known of how the device attests than its record says, as exports of DPS tell.
    ///
    /// - Parameter attestation: `symmetricKey`, `x509`, `tpm`, or empty for not known.
    public func attested(by attestation: String) -> FailureClass {
        switch self {
        case .credential, .certificate, .attestation: attestation.isEmpty ? self : Self.ofAttestation(attestation)
        default: self
        }
    }

    private static func ofAttestation(_ attestation: String) -> FailureClass {
        switch attestation {
        case "x509": .certificate
        case "symmetricKey": .credential
        default: .attestation
        }
    }

    private static func ofRegistration(_ code: Int, _ said: Said, _ attestation: String) -> FailureClass {
        if code == 400_207 || said.begins(with: "custom allocation failed") { return .allocation }
        if said.contains("iothubunauthorizedaccess") { return .hubCredential }
        // The same code is that of a registration id which is not allowed; the text tells them apart.
        let isOfTPM = code == 400_004 && attestation == "tpm" && !said.contains("registration")
        if isOfTPM || said.contains("endorsement key") { return .endorsementKey }
        if code == HubCode.iotHubNotFound.rawValue { return .hubNotFound }
        if HubCode.isUnauthorized(code) {
            if !attestation.isEmpty { return ofAttestation(attestation) }
            return said.contains("certificate") ? .certificate : .credential
        }
        return ofStatus(code)
    }

    private static func ofHub(_ code: Int, _ said: Said) -> FailureClass {
        switch HubCode(rawValue: code) {
        case .deviceDisabled: return .disabled
        case .deviceNotFound: return .notFound
        case .iotHubNotFound, .iotHubFailingOver: return .failover
        case .iotHubQuotaExceeded: return .quota
        case .deviceConnectionClosedRemotely: return .connectionLost
        case .connectionForcefullyClosedOnNewConnection, .linkCreationConflict: return .takeover
        case .connectionForcefullyClosedOnFaultInjection, .connectionRejectedOnFaultInjection: return .serviceUpgrade
        case .iotHubUnauthorized, nil: break
        }
        if said.contains("does not contain the specified device") { return .notFound }
        if HubCode.isUnauthorized(code) { return said.contains("thumbprint") ? .thumbprint : .credential }
        switch code {
        case 403, 403_000, 404_000: return .generalRefusal
        // Other codes of 404 are of things that are not devices: jobs, queries, certificates.
        case 404_001...404_999: return .other
        default: return ofStatus(code)
        }
    }

    private static func ofStatus(_ code: Int) -> FailureClass {
        switch HubCode.status(code) {
        case 404: return .notFound
        case 429: return .throttled
        case 500...599: return .server
        default: return .other
        }
    }

    /// What a service said, compared without case.
    private struct Said {
        private let texts: [String]

        init(_ texts: [String]) { self.texts = texts.filter { !$0.isEmpty }.map { $0.lowercased() } }

        func contains(_ words: String) -> Bool { texts.contains { $0.contains(words) } }

        func begins(with words: String) -> Bool { texts.contains { $0.hasPrefix(words) } }
    }
}
