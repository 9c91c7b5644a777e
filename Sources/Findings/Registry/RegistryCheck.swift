/// A check of registry hygiene: its card, and what it finds.
protocol RegistryCheck: Sendable {
    /// What it is about, in the words of a rule's card; `not checked` is among its texts.
    static var card: RuleCard { get }
    /// What it finds, in any order.
    static func findings(_ context: RegistryContext) throws -> [Finding]
    /// Why it could not be made, if it could not.
    static func skipped(_ context: RegistryContext) throws -> String?
}

extension RegistryCheck {
    static func skipped(_ context: RegistryContext) -> String? { nil }

    /// A card; checks have no SQL.
    static func make(
        _ name: String,
        title: String,
        severity: Severity,
        subject: String = "device",
        confidence: String = "certain",
        parameters: [RuleCard.Parameter] = [],
        needs: [String] = ["registry"],
        family: String? = nil,
        why: String,
        causes: String,
        fix: String,
        notThis: String,
        notChecked: String,
        references: String,
        summary: String
    ) -> RuleCard {
        RuleCard(
            name: name,
            title: title,
            severity: severity,
            subjectKind: subject,
            confidence: confidence,
            parameters: parameters,
            needs: needs,
            texts: [
                "why": why, "causes": causes, "fix": fix, "not this": notThis, "not checked": notChecked,
                "references": references, "summary": summary,
            ],
            family: family ?? name,
            holds: true,
            sql: ""
        )
    }
}

/// All checks of registry hygiene.
public enum RegistryChecks {
    /// The checks in the order of their names.
    static let all: [any RegistryCheck.Type] = [
        AssignedNeverConnectedLong.self, CAExpiring.self, CertificateExpiring.self, CertificateOld.self,
        DisabledEnrollment.self, EnrollmentCaseVariants.self, EnrollmentHubNotLinked.self, GroupKeyAsDeviceKey.self,
        RevokedStillConnecting.self, SharedCredential.self, SymmetricKeyAgainstPolicy.self, WeakKey.self,
    ]

    /// Their cards in the order of their names.
    public static let cards: [RuleCard] = all.map { $0.card }.sorted { $0.name < $1.name }

    /// Their names.
    public static let names: Set<String> = Set(cards.map(\.name))

    /// The card of a name.
    public static func card(_ name: String) -> RuleCard? { cards.first { $0.name == name } }

    /// The parameters of all checks, as `check.parameter`.
    public static var parameters: [String] {
        cards.flatMap { card in card.parameters.map { "\(card.name).\($0.name)" } }
    }

    /// Why values of parameters cannot be used, each as one sentence; names of no check are passed over.
    public static func problems(_ values: [String: Int]) -> [String] {
        cards.compactMap { card -> String? in
            do throws(RuleError) {
                _ = try RuleRunner.values(card, values)
                return nil
            } catch {
                return error.description
            }
        }
    }

    /// Whether a finding rests on a request: then its evidence is a line of the requests.
    ///
    /// The evidence of checks that read logs is lines too, and these say what they need of logs.
    static func restsOnRequest(_ finding: Finding) -> Bool {
        let readsLogs = card(finding.rule)?.needs.contains { $0 == "dps" || $0 == "hub" } ?? false
        return !readsLogs && finding.evidence.contains { !$0.hasSuffix(":0") }
    }
}
