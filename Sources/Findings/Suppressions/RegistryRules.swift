/// Names of checks that are made with a registry, beside the rules over logs.
enum RegistryRules {
    static let names: Set<String> = RegistryChecks.names
}
