/// What an export of DPS says of one registration or enrollment.
///
/// Key material is never part of it.
public enum DPSExport: Sendable, Hashable {
    case registration(RegistrationRecord)
    /// An enrollment, with the registration record that the service nests in an individual one.
    case enrollment(EnrollmentRecord, RegistrationRecord?)
    /// A DPS instance with the hubs that are linked to it.
    case instance(InstanceRecord)
}

/// A DPS instance (`az iot dps show`; management API, provisioningServices).
public struct InstanceRecord: Sendable, Hashable {
    /// A linked hub.
    public struct Hub: Sendable, Hashable {
        /// The hub's name without its domain, in lower case.
        public var name: String
        /// Its share under the policy `hashed`, which the portal calls evenly weighted; nil if the export has none.
        public var weight: Int?
        /// Whether new devices are given to it.
        public var applies: Bool
    }

    /// The instance's name in lower case.
    public var name: String
    /// `hashed`, `geolatency`, `static`, in lower case.
    public var policy: String?
    /// In the order of their names.
    public var hubs: [Hub]
}

/// A registration record (service API, `registrations/{id}`; `az iot dps … registration list`).
public struct RegistrationRecord: Sendable, Hashable {
    /// The registration id as written.
    public var registrationId: String
    /// The device id in the hub.
    public var deviceId: String?
    /// The assigned hub's name without its domain, in lower case.
    public var hub: String?
    /// `assigned`, `failed`, `disabled` ….
    public var status: String?
    /// `initialAssignment`, `deviceDataMigrated` ….
    public var substatus: String?
    /// The error's code, if there is one.
    public var errorCode: Int?
    /// The error's text, redacted.
    public var errorMessage: String?
    /// Microseconds since 1970.
    public var created: Int64?
    /// Microseconds since 1970.
    public var updated: Int64?
}

/// An enrollment or enrollment group (service API; `az iot dps enrollment[-group] list`).
public struct EnrollmentRecord: Sendable, Hashable {
    /// Whether it is a group.
    public var isGroup: Bool
    /// The registration id, or the group's id.
    public var name: String
    /// The device id that an individual enrollment gives.
    public var deviceId: String?
    /// `enabled` or `disabled`.
    public var status: String?
    /// `symmetricKey`, `x509`, `tpm`.
    public var attestation: String?
    /// `hashed`, `geoLatency`, `static`, `custom`.
    public var allocationPolicy: String?
    /// `reprovisionandmigratedata`, `reprovisionandresetdata`, `never`; nil if none is stored.
    public var reprovisionPolicy: String?
    /// The hubs it names, joined by commas.
    public var hubs: String?
    /// Microseconds since 1970.
    public var created: Int64?
    /// Microseconds since 1970.
    public var updated: Int64?
}
