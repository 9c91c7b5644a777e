/// A registry and a moment in, findings of hygiene out.
enum RegistryHygiene {
    /// Makes all checks.
    ///
    /// - Returns: the findings in total order, and the checks that could not be made with the reason.
    static func run(_ context: RegistryContext) throws -> (
        findings: [Finding], skipped: [(rule: String, reason: String)]
    ) {
        var findings: [Finding] = []
        var skipped: [(rule: String, reason: String)] = []
        for check in RegistryChecks.all {
            findings += try check.findings(context)
            if let reason = try check.skipped(context) { skipped.append((check.card.name, reason)) }
        }
        // An instance that stands twice in the file says everything twice.
        var told = Set<String>()
        return (findings.sorted(by: Finding.precedes).filter { told.insert($0.id).inserted }, skipped)
    }
}
