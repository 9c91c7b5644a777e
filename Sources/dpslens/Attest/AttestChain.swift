import ArgumentParser
import Attestation

extension Attest {
    /// Validates a certificate path without any enrollment.
    struct Chain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "chain",
            abstract: "Validate a certificate path alone.",
            discussion: "The path may end at any certificate of the anchors file, which need not be a root."
        )

        @Option(name: .long, help: ArgumentHelp("The trusted certificates, PEM.", valueName: "file"))
        var anchors: String

        @Option(name: .long, help: ArgumentHelp("The presented certificates, PEM, leaf first.", valueName: "file"))
        var chain: String

        @Option(name: .long, help: ArgumentHelp("The moment; default: now.", valueName: "time"))
        var at: String?

        @Option(name: .long, help: ArgumentHelp("text or json.", valueName: "format"))
        var format = VerdictFormat.text

        func run() async throws {
            try await Failure.reporting {
                let judgement = PathJudgement.judge(
                    chain: try AttestInput.text(chain, limit: 4 << 20),
                    anchors: try AttestInput.text(anchors, limit: 16 << 20),
                    at: try AttestInput.moment(at, nil)
                )
                switch format {
                case .text:
                    Standard.output(judgement.outcome.rawValue + "\n\n" + VerdictText.steps(judgement.steps))
                case .json:
                    let json: JSONValue = [
                        "decision": .string(judgement.outcome.rawValue), "steps": JSONValue.steps(judgement.steps),
                    ]
                    Standard.data(JSONText.pretty(json) + "\n")
                }
                switch judgement.outcome {
                case .accepted: return
                case .refused: throw ExitCode(1)
                case .cannotVerify: throw ExitCode(2)
                }
            }
        }
    }
}
