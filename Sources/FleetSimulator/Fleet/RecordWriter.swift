import Basics

/// Writes records as text, in one shape.
struct RecordWriter {
    private let shape: RecordShape
    private let resources: [String]
    private let categories: [String]
    private let clock: LogClock

    /// Whether it writes the columns of Log Analytics.
    let isColumns: Bool

    init(_ name: RecordShape.Name, _ book: FleetBook) {
        isColumns = name == .columns
        shape = RecordShape(name)
        resources = book.places.map { FleetBook.subscription + $0.resource }
        categories = book.places.map(\.category)
        clock = LogClock(start: book.start)
    }

    /// Writes a record without an end of line.
    func write(_ record: FleetRecord, into out: inout String) {
        out += shape.before[0]
        clock.write(record.second, into: &out)
        value(1, resources[record.place], &out)
        value(2, operation(record), &out)
        value(3, record.isOfHub ? "" : "2021-10-01", &out)
        value(4, categories[record.place], &out)
        let failed = record.code != 0
        value(5, failed ? "Error" : "Information", &out)
        result(record, &out)
        if record.isOfHub {
            for column in 9...11 { value(column, "", &out) }
        } else {
            value(9, String(record.duration), &out)
            value(10, record.network, &out)
            out += shape.before[11]
            Self.guid(record.correlation, into: &out)
        }
        value(12, "westeurope", &out)
        out += shape.before[13]
        switch record.kind {
        case .registration: registration(record, &out)
        case .attestation: named(record, "Registration", &out)
        case .serviceOperation: named(record, record.group.isEmpty ? "IndividualEnrollment" : "EnrollmentGroup", &out)
        case .connect, .disconnect, .hubError: hub(record, &out)
        }
        out += shape.end
    }

    private func value(_ column: Int, _ text: String, _ out: inout String) {
        if text.isEmpty, !shape.keepsEmpty { return }
        out += shape.before[column]
        out += text
    }

    private func operation(_ record: FleetRecord) -> String {
        switch record.kind {
        case .registration: record.status == "assigning" ? "GetOperationStatus" : "Register"
        case .attestation: "AttestationAttempt"
        case .serviceOperation: record.status
        case .connect: "deviceConnect"
        case .disconnect: "deviceDisconnect"
        case .hubError: "ingress"
        }
    }

    private func result(_ record: FleetRecord, _ out: inout String) {
        if record.isOfHub {
            value(6, record.code == 0 ? "" : String(record.code), &out)
            value(7, "", &out)
            value(8, record.code == 0 ? "" : Self.name(record.code), &out)
        } else {
            value(6, record.code == 0 ? "Success" : "ClientError", &out)
            value(7, record.code == 0 ? "" : String(record.code / 1000), &out)
            value(8, record.message, &out)
        }
    }

    private func hub(_ record: FleetRecord, _ out: inout String) {
        let pieces = shape.pieces
        out += pieces.device
        out += record.id
        if record.kind == .connect {
            out += pieces.sdk
            out += record.sdk
        }
        out += pieces.transport
        out += record.transport
        out += pieces.network
        out += record.network
        if record.code == 0 {
            out += pieces.noStatus
            out += pieces.closed
        } else {
            out += pieces.status
            out += String(record.code / 1000)
            out += pieces.message
            out += record.message
        }
        out += pieces.end
    }

    private func registration(_ record: FleetRecord, _ out: inout String) {
        let pieces = shape.pieces
        out += pieces.registration
        out += record.id
        out += pieces.attestation
        out += record.attestation
        out += pieces.dpsTransport
        out += record.transport
        out += pieces.answer
        out += record.status
        if !record.group.isEmpty {
            out += pieces.group
            out += record.group
        }
        if !record.hub.isEmpty {
            out += pieces.hub
            out += record.hub
            out += pieces.deviceAgain
            out += record.id
            out += pieces.substatus
        }
        if record.code != 0 {
            out += pieces.errorCode
            out += String(record.code)
            out += pieces.errorMessage
            out += record.message
        }
        out += pieces.end
    }

    private func named(_ record: FleetRecord, _ kind: String, _ out: inout String) {
        let pieces = shape.pieces
        out += pieces.id
        out += record.id
        out += pieces.kind
        out += kind
        out += pieces.dpsTransport
        out += record.kind == .serviceOperation ? "Http" : record.transport
        out += pieces.end
    }

    private static let hex: [String] = (0..<256).map { String($0 + 256, radix: 16).dropFirst().description }

    private static func guid(_ bits: (UInt64, UInt64), into out: inout String) {
        for index in 0..<16 {
            if index == 4 || index == 6 || index == 8 || index == 10 { out += "-" }
            let word = index < 8 ? bits.0 : bits.1
            out += hex[Int(truncatingIfNeeded: word >> UInt64(56 - index % 8 * 8)) & 255]
        }
    }

    /// The names that hubs write (IoT Hub troubleshooting, error codes).
    private static func name(_ code: Int) -> String { names[code] ?? "GenericError" }

    private static let names: [Int: String] = [
        400_027: "ConnectionForcefullyClosedOnNewConnection", 400_029: "ConnectionForcefullyClosedOnFaultInjection",
        400_030: "ConnectionRejectedOnFaultInjection", 401_002: "IotHubUnauthorizedAccess",
        401_003: "IotHubUnauthorized", 403_002: "IotHubQuotaExceeded", 403_012: "DeviceDisabled",
        404_001: "DeviceNotFound", 404_103: "DeviceNotOnline", 404_104: "DeviceConnectionClosedRemotely",
        429_001: "ThrottlingException", 500_001: "ServerError", 503_001: "ServiceUnavailable",
    ]
}

/// Times as text, without a calendar: two digits each from a table.
struct LogClock: Sendable {
    private let start: Int
    private let days: [String]

    init(start: Int) {
        self.start = start
        days = (0..<8).map { day in
            let (year, month, date) = CivilDate.date(days: (start / 86400) + day)
            return "\(year)-\(Self.two[month])-\(Self.two[date])T"
        }
    }

    static let two: [String] = (0..<100).map { $0 < 10 ? "0\($0)" : "\($0)" }

    /// Writes a time, RFC 3339 in whole seconds.
    func write(_ second: Int, into out: inout String) {
        let unix = start % 86400 + second
        out += days[unix / 86400]
        out += Self.two[unix / 3600 % 24]
        out += ":"
        out += Self.two[unix / 60 % 60]
        out += ":"
        out += Self.two[unix % 60]
        out += "Z"
    }
}
