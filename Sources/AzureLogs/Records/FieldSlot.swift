/// The members of a log record that dpslens knows, whatever a dialect calls them.
///
/// The first ones, up to `contextCount`, are texts that many records share; together they make an event's context.
enum FieldSlot: Int, CaseIterable, Sendable {
    case resourceId
    case category
    case operation
    case operationVersion
    case resultType
    case resultSignature
    case resultDescription
    case level
    case location
    case transport
    case recordType
    case assignedHub
    case enrollmentGroup
    case enrollmentType
    case attestation
    case status
    case substatus
    case errorCode
    case errorMessage
    case statusCode
    case authType
    case authScope
    case authIssuer
    case allocationPolicy
    case idScope
    case module
    case time
    case duration
    case callerAddress
    case correlation
    case registrationId
    case id
    case deviceId
    case maskedAddress
    case sdk
    case properties
    case additionalFields
    case records

    /// How many slots, from the first, belong to the context.
    static let contextCount = FieldSlot.module.rawValue + 1
}
