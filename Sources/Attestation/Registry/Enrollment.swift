/// One enrollment as DPS holds it, as far as the document that was read shows it.
public struct Enrollment: Sendable {
    /// Of one device, or of a group.
    public enum Kind: String, Sendable {
        /// One device.
        case individual
        /// Many devices.
        case group
    }

    /// What a device must prove.
    public enum Attestation: Sendable {
        /// Knowledge of a key.
        case symmetricKey(EnrollmentKeys)
        /// A certificate.
        case x509(EnrollmentCertificates)
        /// A TPM's endorsement key, in base64 as the document has it.
        case tpm(endorsementKey: String?)
        /// The document says `none`, another word, or nothing.
        case unknown(String)

        /// The word that DPS has for it.
        public var word: String {
            switch self {
            case .symmetricKey: "symmetricKey"
            case .x509: "x509"
            case .tpm: "tpm"
            case .unknown(let word): word
            }
        }
    }

    /// What DPS does when a device that has a hub registers again (DPS documentation, reprovisioning concepts).
    public struct Reprovisioning: Sendable, Equatable {
        /// Whether the hub is chosen again.
        public let updateHubAssignment: Bool
        /// Whether the twin goes along.
        public let migrateDeviceData: Bool

        /// A policy from its two members.
        public init(updateHubAssignment: Bool, migrateDeviceData: Bool) {
            self.updateHubAssignment = updateHubAssignment
            self.migrateDeviceData = migrateDeviceData
        }
    }

    /// Of one device, or of a group.
    public let kind: Kind
    /// The registration id, or the group's id.
    public let id: String
    /// The hub's name for the device, if an individual enrollment sets one.
    public let deviceID: String?
    /// What a device must prove.
    public let attestation: Attestation
    /// Whether devices are let in.
    public let isEnabled: Bool
    /// The re-provisioning policy; nil if the document has none, which is not the same as the default.
    public let reprovisioning: Reprovisioning?
    /// `hashed`, `geolatency`, `static` or `custom` in lower case; nil means the instance's default.
    public let allocationPolicy: String?
    /// The hubs this enrollment may use; nil means every linked hub.
    public let hubs: [String]?
    /// The address that decides under custom allocation.
    public let webhook: String?
    /// The twin a new device gets.
    public let initialTwin: JSONValue?
    /// When the enrollment was last changed.
    public let lastUpdated: UnixTime?
    /// The document without any key, as a webhook is sent it.
    public let document: JSONValue
}

/// The keys of a symmetric-key enrollment, as far as the document shows them.
public struct EnrollmentKeys: Sendable {
    /// The primary key, if it is shown and can be read.
    public let primary: SecretBytes?
    /// The secondary key, if it is shown and can be read.
    public let secondary: SecretBytes?
    /// Why keys are missing; empty if both are there.
    public let missing: String

    /// The keys to try.
    public var keys: SASKeys { SASKeys(primary: primary, secondary: secondary) }
}

/// The certificates of an X.509 enrollment.
public struct EnrollmentCertificates: Sendable {
    /// One certificate as the document has it.
    public struct Entry: Sendable, Equatable {
        /// PEM, or base64 of the DER; nil where an export has only the description.
        public let text: String?
        /// The SHA-1 thumbprint in hexadecimal, if given.
        public let sha1Thumbprint: String?
        /// The SHA-256 thumbprint in hexadecimal, if given.
        public let sha256Thumbprint: String?
        /// The subject's name, if given.
        public let subjectName: String?
        /// The issuer's name, if given.
        public let issuerName: String?
        /// The first moment of its validity, if given.
        public var notBefore: UnixTime?
        /// The last moment of its validity, if given.
        public var notAfter: UnixTime?
    }

    /// The device's own certificates, primary first; individual enrollments only.
    public let client: [Entry]
    /// The certificates that sign devices, primary first.
    public let signing: [Entry]
    /// Names of CA certificates of the instance, primary first.
    public let caReferences: [String]
}
