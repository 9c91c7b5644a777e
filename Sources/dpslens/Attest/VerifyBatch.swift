import ArgumentParser
import Attestation

/// A factory's thousands: a line for each request, then a summary by mistake.
struct VerifyBatch {
    let registries: [Registry]
    let circumstances: Circumstances
    let at: String?
    let format: VerdictFormat

    init(_ registries: [Registry], _ circumstances: Circumstances, at: String?, format: VerdictFormat) {
        self.registries = registries
        self.circumstances = circumstances
        self.at = at
        self.format = format
    }

    /// Runs over a file of JSON lines; a line that cannot be read counts as not decided and is said.
    func run(_ path: String) throws {
        var decisions: [String: Int] = [:]
        var mistakes: [String: Int] = [:]
        var worst: Int32 = 0
        try AttestInput.eachRequest(path) { place, read in
            let request: AttestationRequest
            switch read {
            case .success(let known): request = known
            case .failure(let error):
                unreadable(place, "\(error)")
                decisions["unreadable", default: 0] += 1
                worst = VerifyBatch.worse(worst, 2)
                return
            }
            let moment = try AttestInput.moment(at, request.receivedAt)
            let verdict = Verifier.decide(registries, request, at: moment, circumstances)
            decisions[verdict.decision.rawValue, default: 0] += 1
            if VerdictText.exitCode(verdict) != 0 {
                mistakes[verdict.diagnosis.first?.mistake ?? "(no known mistake)", default: 0] += 1
            }
            worst = VerifyBatch.worse(worst, VerdictText.exitCode(verdict))
            write(place, request.registrationID, verdict)
        }
        summary(decisions, mistakes)
        if worst != 0 { throw ExitCode(worst) }
    }

    private func write(_ place: Int, _ id: String, _ verdict: Verdict) {
        switch format {
        case .text: Standard.output("\(place)\t\(VerdictText.line(verdict, id: id))\n")
        case .json:
            var members = verdict.json.members ?? [:]
            members["line"] = .integer(Int64(place))
            members["registrationId"] = .string(id)
            Standard.data(JSONText.line(.object(members)) + "\n")
        }
    }

    private func unreadable(_ place: Int, _ reason: String) {
        switch format {
        case .text: Standard.output("\(place)\tunreadable\t\t\t\(reason)\n")
        case .json:
            Standard.data(
                JSONText.line(
                    ["line": .integer(Int64(place)), "decision": "cannotVerify", "message": .string(reason)]
                ) + "\n"
            )
        }
    }

    /// With JSON lines on standard output the summary goes to standard error.
    private func summary(_ decisions: [String: Int], _ mistakes: [String: Int]) {
        func table(_ counts: [String: Int]) -> String {
            counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "  \($0.value)\t\($0.key)\n" }.joined()
        }
        var text = "\nby decision\n" + table(decisions)
        if !mistakes.isEmpty { text += "by mistake\n" + table(mistakes) }
        format == .json ? Standard.error(text) : Standard.output(text)
    }

    /// Refused is worse than undecided, undecided worse than accepted.
    static func worse(_ left: Int32, _ right: Int32) -> Int32 {
        if left == 1 || right == 1 { return 1 }
        return max(left, right)
    }
}
