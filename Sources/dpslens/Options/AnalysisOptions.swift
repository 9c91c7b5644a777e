import ArgumentParser

/// What a command is given that shows an analysis: the database, the rules, what stands beside the logs.
struct AnalysisOptions: ParsableArguments {
    @OptionGroup var database: DatabaseOption
    @OptionGroup var rules: RuleOptions
    @OptionGroup var registry: RegistryOptions
    @OptionGroup var lock: LockOption
}
