import Attestation
import Basics
import Foundation

/// Asks the webhook of a custom allocation, as DPS does: one POST of the enrollment, the device and the linked hubs.
///
/// curl does the asking. Its address is handed over on standard input, because a function's key is part of it and a
/// process list is for everybody.
enum WebhookCall {
    /// How long the webhook may take, in seconds; DPS waits about as long.
    private static let patience = 10

    /// The largest answer that is read, in bytes.
    private static let largest = 1 << 20

    /// Asks the webhook of the enrollment that a verdict stopped at; nil if there is none to ask.
    ///
    /// - Throws: `InvalidFile` if curl cannot be run.
    static func answer(
        for verdict: Verdict,
        _ request: AttestationRequest,
        _ registries: [Registry]
    ) throws -> WebhookAnswer? {
        guard verdict.decision == .cannotVerify, let name = verdict.enrollment,
            let registry = registries.first(where: { $0.idScope == request.idScope }) ?? registries.first
        else { return nil }
        let enrollment =
            name.kind == .individual
            ? registry.individual(request.registrationID) : registry.groups.first { $0.id == name.id }
        guard let enrollment, let address = enrollment.webhook else { return nil }
        let body = Webhook.request(
            enrollment: enrollment,
            registrationID: request.registrationID,
            current: registry.registration(request.registrationID),
            payload: request.payload,
            linkedHubs: verdict.candidateHubs.map(\.hub)
        )
        return try post(JSONText.line(body), to: address)
    }

    private static func post(_ body: String, to address: String) throws -> WebhookAnswer {
        guard let curl = path(of: "curl") else {
            throw InvalidFile(path: "curl", reason: "it is not installed, and calls the webhook: apt-get install curl")
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: curl)
        process.arguments = ["--config", "-"]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let configuration = """
            url = \(quoted(address))
            request = "POST"
            header = "Content-Type: application/json"
            data-binary = \(quoted(body))
            proto = "=https,http"
            max-time = \(patience)
            max-filesize = \(largest)
            silent
            write-out = "\\n%{http_code}"

            """
        try input.fileHandleForWriting.write(contentsOf: Data(configuration.utf8))
        try input.fileHandleForWriting.close()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let lines = text.split(separator: 0x0A, omittingEmptySubsequences: false)
        guard process.terminationStatus == 0, let last = lines.last,
            let status = Int(String(decoding: last, as: UTF8.self)), status > 0
        else { return .unreachable }
        let answer = lines.dropLast().joined(separator: [0x0A])
        // What is not JSON is an answer all the same, one that names no hub.
        return .answered(status: status, body: try? JSONValue(utf8: answer))
    }

    private static func path(of program: String) -> String? {
        let folders = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return folders.split(separator: ":").map { "\($0)/\(program)" }.first {
            FileManager.default.isExecutableFile(atPath: $0)
        }
    }

    /// A value in curl's configuration (curl(1), --config).
    private static func quoted(_ text: String) -> String {
        let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
            .replacing("\r", with: "\\r").replacing("\t", with: "\\t")
        return "\"\(escaped)\""
    }
}
