import ArgumentParser
import Basics
import EventStore
import Findings
import Reports

/// Whether names are replaced by pseudonyms.
struct RedactionOption: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Replace names by pseudonyms of the key in this file (docs/exports.md).",
            discussion: "At least 16 bytes. The same key gives the same pseudonyms in every report.",
            valueName: "key-file"
        )
    )
    var redact: String?

    /// The key, nil if nothing is to be replaced.
    ///
    /// - Throws: `InvalidInput` (exit 4): a report is never written with names because its key was of no use.
    func key() throws -> RedactionKey? { try redact.map(Self.key) }

    /// The key of a report that a registry may have a part in.
    ///
    /// A registry names things that no log does (enrollments, subjects of certificates), and the search for names knows those of
    /// the logs: both together are refused, rather than a name let through.
    ///
    /// - Throws: `ValidationError` (exit 64) if there is a registry, `InvalidInput` (exit 4).
    func key(beside registry: String?) throws -> RedactionKey? {
        if redact != nil, registry != nil {
            throw ValidationError("--redact and --registry do not go together: a registry names what no log does.")
        }
        return try key()
    }

    /// The key in a file.
    static func key(_ path: String) throws -> RedactionKey {
        let bytes: [UInt8]
        do {
            bytes = try InputFile.head(path, RedactionKey.most + 1)
        } catch {
            throw InvalidInput("cannot read the key \(path): \(error.reason)")
        }
        do {
            return try RedactionKey(bytes)
        } catch {
            throw InvalidInput("the key \(path) cannot be used: \(error)")
        }
    }
}

extension Redactor {
    /// A redactor that knows all names of a database and of what its rules found; nil without a key.
    init?(_ key: RedactionKey?, _ database: LogDatabase, _ findings: [Finding], _ incidents: [Incident] = []) throws {
        guard let key else { return nil }
        self.init(key, try KnownIdentifier.load(database) + Redactor.identifiers(findings, incidents))
    }
}
