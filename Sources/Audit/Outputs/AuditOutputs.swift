import AzureLogs
import Basics
import Correlation
import EventStore
import Findings
import Glibc
import Reports

/// A night's outputs as files: written beside their place, then put there at once.
struct AuditOutputs: Sendable {
    let configuration: AuditConfiguration
    let rules: RuleSet
    let version: String
    let run: String

    /// - Parameter run: what tells this run from others, for the folders' marks.
    init(_ configuration: AuditConfiguration, rules: RuleSet, version: String, run: String) {
        self.configuration = configuration
        self.rules = rules
        self.version = version
        self.run = run
    }

    private static let prefix = ".dpslens-night-"

    private var files: [String] { configuration.formats.map(\.fileName) + [NightSummary.file] }

    private var link: String { configuration.folder + "/latest" }

    private func place(of night: String) -> String { configuration.folder + "/" + night }

    /// Looks whether the places of a night's outputs are free or this program's own, before any work is done.
    ///
    /// - Throws: `OutputError` that names what is in the way; it stays untouched.
    func check(_ night: String) throws {
        try Files.makeFolder(configuration.folder)
        var status = stat()
        if lstat(place(of: night), &status) == 0 {
            guard let folder = NightFolder(place(of: night)), folder.night == night else {
                throw OutputError(
                    place(of: night),
                    because: "what stands there carries no mark of dpslens for this night; move it away"
                )
            }
            if let stranger = try folder.strangers().first {
                throw OutputError(folder.path, because: "`\(stranger)` in it is not of dpslens; move it away")
            }
        }
        if lstat(link, &status) == 0 {
            let target = status.st_mode & S_IFMT == S_IFLNK ? FilePlace.target(ofLink: link) : nil
            guard let target, NightFolder.isDate(target) else {
                throw OutputError(link, because: "what stands there is no link to a night; move it away")
            }
        }
    }

    /// Makes the folder of the nights, and removes what runs left in it that came to no end.
    func begin() throws {
        try Files.makeFolder(configuration.folder)
        try removeStaged()
    }

    /// Writes all files of a night into a new folder beside its place.
    ///
    /// - Parameter redactor: takes the names out of all that is written; nil to leave them.
    /// - Throws: `OutputError`; then the folder is gone.
    func stage(_ result: AuditResult, _ database: LogDatabase, _ redactor: Redactor?) throws -> StagedReport {
        let folder = try NightFolder(
            making: configuration.folder + "/" + Self.prefix + Self.random(),
            night: result.night.date,
            run: run,
            files: files,
            mode: configuration.mode
        )
        do {
            var data = try data(result, database)
            var findings = result.findings.map(\.finding)
            var shown = result
            if let redactor {
                data = redactor.report(data)
                findings = redactor.findings(findings)
                shown = result.redacted(redactor)
            }
            for format in configuration.formats {
                let text = Export.render(format, data, findings: findings)
                try Files.write(text, to: folder.path + "/" + format.fileName, mode: configuration.mode)
            }
            try Files.write(shown.json, to: folder.path + "/" + NightSummary.file, mode: configuration.mode)
            let metrics = PrometheusExport.render(data, findings: findings)
            return StagedReport(night: result.night.date, folder: folder, metrics: metrics)
        } catch {
            _ = folder.remove()
            throw error
        }
    }

    /// Puts the reports in their places, points `latest` to the newest night, and writes the metrics of tonight.
    ///
    /// - Parameters:
    ///   - reports: tonight's first.
    ///   - nights: the dates of the nights that are kept.
    func publish(_ reports: [StagedReport], tonight: String, nights: [String]) throws {
        for report in reports {
            try replace(report)
            guard report.night == tonight else { continue }
            try pointLatest(to: nights.filter { NightFolder(self.place(of: $0)) != nil }.max() ?? tonight)
            guard let file = configuration.prometheusFile else { continue }
            try OutputFile(file, sparing: SparedFile.database(configuration.database)).write(report.metrics)
        }
    }

    /// Puts a report in its place.
    private func replace(_ report: StagedReport) throws {
        try check(report.night)
        let place = place(of: report.night)
        let old = configuration.folder + "/" + Self.prefix + Self.random()
        if access(place, F_OK) == 0 { try Files.rename(place, to: old) }
        try Files.rename(report.folder.path, to: place)
        _ = NightFolder(old)?.remove()
    }

