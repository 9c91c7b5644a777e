import Audit
import Basics
import EventStore
import LogIngest

/// What a run needs and keeps, so that its output can be held off it.
enum Spared {
    /// Files that were handed in to explain or to judge: rules, suppressions, a registry, keys.
    static func configuration(
        rules: RuleOptions? = nil,
        findings: FindingOptions? = nil,
        registry: RegistryOptions? = nil,
        redaction: RedactionOption? = nil
    ) throws -> [SparedFile] {
        var files = try rules.map { try InputFiles.list($0.rules).map { SparedFile($0, "a file of the rules") } } ?? []
        func add(_ path: String?, _ meaning: String) {
            if let path, path != "-" { files.append(SparedFile(path, meaning)) }
        }
        add(findings?.suppressions, "the file of suppressions")
        add(registry?.registry, "the registry")
        add(registry?.companions.groupKeys, "the file of group keys")
        add(registry?.companions.requests, "the file of requests")
        add(redaction?.redact, "the key of --redact")
        return files
    }

    /// Files that are read.
    static func inputs(_ paths: [String]) -> [SparedFile] {
        paths.filter { $0 != "-" }.map { SparedFile($0, "an input") }
    }
}

extension OutputTarget {
    /// Looks once more, now that the database says which files it was filled from.
    ///
    /// - Throws: `OutputRefusal` (exit 64) for one of these.
    func check(_ path: String?, against database: LogDatabase) throws {
        guard !isStandard, let path else { return }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        // What a link leads to may have another name; then the path in the ledger is not found, and only what was handed in is held off.
        let read = try LedgerPaths.named(name, in: database)
        _ = try OutputTarget(path, sparing: Spared.inputs(read))
    }
}
