import ArgumentParser
import Attestation

/// How verdicts are printed.
enum VerdictFormat: String, FormatWord {
    case text
    case json

    static let standard = text
}

/// Decides about one request or a file of them.
struct AttestVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Decide about a device's request as DPS would, and name the mistake behind a refusal.",
        discussion: """
            With --requests, one line for each request and a summary by mistake. The files are described in
            docs/verifier.md.
            """
    )

    @Option(name: .long, help: ArgumentHelp("What DPS knows, as JSON.", valueName: "file"))
    var registry: String

    @Option(name: .long, help: ArgumentHelp("One request as JSON; - for standard input.", valueName: "file"))
    var request: String?

    @OptionGroup var companions: RegistryCompanions

    @Option(name: .long, help: ArgumentHelp("Round-trip times: {\"hub\": milliseconds}.", valueName: "file"))
    var latencies: String?

    @Option(
        name: .long,
        help: ArgumentHelp("The webhook's answer: {\"status\": 200, \"body\": {…}}.", valueName: "file")
    )
    var webhookAnswer: String?

    @Flag(
        name: .long,
        help: "Allow to call the webhook of a custom allocation, which gets what DPS would send it. Needs curl."
    )
    var callWebhook = false

    @Option(
        name: .long,
        help: ArgumentHelp("The moment of the request; default: its receivedAt, else now.", valueName: "time")
    )
    var at: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Sessions of `attest tpm challenge`, for tokens of TPMs.", valueName: "folder")
    )
    var state: String?

    @OptionGroup var format: FormatOption<VerdictFormat>

    func validate() throws {
        guard (request == nil) != (companions.requests == nil) else {
            throw ValidationError("Give a request with --request or many with --requests, one of both.")
        }
        guard !callWebhook || (request != nil && webhookAnswer == nil) else {
            throw ValidationError("--call-webhook goes with --request, and without --webhook-answer.")
        }
    }

    func run() async throws {
        try await Failure.reporting {
            var circumstances = Circumstances()
            circumstances.randomness = AttestInput.randomness(32)
            var registries = try AttestInput.registries(registry)
            if let groupKeys = companions.groupKeys {
                let file = try AttestInput.groupKeys(groupKeys)
                (registries, circumstances.otherGroupKeys) = Registry.filling(registries, file)
            }
            if let latencies { circumstances.latencies = try Self.latencies(latencies) }
            if let webhookAnswer { circumstances.webhookAnswer = try Self.answer(webhookAnswer) }
            if let requests = companions.requests {
                try VerifyBatch(registries, circumstances, at: at, format: format.word).run(requests)
            } else if let request {
                try single(request, registries, circumstances)
            }
        }
    }

    private func single(_ path: String, _ registries: [Registry], _ circumstances: Circumstances) throws {
        let document = try AttestInput.json(path)
        let request = try AttestInput.invalid(path) { () throws(ImportFault) in try AttestationRequest(document) }
        let moment = try AttestInput.moment(at, request.receivedAt)
        var circumstances = circumstances
        if let state {
            circumstances.tpmSession = try SessionStore(state).session(request.idScope, request.registrationID)
        }
        var verdict = Verifier.decide(registries, request, at: moment, circumstances)
        if callWebhook, let answer = try WebhookCall.answer(for: verdict, request, registries) {
            circumstances.webhookAnswer = answer
            verdict = Verifier.decide(registries, request, at: moment, circumstances)
        }
        if let state, let session = verdict.tpmSession { try SessionStore(state).keep(session) }
        switch format.word {
        case .json: Standard.data(JSONText.pretty(verdict.json) + "\n")
        case .text: Standard.output(VerdictText.render(verdict, id: request.registrationID))
        }
        let code = VerdictText.exitCode(verdict)
        if code != 0 { throw ExitCode(code) }
    }

    private static func latencies(_ path: String) throws -> [String: Double] {
        guard let members = try AttestInput.json(path).members else {
            throw InvalidInput("\(path): not an object; write {\"hub.azure-devices.net\": 12.5}")
        }
        return try members.mapValues { value in
            switch value {
            case .integer(let number): return Double(number)
            case .number(let number): return number
            default: throw InvalidInput("\(path): a latency is not a number; give milliseconds")
            }
        }
    }

    private static func answer(_ path: String) throws -> WebhookAnswer {
        let document = try AttestInput.json(path)
        guard let status = document["status"]?.whole, (100..<600).contains(status) else {
            throw InvalidInput("\(path): no HTTP status; write {\"status\": 200, \"body\": {…}}")
        }
        return .answered(status: Int(status), body: document["body"])
    }
}