    /// Whether a night has a report that this program may write again.
    ///
    /// - Throws: `OutputError` that says what is in the way.
    func hasReport(_ night: String) throws -> Bool {
        var status = stat()
        guard lstat(place(of: night), &status) == 0 else { return false }
        try check(night)
        return true
    }

    /// What a night's report says in numbers; nil if it is gone or cannot be read.
    func summary(of night: String) -> NightSummary? { NightSummary(inFolder: place(of: night)) }

    private func pointLatest(to night: String) throws {
        if FilePlace.target(ofLink: link) == night { return }
        let staged = configuration.folder + "/" + Self.prefix + Self.random()
        guard symlink(night, staged) == 0 else { throw OutputError(staged) }
        try Files.rename(staged, to: link)
    }

    /// Writes the page over all nights; it leads to the night's report in the first format that a browser shows.
    func publishIndex(_ database: LogDatabase) throws {
        let shown: [ExportFormat] = [.html, .markdown, .text, .csv, .json]
        let names = shown.filter(configuration.formats.contains).map(\.fileName) + [NightSummary.file]
        let counts = try FindingHistory.counts(in: database)
        let entries = try FindingHistory.nights(in: database).map { night in
            NightIndex.Entry(
                night: night,
                counts: counts[night.date] ?? [:],
                file: names.first { access("\(place(of: night.date))/\($0)", F_OK) == 0 },
                judgedAgain: summary(of: night.date)?.judgedAgainBy
            )
        }
        try OutputFile(configuration.folder + "/index.html").write(NightIndex.render(entries))
    }

    private static func random() -> String { String(UInt64.random(in: .min ... .max), radix: 16) }

    /// Removes a report that was not published.
    func discard(_ report: StagedReport) { _ = report.folder.remove() }

    /// Removes what runs left that came to no end: nobody else works here, since the caller holds the lock.
    private func removeStaged() throws {
        for name in try Files.names(in: configuration.folder) where name.hasPrefix(Self.prefix) {
            let path = configuration.folder + "/" + name
            if let target = FilePlace.target(ofLink: path) {
                if NightFolder.isDate(target) { unlink(path) }
            } else {
                _ = NightFolder(path)?.remove()
            }
        }
    }

    /// Removes the folders of nights that are older than is kept.
    ///
    /// Only folders that carry the mark of their night, of nights that the database knows, and with nothing else in them.
    ///
    /// - Parameters:
    ///   - nights: the dates of the nights that are kept in the database.
    ///   - newest: what the time to keep is counted from, microseconds since 1970.
    ///   - isForced: whether more than half of the folders may go.
    /// - Returns: the paths of the folders that are gone; what is not ours and was spared, as sentences; why nothing went, if most would.
    func removeOld(
        before date: String,
        from newest: Int64,
        nights: [String],
        isForced: Bool
    ) throws -> (removed: [String], spared: [String], refusal: String?) {
        guard let keep = configuration.keepReports else { return ([], [], nil) }
        let oldest = String(Timestamp.format(microseconds: newest - keep).prefix(10))
        let known = Set(nights)
        let all = try Files.names(in: configuration.folder).filter { NightFolder.isDate($0) }
        let old = all.filter { $0 < min(oldest, date) }
        let own = old.compactMap { name -> NightFolder? in
            let folder = NightFolder(place(of: name))
            return folder?.night == name && known.contains(name) ? folder : nil
        }
        var spared = old.filter { name in !own.contains { $0.night == name } }.map {
            "\(place(of: $0)) is older than is kept, but is no night of this database: it was left as it is"
        }
        if own.count > all.count / 2, !isForced, own.count > 1 {
            let numbers = "\(own.count) of \(all.count) nights"
            return ([], spared, "removing nights before \(oldest) would remove \(numbers); give --force if it is meant")
        }
        var removed: [String] = []
        for folder in own {
            if folder.remove() {
                removed.append(folder.path)
            } else {
                spared.append("\(folder.path) is older than is kept, but holds something else: it was left as it is")
            }
        }
        return (removed, spared, nil)
    }
}
