/// One of the shapes in which records are handed out, as prepared pieces of text.
///
/// A fleet has hundreds of thousands of records, so nothing is quoted when they are written: the pieces stand ready with
/// the quotes that their place asks for, and ids, hubs and messages of the simulator hold none.
struct RecordShape: Sendable {
    /// The shapes.
    enum Name: Sendable, CaseIterable {
        /// As a storage account or an Event Hub holds it.
        case raw
        /// As Log Analytics prints it (`AzureDiagnostics`).
        case columns
        /// As a storage account holds it, with `properties` an object and not a text.
        case object
        /// As Log Analytics exports it: rows of comma-separated values.
        case csv
    }

    /// The header of a file of rows.
    static let header =
        "TimeGenerated,ResourceId,OperationName,OperationVersion,Category,Level,ResultType,ResultSignature,"
        + "ResultDescription,DurationMs,CallerIPAddress,CorrelationId,location_s,properties_s"

    private static let rawNames = [
        "time", "resourceId", "operationName", "operationVersion", "category", "level", "resultType",
        "resultSignature", "resultDescription", "durationMs", "callerIpAddress", "correlationId", "location",
        "properties",
    ]
    private static let columnNames = [
        "TimeGenerated", "ResourceId", "OperationName", "OperationVersion", "Category", "Level", "ResultType",
        "ResultSignature", "ResultDescription", "DurationMs", "CallerIPAddress", "CorrelationId", "location_s",
        "properties_s",
    ]

    /// What stands before each of the fourteen values.
    let before: [String]
    /// What stands behind the last value.
    let end: String
    /// Whether a value that was not logged is written as an empty one.
    let keepsEmpty: Bool
    /// The pieces of `properties`.
    let pieces: PropertyPieces

    init(_ name: Name) {
        switch name {
        case .raw, .columns:
            let names = name == .raw ? Self.rawNames : Self.columnNames
            before = names.enumerated().map { ($0 == 0 ? "{\"" : "\",\"") + $1 + "\":\"" }
            end = name == .raw ? "\"}" : "\",\"Type\":\"AzureDiagnostics\",\"SourceSystem\":\"Azure\"}"
            keepsEmpty = name == .columns
            pieces = PropertyPieces(quote: "\\\"")
        case .object:
            before = Self.rawNames.enumerated().map {
                ($0 == 0 ? "{\"" : "\",\"") + $1 + ($0 == 13 ? "\":" : "\":\"")
            }
            end = "}"
            keepsEmpty = false
            pieces = PropertyPieces(quote: "\"")
        case .csv:
            before = (0..<14).map { $0 == 0 ? "" : $0 == 13 ? ",\"" : "," }
            end = "\""
            keepsEmpty = true
            pieces = PropertyPieces(quote: "\"\"")
        }
    }
}

/// The pieces of `properties`, each with the quotes of its shape.
struct PropertyPieces: Sendable {
    let device, sdk, transport, network, noStatus, status, message, end: String
    let registration, attestation, dpsTransport, answer, group, hub, deviceAgain, substatus, errorCode: String
    let errorMessage, closed, id, kind: String

    init(quote: String) {
        func piece(_ text: String) -> String {
            text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: quote)
        }
        device = piece("{'deviceId':'")
        sdk = piece("','sdkVersion':'")
        transport = piece("','protocol':'")
        network = piece("','authType':null,'maskedIpAddress':'")
        noStatus = piece("','statusCode':null")
        status = piece("','statusCode':'")
        message = piece("','errorMessage':'")
        end = piece("'}")
        registration = piece("{'registrationId':'")
        attestation = piece("','attestationType':'")
        dpsTransport = piece("','protocol':'")
        answer = piece("','status':'")
        group = piece("','enrollmentType':'group','enrollmentGroupId':'")
        hub = piece("','assignedHub':'")
        deviceAgain = piece(".azure-devices.net','deviceId':'")
        substatus = piece("','substatus':'initialAssignment")
        errorCode = piece("','errorCode':'")
        errorMessage = piece("','errorMessage':'")
        closed = piece(",'errorMessage':'")
        id = piece("{'id':'")
        kind = piece("','type':'")
    }
}
