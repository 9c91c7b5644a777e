import Basics

/// What one device presented when it asked to be registered.
public struct AttestationRequest: Sendable {
    /// How the device spoke to DPS.
    public enum Transport: String, Sendable {
        /// HTTPS.
        case https
        /// MQTT, also over web sockets.
        case mqtt
        /// AMQP, also over web sockets.
        case amqp
    }

    /// The two public parts of a TPM, in base64.
    public struct TPM: Sendable, Equatable {
        /// The endorsement key.
        public let endorsementKey: String?
        /// The storage root key.
        public let storageRootKey: String?

        /// The keys of a request's body.
        public init(endorsementKey: String?, storageRootKey: String?) {
            self.endorsementKey = endorsementKey
            self.storageRootKey = storageRootKey
        }
    }

    /// How the device spoke.
    public var transport: Transport
    /// The scope in the path or the user name.
    public var idScope: String
    /// The registration id in the path or the user name.
    public var registrationID: String
    /// The api-version in the query or the user name.
    public var apiVersion: String?
    /// The `Authorization` header, or the password.
    public var authorization: String?
    /// The certificates of the TLS handshake, leaf first, each PEM or base64 of the DER.
    public var clientCertificateChain: [String]
    /// The TPM part of the body.
    public var tpm: TPM?
    /// The device's own payload.
    public var payload: JSONValue?
    /// The registration id in the body, if there is one.
    public var bodyRegistrationID: String?
    /// Whether the body asks for a certificate (`csr`), which needs api-version 2025-07-01-preview.
    public var asksForCertificate: Bool
    /// The media type of the body, over HTTPS.
    public var contentType: String?
    /// When DPS had the request.
    public var receivedAt: UnixTime?

    /// A request from its parts.
    public init(
        transport: Transport = .https,
        idScope: String,
        registrationID: String,
        apiVersion: String? = "2021-06-01",
        authorization: String? = nil,
        clientCertificateChain: [String] = [],
        tpm: TPM? = nil,
        payload: JSONValue? = nil,
        bodyRegistrationID: String? = nil,
        asksForCertificate: Bool = false,
        contentType: String? = nil,
        receivedAt: UnixTime? = nil
    ) {
        self.transport = transport
        self.idScope = idScope
        self.registrationID = registrationID
        self.apiVersion = apiVersion
        self.authorization = authorization
        self.clientCertificateChain = clientCertificateChain
        self.tpm = tpm
        self.payload = payload
        self.bodyRegistrationID = bodyRegistrationID
        self.asksForCertificate = asksForCertificate
        self.contentType = contentType
        self.receivedAt = receivedAt
    }

    /// The most certificates that are taken from a request.
    public static let mostCertificates = 64

    /// Reads the request document of the contract; unknown members are passed over.
    public init(_ document: JSONValue) throws(ImportFault) {
        func fault(_ place: String, _ problem: String, _ advice: String) -> ImportFault {
            ImportFault(place: place, problem: problem, advice: advice)
        }
        guard document.members != nil else {
            throw fault("request", "not an object", "give a request as docs/verifier.md describes it")
        }
        let word = document["transport"]?.text ?? "https"
        guard let transport = Transport(rawValue: ASCII.lowercased(word)) else {
            throw fault("transport", "\(Shown.short(word)) is not a transport", "use https, mqtt or amqp")
        }
        guard let scope = document["idScope"]?.text else {
            throw fault("idScope", "missing or not a text", "give the ID scope that the device used")
        }
        guard let id = document["registrationId"]?.text else {
            throw fault("registrationId", "missing or not a text", "give the registration id that the device used")
        }
        var chain: [String] = []
        if let value = document["clientCertificateChain"] {
            guard let elements = value.elements ?? value.text.map({ [JSONValue.string($0)] }),
                elements.count <= AttestationRequest.mostCertificates
            else {
                throw fault(
                    "clientCertificateChain",
                    "not a list of at most \(AttestationRequest.mostCertificates) certificates",
                    "give the presented certificates, leaf first, as PEM texts"
                )
            }
            for (place, element) in elements.enumerated() {
                guard let text = element.text else {
                    throw fault("clientCertificateChain[\(place)]", "not a text", "give PEM texts")
                }
                chain.append(text)
            }
        }
        var receivedAt: UnixTime?
        if let text = document["receivedAt"]?.text {
            guard let time = UnixTime(rfc3339: text) else {
                throw fault("receivedAt", "not a time", "write it like 2026-01-31T12:00:00Z")
            }
            receivedAt = time
        }
        self.init(
            transport: transport,
            idScope: scope,
            registrationID: id,
            apiVersion: document["apiVersion"]?.text,
            authorization: document["authorization"]?.text,
            clientCertificateChain: chain,
            tpm: document["tpm"].map {
                TPM(endorsementKey: $0["endorsementKey"]?.text, storageRootKey: $0["storageRootKey"]?.text)
            },
            payload: document["payload"],
            bodyRegistrationID: document["bodyRegistrationId"]?.text,
            asksForCertificate: document["csr"] != nil,
            contentType: document["contentType"]?.text,
            receivedAt: receivedAt
        )
    }
}
