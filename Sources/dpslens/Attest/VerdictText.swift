import Attestation

/// A verdict for people.
enum VerdictText {
    /// 0 accepted, 1 refused, 2 cannot be decided.
    static func exitCode(_ verdict: Verdict) -> Int32 {
        switch verdict.decision {
        case .assigned, .challenge: 0
        case .rejected, .disabled, .failed: 1
        case .cannotVerify: 2
        }
    }

    /// The verdict on a screen.
    static func render(_ verdict: Verdict, id: String) -> String {
        var text = "\(printable(id)): \(headline(verdict))\n"
        if let enrollment = verdict.enrollment {
            text += "enrollment: \(enrollment.kind.rawValue) \(printable(enrollment.id))\n"
        }
        if let device = verdict.deviceID { text += "device id: \(printable(device))\n" }
        if let hub = verdict.assignedHub {
            text += "hub: \(printable(hub))\n"
        } else if !verdict.candidateHubs.isEmpty {
            text += "hub: one of \(verdict.candidateHubs.map { candidate($0) }.joined(separator: ", "))\n"
        }
        if let substatus = verdict.substatus { text += "substatus: \(substatus)\n" }
        if let twin = verdict.twin { text += "twin: \(twin)\n" }
        for (place, diagnosis) in verdict.diagnosis.enumerated() {
            text += place == 0 ? "\nwhy\n" : ""
            text += "  \(diagnosis.mistake) (\(diagnosis.confidence.rawValue)): \(diagnosis.explanation)\n"
            text += "    fix: \(diagnosis.fix)\n    compared: \(printable(diagnosis.compared))\n"
        }
        return text + "\nsteps\n" + steps(verdict.steps)
    }

    /// Steps in columns.
    static func steps(_ steps: [CheckStep]) -> String {
        let width = steps.map(\.step.count).max() ?? 0
        return steps.map { step in
            let mark =
                switch step.result {
                case .pass: "pass"
                case .fail: "FAIL"
                case .notChecked: "  ? "
                }
            let name = step.step + String(repeating: " ", count: width - step.step.count)
            return "  \(mark)  \(name)  \(printable(step.detail))\n"
        }.joined()
    }

    /// The verdict on one line of tab-separated fields: decision, mistake, id, reason.
    static func line(_ verdict: Verdict, id: String) -> String {
        let mistake = verdict.diagnosis.first?.mistake ?? ""
        return [verdict.decision.rawValue, mistake, printable(id), headline(verdict)].joined(separator: "\t")
    }

    private static func headline(_ verdict: Verdict) -> String {
        let numbers = [verdict.httpStatus, verdict.errorCode].compactMap { $0.map(String.init) }
        let tail = (numbers + [printable(verdict.message)]).joined(separator: " ")
        return "\(verdict.decision.rawValue), \(tail)"
    }

    private static func candidate(_ candidate: Allocation.Candidate) -> String {
        guard let probability = candidate.probability else { return printable(candidate.hub) }
        return "\(printable(candidate.hub)) (\(Int((probability * 100).rounded())) %)"
    }

    /// Text from documents and devices without what a terminal would act on.
    private static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) ? "\u{FFFD}" : $0 }
            )
        )
    }
}
