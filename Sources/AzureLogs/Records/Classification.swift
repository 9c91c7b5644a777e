/// Decides what a record means from its shared texts: by the result, not by the operation's name alone.
enum Classification {
    /// Fills kind, outcome, code, class of failure, service, instance, and whether the record is of no use.
    static func classify(_ context: inout EventContext) {
        inferCategory(&context)
        placeInstance(&context)
        context.code = code(of: context)
        let failed = isFailure(context)
        switch context.knownCategory?.use {
        case .registrations: registration(&context, failed)
        case .serviceOperations: serviceOperation(&context, failed)
        case .connections: connection(&context, failed)
        case .identities:
            context.kind = .identityOperation
            context.outcome = failed ? .failed : .succeeded
        case .hubErrors:
            context.kind = .hubError
            context.outcome = .failed
            context.isIgnored = !failed
        case nil:
            context.isIgnored = true
        }
        context.failure = FailureClass.of(
            context.kind,
            outcome: context.outcome,
            code: context.code ?? 0,
            texts: [context[.errorMessage], context[.resultDescription]],
            attestation: context[.attestation]
        )
    }

    /// A flat record may have lost its category; three operations name it.
    private static func inferCategory(_ context: inout EventContext) {
        guard context.category.isEmpty else { return }
        switch context[.operation].lowercased() {
        case "deviceconnect", "devicedisconnect": context[.category] = LogCategory.connections.rawValue
        case "attestationattempt": context[.category] = LogCategory.deviceOperations.rawValue
        default: break
        }
    }

    private static func placeInstance(_ context: inout EventContext) {
        let parts = context[.resourceId].split(separator: "/")
        if let provider = parts.lastIndex(of: "provisioningservices"), provider + 1 < parts.count {
            context.service = .dps
            context.instance = String(parts[provider + 1])
        } else if let provider = parts.lastIndex(of: "iothubs"), provider + 1 < parts.count {
            context.service = .hub
            context.instance = String(parts[provider + 1])
        } else {
            context.service = context.knownCategory?.use.service ?? .unknown
        }
    }

    /// The most telling code: six digits before an HTTP status, wherever they stand.
    private static func code(of context: EventContext) -> Int? {
        let texts = [context[.errorCode], context[.resultType], context[.statusCode], context[.resultSignature]]
        let numbers = texts.compactMap(number)
        if let six = numbers.first(where: { (100_000...999_999).contains($0) }) { return six }
        if let told = MessageCodes.code(in: context[.errorMessage])
            ?? MessageCodes.code(in: context[.resultDescription])
        {
            return told
        }
        if let status = numbers.first(where: { (400...599).contains($0) })
            ?? numbers.first(where: { (100...599).contains($0) })
        {
            return status
        }
        guard reportsFailure(context) else { return nil }
        let words = [context[.resultDescription], context[.errorMessage]]
        return words.lazy.compactMap { MessageCodes.code(named: $0, by: context.service) }.first
    }

    /// The number that a text is or begins with: tables make `401003.0` of it, and some write its name behind it.
    private static func number(_ text: String) -> Int? {
        let trimmed = text.trimmingSpaces
        if let whole = Int(trimmed) { return whole }
        let digits = trimmed.prefix { $0.isASCII && $0.isNumber }
        guard digits.count == 3 || digits.count == 6, let next = trimmed.dropFirst(digits.count).first else {
            return nil
        }
        let isFraction = next == "." && trimmed.dropFirst(digits.count + 1).allSatisfy { $0 == "0" }
        return isFraction || next == " " || next == ":" || next == "-" ? Int(digits) : nil
    }

    private static let successes: Set<String> = [
        "", "null", "nan", "success", "succeeded", "ok", "0", "0.0", "200", "200.0", "202", "completed",
    ]

    private static func isFailure(_ context: EventContext) -> Bool {
        if let code = context.code, code >= 400, !(1000..<100_000).contains(code) {
            if code < 1000 || code / 1000 >= 400 { return true }
        }
        return reportsFailure(context)
    }

    /// Whether the record calls itself a failure, whatever its codes say.
    private static func reportsFailure(_ context: EventContext) -> Bool {
        !successes.contains(context[.resultType].trimmingSpaces.lowercased())
            || ["error", "critical", "1", "2"].contains(context[.level].lowercased())
    }

    private static func registration(_ context: inout EventContext, _ failed: Bool) {
        let operation = context[.operation].lowercased()
        let isDeviceOperation = context.knownCategory == .deviceOperations
        if isDeviceOperation, !operation.contains("attestation"), !operation.contains("regist"),
            !isPoll(operation), context[.status].isEmpty
        {
            context.kind = .other
            context.outcome = failed ? .failed : .succeeded
            return
        }
        context.kind = .registration
        let throttled = context.code.map { HubCode.status($0) == 429 } ?? false
        switch context[.status].lowercased() {
        case "assigned" where !failed: context.outcome = .assigned
        case "assigning", "unassigned": context.outcome = failed ? failure(context, throttled) : .assigning
        // `blacklisted` is what old versions of the service said for a disabled enrollment.
        case "disabled", "blacklisted": context.outcome = .disabled
        case "failed": context.outcome = failure(context, throttled)
        default:
            if failed {
                context.outcome = failure(context, throttled)
            } else if !context[.assignedHub].isEmpty {
                context.outcome = .assigned
            } else {
                context.outcome = isPoll(operation) ? .assigning : .accepted
            }
        }
    }

    private static func isPoll(_ operation: String) -> Bool {
        operation.contains("operationstatus") || operation.contains("statuslookup") || operation.contains("lookup")
    }

    private static func failure(_ context: EventContext, _ throttled: Bool) -> EventOutcome {
        if throttled { return .throttled }
        let said = (context[.resultDescription] + " " + context[.errorMessage]).lowercased()
        return said.contains("enrollment") && said.contains("disabled") ? .disabled : .failed
    }

    private static func serviceOperation(_ context: inout EventContext, _ failed: Bool) {
        context.kind = .serviceOperation
        context.outcome = failed ? .failed : .succeeded
    }

    private static func connection(_ context: inout EventContext, _ failed: Bool) {
        switch context[.operation].lowercased() {
        case "deviceconnect", "moduleconnect":
            context.kind = .connect
            context.outcome = failed ? .refused : .connected
        case "devicedisconnect", "moduledisconnect":
            context.kind = .disconnect
            context.outcome = failed ? .dropped : .closed
        default:
            context.kind = .other
            context.outcome = failed ? .failed : .succeeded
        }
    }
}

extension String {
    /// The text without spaces at its ends.
    var trimmingSpaces: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
