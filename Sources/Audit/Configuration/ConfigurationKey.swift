import Findings
import Reports

/// One key of the configuration: its name, what it takes, what it means.
///
/// The reader, `config show`, the JSON Schema and the documentation all come from this one table.
struct ConfigurationKey: Sendable {
    /// What a value looks like.
    enum Kind: Sendable {
        /// Any text.
        case text
        /// A path; a relative one is taken from the configuration file's folder.
        case path
        /// A list of paths.
        case paths
        /// A list of texts.
        case texts
        /// A list of some of these words.
        case words([String])
        /// One of these words.
        case word([String])
        /// A number and a unit: `24h`, `90d`, `10m`, `5s`.
        case span
        /// A zone: an offset such as `+01:00`, or a name such as `Europe/Berlin`.
        case zone
        /// A number from 0 to 100.
        case percent
        /// The mode of a file, octal: `0640`.
        case mode
        /// A mapping of `rule.parameter` to whole numbers.
        case numbers
    }

    /// The name with its section: `outputs.folder`.
    var name: String
    var kind: Kind
    /// The default as it would be written; nil for none.
    var standard: String?
    var isRequired = false
    var meaning: String

    /// The environment variable that takes the place of the file's value.
    var variable: String {
        "DPSLENS_AUDIT_" + name.uppercased().map { $0 == "." ? "_" : String($0) }.joined()
    }

    static let formats = ExportFormat.allCases.map(\.rawValue)

    /// All keys, in the order in which they are shown.
    static let all: [ConfigurationKey] = [
        ConfigurationKey(
            name: "database",
            kind: .path,
            standard: "dpslens.db",
            meaning: "the database; made if it is not there"
        ),
        ConfigurationKey(
            name: "inputs",
            kind: .paths,
            isRequired: true,
            meaning: "files, folders and patterns to read; what was read before costs a hash"
        ),
        ConfigurationKey(
            name: "dates.order",
            kind: .word(["day-first", "month-first"]),
            meaning: "for dates such as 05/11/2025 that their file leaves open"
        ),
        ConfigurationKey(
            name: "dates.time_zone",
            kind: .zone,
            meaning: "the zone of times marked as local: +01:00, or a name such as Europe/Berlin"
        ),
        ConfigurationKey(
            name: "window",
            kind: .span,
            standard: "24h",
            meaning: "the time that is looked at, up to now; longer if nights were missed"
        ),
        ConfigurationKey(
            name: "overlap",
            kind: .span,
            standard: "6h",
            meaning: "how much further back to look, for logs that came late"
        ),
        ConfigurationKey(
            name: "outputs.folder",
            kind: .path,
            isRequired: true,
            meaning: "a folder a night is made in it, and `latest` points to the newest"
        ),
        ConfigurationKey(
            name: "outputs.formats",
            kind: .words(formats),
            standard: "csv, json, html, markdown",
            meaning: "what is written each night"
        ),
        ConfigurationKey(
            name: "outputs.mode",
            kind: .mode,
            meaning: "the mode of the nights' files, as 0640; without it what the umask leaves"
        ),
        ConfigurationKey(
            name: "outputs.prometheus_file",
            kind: .path,
            meaning: "a file for the node exporter's textfile collector"
        ),
        ConfigurationKey(
            name: "retention.events",
            kind: .span,
            meaning: "older events are pruned; kept for good without it"
        ),
        ConfigurationKey(
            name: "retention.reports",
            kind: .span,
            meaning: "older nights' folders are removed; kept for good without it"
        ),
        ConfigurationKey(name: "rules.folders", kind: .paths, meaning: "folders with rules of your own"),
        ConfigurationKey(
            name: "rules.parameters",
            kind: .numbers,
            meaning: "values in the place of the rules' defaults, as `registration-loop.count: 8`"
        ),
        ConfigurationKey(
            name: "rules.timeout",
            kind: .span,
            standard: "5m",
            meaning: "a rule that takes longer is ended, and the night fails (4); `--rule-timeout` goes before it"
        ),
        ConfigurationKey(name: "suppressions", kind: .path, meaning: "the file of suppressions"),
        ConfigurationKey(
            name: "registry",
            kind: .path,
            meaning: "DPS registry export (JSON): explains findings, and is checked for hygiene itself"
                + " (docs/registry.md)"
        ),
        ConfigurationKey(
            name: "group_keys",
            kind: .path,
            meaning: "group keys that the registry does not show; goes with `registry`"
        ),
        ConfigurationKey(
            name: "requests",
            kind: .path,
            meaning: "requests of devices, one JSON object a line; goes with `registry`"
        ),
        ConfigurationKey(
            name: "fail_on",
            kind: .word(FailLevel.words),
            standard: "none",
            meaning: "exit 1 for findings like this"
        ),
        ConfigurationKey(
            name: "limits.rejected",
            kind: .percent,
            meaning: "exit 2 when more of the night's records is rejected, or a file cannot be read to its end"
        ),
        ConfigurationKey(
            name: "limits.streams",
            kind: .texts,
            meaning: "DPS instances and hubs whose logs must cover the window; else exit 2"
        ),
        ConfigurationKey(
            name: "redact_key_file",
            kind: .path,
            meaning: "replace names in outputs by pseudonyms of this key"
        ),
        ConfigurationKey(
            name: "correlation.connect_window",
            kind: .span,
            standard: "10m",
            meaning: "how long after an assignment the first contact is in time"
        ),
        ConfigurationKey(
            name: "correlation.attempt_gap",
            kind: .span,
            standard: "2m",
            meaning: "records of one registration attempt lie no further apart"
        ),
        ConfigurationKey(
            name: "correlation.clock_skew",
            kind: .span,
            standard: "5s",
            meaning: "how far a hub's clock may be behind the one of DPS"
        ),
    ]
}
