import ArgumentParser
import Attestation

/// What a chain's leaf is for, as it is written.
enum PurposeWord: String, ExpressibleByArgument, CaseIterable {
    case client
    case server
    case any

    var purpose: PathPurpose {
        switch self {
        case .client: .client
        case .server: .server
        case .any: .any
        }
    }
}

/// The rules that a chain is held to, as they are written.
enum ProfileWord: String, ExpressibleByArgument, CaseIterable {
    case dps
    case rfc5280

    var profile: PathJudgement.Profile {
        switch self {
        case .dps: .dps
        case .rfc5280: .rfc5280
        }
    }
}

/// Validates a certificate path without any enrollment.
struct AttestChainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chain",
        abstract: "Validate a certificate path alone.",
        discussion: """
            The path may end at any certificate of the anchors file, which need not be a root. The leaf comes first in
            the chain file; what follows may stand in any order, which is said. Profile dps holds the path to what DPS
            is known, or taken, to check; rfc5280 to every MUST of RFC 5280, sections 4 and 6, without revocation.
            """
    )

    @Option(name: .long, help: ArgumentHelp("The trusted certificates, PEM.", valueName: "file"))
    var anchors: String

    @Option(name: .long, help: ArgumentHelp("The presented certificates, PEM, leaf first.", valueName: "file"))
    var chain: String

    @Option(name: .long, help: ArgumentHelp("The moment; default: now.", valueName: "time"))
    var at: String?

    @Option(
        name: .long,
        help: ArgumentHelp("What the leaf is for.", valueName: "purpose")
    )
    var purpose = PurposeWord.client

    @Option(name: .long, help: ArgumentHelp("The rules that the path is held to.", valueName: "profile"))
    var profile = ProfileWord.dps

    @Option(
        name: .long,
        help: ArgumentHelp("The most CAs between the leaf and the trusted certificate.", valueName: "number")
    )
    var maxDepth: Int?

    @OptionGroup var format: FormatOption<VerdictFormat>

    func validate() throws {
        if let maxDepth, maxDepth < 0 {
            throw ValidationError("--max-depth \(maxDepth): a number of certificates, 0 or more, is asked for")
        }
    }

    func run() async throws {
        try await Failure.reporting {
            let judgement = PathJudgement.judge(
                chain: try AttestInput.text(chain, limit: 4 << 20, forgivesMark: true),
                anchors: try AttestInput.text(anchors, limit: 16 << 20, forgivesMark: true),
                at: try AttestInput.moment(at, nil),
                purpose: purpose.purpose,
                profile: profile.profile,
                mostIntermediates: maxDepth
            )
            switch format.word {
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
