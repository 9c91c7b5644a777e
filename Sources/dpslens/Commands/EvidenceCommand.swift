import ArgumentParser
import Audit
import EventStore
import Findings
import LogIngest
import Reports

/// The raw records behind a finding, or on a line of a log.
struct EvidenceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evidence",
        abstract: "Show the raw records behind a finding or on a line: decoded, secrets masked, with ids for support.",
        discussion: """
            Examples:
              dpslens evidence 3f9c21d0 --db fleet.db
              dpslens evidence PT1H.json:12 --db fleet.db
              dpslens evidence 3f9c21d0 --format json --db fleet.db

            A finding's id, or its beginning; or FILE:LINE, where the end of a path is enough if only one file ends so. Records come
            out of the database, where the text of everything but plain successes is kept; of those, the columns are shown
            and the command that prints the line.
            """
    )

    /// The formats of evidence.
    enum Format: String, FormatWord {
        case text
        case json

        static let standard = text
    }

    @Argument(help: ArgumentHelp("A finding's id or its beginning, or FILE:LINE.", valueName: "finding-or-line"))
    var what: String

    @OptionGroup var analysis: AnalysisOptions
    @OptionGroup var screen: ScreenOptions
    @OptionGroup var redaction: RedactionOption
    @OptionGroup var format: FormatOption<Format>
    @OptionGroup var output: OutputOption

    func run() async throws {
        try await Failure.reporting {
            let plan = try PlannedAnalysis(analysis, output: output, redaction: redaction, quiet: screen.quiet)
            if let place = EvidencePlace(what) {
                let opened = try LogDatabase.open(analysis.database.path, .readOnly)
                let path = try Self.path(place.path, opened)
                let record = try EvidenceRecord.load("\(path):\(place.line)", about: [], between: nil, in: opened)
                try plan.check(opened)
                return try deliver([record], nil, try Redactor(plan.key, opened, []), to: plan.target)
            }
            let opened = try await plan.open()
            let finding = try finding(opened.result.findings, opened.redactor)
            let records = try finding.evidence.map { place in
                try EvidenceRecord.load(place, about: finding.names, between: nil, in: opened.database)
            }
            try deliver(records, finding, opened.redactor, to: plan.target)
        }
    }

    /// The finding of an id or its beginning; with a key, of the id in that key's reports.
    private func finding(_ findings: [Finding], _ redactor: Redactor?) throws -> Finding {
        let wanted = what.lowercased()
        let ids = findings.map { redactor?.id($0.id) ?? $0.id }
        let found = zip(ids, findings).filter { $0.0.hasPrefix(wanted) }
        if found.count == 1 { return found[0].1 }
        if found.count > 1 {
            throw NotFound("\(found.count) findings begin with \(TerminalText.safe(what))", else: "give more of the id")
        }
        throw NotFound(
            "there is no finding \(TerminalText.safe(what)), and it is no FILE:LINE",
            near: Suggestion.near(what, in: ids),
            else: "`dpslens findings --format csv\(analysis.database.shown)` has all ids"
        )
    }

    /// The path that was meant.
    private static func path(_ written: String, _ database: LogDatabase) throws -> String {
        // A list of places has `;` of a path as `\x3B`; paths have it as it is.
        let text = PathText.text(PathText.bytes(written))
        let paths = try LogFile.paths(like: text, in: database)
        if paths.count == 1 { return paths[0] }
        if paths.count > 1 {
            let shown = paths.map { "\n  " + TerminalText.safe($0) }.joined()
            throw NotFound("several files end with \(TerminalText.safe(text))", else: "give more of the path:\(shown)")
        }
        throw NotFound(
            "no file \(TerminalText.safe(text)) was read into this database",
            else: "`dpslens query --sql 'SELECT path FROM files'` lists those that were"
        )
    }

    private func deliver(
        _ records: [EvidenceRecord],
        _ finding: Finding?,
        _ redactor: Redactor?,
        to target: OutputTarget
    ) throws {
        let shown = analysis.database.shown
        let isColored = screen.usesColor && target.isStandard && redactor == nil
        let text =
            switch format.word {
            case .text:
                EvidenceScreen.render(
                    records,
                    of: finding,
                    style: Style(color: isColored),
                    width: ScreenOptions.width,
                    databaseArgument: redactor?.databaseArgument(shown) ?? shown
                )
            case .json: EvidenceScreen.json(records, of: finding)
            }
        var told = redactor?.text(text) ?? text
        if let redactor, let finding {
            for id in [finding.id, finding.incident].compactMap(\.self) {
                told = told.split(separator: id, omittingEmptySubsequences: false).joined(separator: redactor.id(id))
            }
        }
        try target.deliver(told, isForPeople: format.word == .text, isColored: isColored)
    }
}

/// `FILE:LINE` as a person writes it.
struct EvidencePlace {
    var path: String
    var line: Int

    /// Reads it; nil if there is no number from 1 behind the last colon.
    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), colon > text.startIndex,
            let line = Int(text[text.index(after: colon)...]), line > 0
        else { return nil }
        path = String(text[..<colon])
        self.line = line
    }
}

extension Finding {
    /// The names that its records hold.
    var names: [String] {
        var names = [self.registrationId, self.deviceId].compactMap(\.self)
        if self.subjectKind == "device" { names.append(self.subject) }
        return names
    }
}
