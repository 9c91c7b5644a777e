internal import X509

/// What a path's leaf is to be used for.
public enum PathPurpose: String, Sendable, CaseIterable {
    /// To prove a client to a server, as devices do.
    case client
    /// To prove a server.
    case server
    /// Extended key usage is not looked at.
    case any

    /// The usage that must not be left out; nil if none is asked for.
    var usage: ExtendedKeyUsage.Usage? {
        switch self {
        case .client: .clientAuth
        case .server: .serverAuth
        case .any: nil
        }
    }

    /// A word for what a certificate is not for.
    var plural: String {
        switch self {
        case .client: "clients"
        case .server: "servers"
        case .any: "anything"
        }
    }
}
