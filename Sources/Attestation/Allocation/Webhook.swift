import Basics

/// Custom allocation (DPS documentation, custom allocation concepts).
public enum Webhook {
    /// The body that DPS posts to the webhook.
    ///
    /// Keys are never in it. The certificate details that DPS adds under `x509` are left out.
    public static func request(
        enrollment: Enrollment,
        registrationID: String,
        current: Registry.Registration?,
        payload: JSONValue?,
        linkedHubs: [String]
    ) -> JSONValue {
        var context: [String: JSONValue] = ["registrationId": .string(registrationID)]
        if let hub = current?.assignedHub { context["currentIotHubHostName"] = .string(hub) }
        if let device = current?.deviceID { context["currentDeviceId"] = .string(device) }
        switch enrollment.attestation {
        case .symmetricKey: context["symmetricKey"] = [:]
        case .x509: context["x509"] = [:]
        case .tpm: context["tpm"] = [:]
        case .unknown: break
        }
        if let payload { context["payload"] = payload }
        var document = enrollment.document.members ?? [:]
        document["registrationState"] = nil
        return [
            enrollment.kind == .group ? "enrollmentGroup" : "individualEnrollment": .object(document),
            "deviceRuntimeContext": .object(context),
            "linkedHubs": .array(linkedHubs.map { .string($0) }),
        ]
    }

    static func allocate(
        linkedHubs: [String],
        address: String?,
        answer: WebhookAnswer?,
        steps: [CheckStep]
    ) -> Allocation {
        func failed(_ detail: String, _ message: String, code: Int = 400_207) -> Allocation {
            .failed(code, message, steps + [CheckStep("webhook", .fail, detail)])
        }
        guard let answer else {
            let detail =
                address == nil
                ? "custom allocation is set, and the enrollment has no webhook (customAllocationDefinition)"
                : "the webhook was not asked; hand its answer in"
            return .undecided(
                linkedHubs.map { .init(hub: $0, probability: nil) },
                detail,
                steps + [CheckStep("webhook", .notChecked, detail)]
            )
        }
        guard case .answered(let status, let body) = answer else {
            return failed("the webhook could not be reached", "Custom allocation failed.")
        }
        guard (200..<300).contains(status) else {
            // Seen in 2019: where the webhook refuses DPS, the code is the one for a hub that does.
            return failed(
                "the webhook answered \(status)",
                "Custom allocation failed with status code: \(status)",
                code: status == 401 ? 400_209 : 400_207
            )
        }
        guard let name = body?["iotHubHostName"]?.text else {
            return failed("the webhook's answer has no iotHubHostName", "Custom allocation failed.")
        }
        guard let hub = linkedHubs.first(where: { ASCII.lowercased($0) == ASCII.lowercased(name) }) else {
            return failed(
                "the webhook named \(Shown.short(name)), which is not in linkedHubs",
                "Custom allocation failed."
            )
        }
        return Allocation(
            candidates: [.init(hub: hub, probability: 1)],
            pick: hub,
            failure: nil,
            undecided: nil,
            payload: body?["payload"],
            initialTwin: body?["initialTwin"],
            steps: steps + [CheckStep("webhook", .pass, "the webhook chose \(hub)")]
        )
    }
}
