import Foundation

/// A registry as JSON, made up for a test: what it holds is given piece by piece.
public struct RegistryText {
    /// The id scope.
    public var scope = "0ne00111111"
    /// The name of the instance.
    public var name: String? = "dps-1"
    /// The linked hubs, JSON each.
    public var hubs = [#"{"name":"hub-a.azure-devices.net"}"#]
    /// CA certificates, JSON each.
    public var certificates: [String] = []
    /// Individual enrollments, JSON each.
    public var individuals: [String] = []
    /// Groups, JSON each.
    public var groups: [String] = []
    /// Registration records, JSON each.
    public var registrations: [String] = []

    /// Lists that the document does not have at all.
    public var omitted: Set<String> = []

    /// A registry with one hub and nobody in it.
    public init() {}

    /// The document.
    public var json: String {
        let named = name.map { [#""name":"\#($0)""#] } ?? []
        let lists = [
            ("iotHubs", hubs), ("certificates", certificates), ("individualEnrollments", individuals),
            ("enrollmentGroups", groups), ("registrations", registrations),
        ].filter { !omitted.contains($0.0) }.map { #""\#($0)":[\#($1.joined(separator: ","))]"# }
        return "{" + (named + [#""idScope":"\#(scope)""#] + lists).joined(separator: ",") + "}"
    }

    /// Random bytes in base64: a key.
    public static func key(_ count: Int = 64) -> String {
        Data((0..<count).map { _ in UInt8.random(in: 0...255) }).base64EncodedString()
    }

    /// An individual enrollment.
    public static func individual(_ id: String, _ attestation: String, _ fields: String = "") -> String {
        #"{"registrationId":"\#(id)","attestation":\#(attestation)\#(fields.isEmpty ? "" : ",")\#(fields)}"#
    }

    /// A group.
    public static func group(_ id: String, _ attestation: String, _ fields: String = "") -> String {
        #"{"enrollmentGroupId":"\#(id)","attestation":\#(attestation)\#(fields.isEmpty ? "" : ",")\#(fields)}"#
    }

    /// Attestation by keys.
    public static func symmetric(_ primary: String = key(), _ secondary: String = key()) -> String {
        #"{"type":"symmetricKey","symmetricKey":{"primaryKey":"\#(primary)","secondaryKey":"\#(secondary)"}}"#
    }

    /// Attestation by a device's own certificates.
    public static func client(_ primary: HandMadeCertificate, _ secondary: HandMadeCertificate? = nil) -> String {
        x509("clientCertificates", primary, secondary)
    }

    /// Attestation by what a CA signed.
    public static func signing(_ primary: HandMadeCertificate, _ secondary: HandMadeCertificate? = nil) -> String {
        x509("signingCertificates", primary, secondary)
    }

    /// Attestation by what a CA of the instance signed.
    public static func reference(_ name: String) -> String {
        #"{"type":"x509","x509":{"caReferences":{"primary":"\#(name)"}}}"#
    }

    /// A CA of the instance.
    public static func authority(_ name: String, _ certificate: HandMadeCertificate, verified: Bool = true) -> String {
        #"{"name":"\#(name)","properties":{"isVerified":\#(verified),"certificate":"\#(text(certificate))"}}"#
    }

    private static func x509(_ kind: String, _ primary: HandMadeCertificate, _ secondary: HandMadeCertificate?)
        -> String
    {
        let second = secondary.map { #","secondary":{"certificate":"\#(text($0))"}"# } ?? ""
        return #"{"type":"x509","x509":{"\#(kind)":{"primary":{"certificate":"\#(text(primary))"}\#(second)}}}"#
    }

    /// A certificate as base64 of its DER.
    public static func text(_ certificate: HandMadeCertificate) -> String {
        Data(certificate.der).base64EncodedString()
    }
}
