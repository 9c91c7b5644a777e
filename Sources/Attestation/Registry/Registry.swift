import Basics

/// What one DPS instance knows: its scope, hubs, CA certificates, enrollments and registration records.
///
/// A registry is taken to be whole: an enrollment that is not in it does not exist.
public struct Registry: Sendable {
    /// A hub that is linked to the instance.
    public struct LinkedHub: Sendable, Equatable {
        /// The host name.
        public let name: String
        /// The weight under evenly weighted distribution, 1 to 1000.
        public let weight: Int
        /// Whether allocation policies may choose the hub.
        public let takesPartInAllocation: Bool
        /// The name of the hub's shared access policy that DPS uses, never its key; nil if the document does not say.
        public var keyName: String?
    }

    /// A CA certificate of the instance.
    public struct CACertificate: Sendable, Equatable {
        /// The name that enrollments refer to.
        public let name: String
        /// The certificate, or what is known of it.
        public let entry: EnrollmentCertificates.Entry
        /// Whether possession of its key was proved.
        public let isVerified: Bool
    }

    /// What DPS wrote down about one device.
    public struct Registration: Sendable, Equatable {
        /// The registration id in the spelling of the record.
        public let registrationID: String
        /// The device id at the hub.
        public let deviceID: String?
        /// The hub.
        public let assignedHub: String?
        /// The state that DPS wrote: `assigned`, `failed`, `disabled` or another.
        public let status: String?
        /// How the assignment came about.
        public let substatus: String?
        /// When the record was made.
        public let created: UnixTime?
        /// When the record was last changed.
        public let lastUpdated: UnixTime?
    }

    /// The scope of the instance; nil if the document does not say.
    public let idScope: String?
    /// The default allocation policy in lower case.
    public let allocationPolicy: String
    /// The linked hubs.
    public let hubs: [LinkedHub]
    /// The CA certificates.
    public let certificates: [CACertificate]
    /// The individual enrollments by registration id in lower case.
    public let individuals: [String: Enrollment]
    /// The positions in ``groups`` by the thumbprints of the certificates that sign their devices, in lower case.
    let groupsByPrint: [String: [Int]]
    /// The disabled individual X.509 enrollments by id; kept apart because every certificate is looked up in them.
    let disabledPins: [Enrollment]
    /// The certificates of disabled groups by name and key; see ``disabledGroups(holdingTwinOf:)``.
    let disabledSigners: [String: [DisabledSigner]]
    /// The groups in the order of the document.
    public let groups: [Enrollment]
    /// The registration records by registration id in lower case.
    public let registrations: [String: Registration]
    /// The name of the instance's resource; nil if the document does not say.
    public internal(set) var name: String?
    /// The lists that the document has, by their names in it, such as `individualEnrollments`.
    ///
    /// The verifier takes a registry to be whole; who says that something is not there looks here first.
    public internal(set) var listed: Set<String> = []
    /// Spellings of one enrollment id that differ only in case, if the reader was told to keep them; each list sorted.
    public internal(set) var caseVariants: [CaseVariants] = []

    init(
        idScope: String?,
        allocationPolicy: String,
        hubs: [LinkedHub],
        certificates: [CACertificate],
        individuals: [String: Enrollment],
        groups: [Enrollment],
        registrations: [String: Registration]
    ) {
        self.idScope = idScope
        self.allocationPolicy = allocationPolicy
        self.hubs = hubs
        self.certificates = certificates
        self.individuals = individuals
        self.groups = groups
        self.registrations = registrations
        groupsByPrint = Registry.index(groups, certificates)
        disabledSigners = Registry.disabledSigners(groups, certificates)
        disabledPins = individuals.values.filter { enrollment in
            guard case .x509 = enrollment.attestation else { return false }
            return !enrollment.isEnabled
        }
        .sorted { $0.id < $1.id }
    }

    /// A certificate that a disabled group holds.
    struct DisabledSigner: Sendable {
        let group: Enrollment
        let certificate: KnownCertificate
    }

    /// Enrollments of one kind whose ids are the same to DPS.
    public struct CaseVariants: Sendable, Equatable {
        /// Of devices or of groups.
        public let kind: Enrollment.Kind
        /// The spellings, sorted.
        public internal(set) var ids: [String]
    }

    /// The individual enrollment of an id; case does not matter (DPS documentation, service concepts).
    public func individual(_ registrationID: String) -> Enrollment? {
        individuals[ASCII.lowercased(registrationID)]
    }

    /// The registration id whose enrollment or record gives a device this id at the hub; nil if there is none, or if it
    /// is the registration id itself.
    func owner(ofDevice deviceID: String) -> String? {
        let wanted = ASCII.lowercased(deviceID)
        func isOwner(_ registration: String, _ device: String?) -> Bool {
            ASCII.lowercased(registration) != wanted && device.map { ASCII.lowercased($0) } == wanted
        }
        let enrolled = individuals.values.filter { isOwner($0.id, $0.deviceID) }.map(\.id)
        let recorded = registrations.values.filter { isOwner($0.registrationID, $0.deviceID) }.map(\.registrationID)
        return enrolled.min() ?? recorded.min()
    }

    /// The registration record of an id.
    public func registration(_ registrationID: String) -> Registration? {
        registrations[ASCII.lowercased(registrationID)]
    }
}

/// A document that cannot be used as a registry or a request: what, where and what to do.
public struct ImportFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// Where in the document, such as `enrollmentGroups[2].attestation`.
    public let place: String
    /// What is wrong there; never the text of a key.
    public let problem: String
    /// What to do about it.
    public let advice: String

    /// A fault of its parts.
    public init(place: String, problem: String, advice: String) {
        self.place = place
        self.problem = problem
        self.advice = advice
    }

    /// All three in a line.
    public var description: String { "\(place): \(problem); \(advice)" }
}
