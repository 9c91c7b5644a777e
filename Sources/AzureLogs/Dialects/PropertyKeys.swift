/// The members of `properties`, of both services, in lower case.
///
/// Hub: IoT Hub monitoring data reference, Connections. DPS: monitoring data reference (`id`, `type`, `protocol`) and
/// the vocabulary of the device API, of which each member may be absent.
enum PropertyKeys {
    static let keys: [String: FieldSlot] = [
        "deviceid": .deviceId,
        "moduleid": .module,
        "registrationid": .registrationId,
        "id": .id,
        "type": .recordType,
        "protocol": .transport,
        "sdkversion": .sdk,
        "authtype": .authType,
        "authenticationtype": .authType,
        "maskedipaddress": .maskedAddress,
        // As the documentation of one category spells it.
        "maskedipaddresss": .maskedAddress,
        "calleripaddress": .callerAddress,
        "statuscode": .statusCode,
        "errormessage": .errorMessage,
        "errorcode": .errorCode,
        "assignedhub": .assignedHub,
        "enrollmentgroupid": .enrollmentGroup,
        "enrollmenttype": .enrollmentType,
        "attestationtype": .attestation,
        "status": .status,
        "substatus": .substatus,
        "allocationpolicy": .allocationPolicy,
        "idscope": .idScope,
    ]
}
