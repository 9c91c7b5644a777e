import AzureLogs
import Crypto
import Glibc
import LogIngest

/// The reading task: decides what each file needs, and cuts it into chunks.
struct FileReader: Sendable {
    private let limits: ReadLimits
    private let options: IngestOptions
    private let deferred: DeferredFiles
    /// What is read of files that were put off; nil while files are read for the first time.
    private let plan: DeferredPlan?
    private var latest: [ExactText: LedgerEntry] = [:]
    private var bySize: [Int: [LedgerEntry]] = [:]

    init(ledger: [LedgerEntry], options: IngestOptions, deferred: DeferredFiles, plan: DeferredPlan? = nil) {
        limits = options.limits
        self.options = options
        self.deferred = deferred
        self.plan = plan
        for var entry in ledger {
            if options.readsAgain {
                // Its number of generations is all that counts; within one run each content is read once.
                entry.content = []
                entry.container = ""
            }
            latest[ExactText(entry.path)] = entry
            bySize[entry.bytesRead, default: []].append(entry)
        }
    }

    /// What is to be done with a file.
    private enum Plan {
        case read(FileStart)
        case skip(FileStart, copyOf: Int?, content: [UInt8], bytes: Int)
    }

    /// Reads one file; chunks come from `free` and go out through `put`.
    mutating func read(
        _ path: String,
        free: inout AsyncStream<RecordChunk>.Iterator,
        put: AsyncStream<ReadMessage>.Continuation,
        progress: (Int, Int) -> Void
    ) async {
        let start: FileStart
        switch plan(path) {
        case .skip(let skipped, let copyOf, let content, let bytes):
            put.yield(.unchanged(skipped, copyOf: copyOf, content: content, bytes: bytes))
            progress(bytes, 1)
            return
        case .read(let planned): start = planned
        }
        let opened: OpenedFile
        do throws(InputError) {
            let resume = start.resumed.map { ($0.resumeOffset, $0.resumeLine) }
            opened = try OpenedFile.open(path, limits: limits, resume: resume)
        } catch {
            put.yield(.unreadable(start, error.reason))
            progress(0, 1)
            return
        }
        switch opened {
        case .framed(let file): await pull(file, of: path, start, &free, put, progress)
        case .refused(let format, let file): refuse(format, file, start, put, progress)
        case .archive(let archive): await unpack(archive, start, &free, put, progress)
        }
    }

    /// Finds out how the times of a file are read; nil if it is put off until its neighbours are in.
    private func dates(of file: FramedFile, _ path: String, _ start: FileStart) -> FileDates? {
        guard file.hasWrittenDates else { return FileDates() }
        let survey = file.survey()
        if let decision = survey.decision(option: options.dateOrder) {
            return FileDates(order: decision.order, basis: decision.isOption ? .option : .file, why: decision.said)
        }
        if !survey.hasOpen { return FileDates() }
        if survey.isMixed { return FileDates(basis: .undecided, why: "dates of both orders stand in the file") }
        if let plan {
            guard let found = plan.names[start.path], let decision = found else {
                return FileDates(
                    basis: .undecided,
                    why: "nothing decides the order of day and month in \(survey.example)"
                )
            }
            return FileDates(order: decision.order, basis: .neighbours, why: decision.said)
        }
        let isKnown =
            latest[ExactText(start.path)].map {
                $0.dates == FileDates.Basis.undecided.rawValue
                    && ContentDigest.of($0.path, prefix: 0)?.whole == $0.content
            } ?? false
        deferred.add(DeferredFiles.File(path: path, name: start.path, survey: survey, isKnown: isKnown))
        return nil
    }

    /// Files of earlier runs whose dates stayed open, as they stand now.
    ///
    /// Members of archives are looked at again when their archive is named.
    static func undecided(
        _ ledger: [LedgerEntry],
        without paths: [String],
        _ options: IngestOptions
    ) -> [DeferredFiles.File] {
        let named = Set(paths)
        var latest: [ExactText: LedgerEntry] = [:]
        for entry in ledger { latest[ExactText(entry.path)] = entry }
        return latest.values.filter { $0.dates == FileDates.Basis.undecided.rawValue && !named.contains($0.path) }
            .sorted { $0.path < $1.path }
            .compactMap { entry in
                guard ContentDigest.of(entry.path, prefix: 0)?.whole == entry.content,
                    case .framed(let file) = try? OpenedFile.open(entry.path, limits: options.limits)
                else { return nil }
                return DeferredFiles.File(path: entry.path, name: entry.path, survey: file.survey(), isKnown: true)
            }
    }

    /// Pulls a file's chunks.
    private mutating func pull(
        _ file: FramedFile,
        of path: String,
        _ start: FileStart,
        _ free: inout AsyncStream<RecordChunk>.Iterator,
        _ put: AsyncStream<ReadMessage>.Continuation,
        _ progress: (Int, Int) -> Void
    ) async {
        var start = start
        if let plan, plan.names[start.path] == nil { return }
        guard let dates = dates(of: file, path, start) else { return }
        start.dates = dates
        file.read(DateReading(order: dates.order, zone: options.timeZone))
        put.yield(.begin(start))
        var reported = 0
        while var chunk = await free.next(), !Task.isCancelled {
            let more = file.fill(&chunk)
            progress(file.bytesRead - reported, 0)
            reported = file.bytesRead
            put.yield(.chunk(chunk))
            if !more { break }
        }
        if Task.isCancelled { return }
        var end = end(of: file)
        end.dates = dates
        if file.lacksZone { end.dates = FileDates(basis: .local, why: "local times without an offset were refused") }
        put.yield(.end(end))
        progress(0, 1)
        remember(start, end)
    }

    private mutating func refuse(
        _ format: RefusedFormat,
        _ file: RefusedFile,
        _ start: FileStart,
        _ put: AsyncStream<ReadMessage>.Continuation,
        _ progress: (Int, Int) -> Void
    ) {
        let (bytes, content) = file.finish()
        put.yield(.refused(start, format, bytes: bytes, content: content))
        progress(bytes, 1)
        remember(start, FileEnd(formats: [format.name], ending: .complete, bytesRead: bytes, content: content))
    }

    /// Reads the members of an archive, each as a file of its own named `archive!member`, then notes the archive.
    ///
    /// The archive's own row comes last, so that one that was given up is read again.
    private mutating func unpack(
        _ archive: ArchiveReader,
        _ start: FileStart,
        _ free: inout AsyncStream<RecordChunk>.Iterator,
        _ put: AsyncStream<ReadMessage>.Continuation,
        _ progress: (Int, Int) -> Void
    ) async {
        if plan == nil { put.yield(.members) }
        await readMembers(of: archive, start.path, start.path, &free, put)
        if Task.isCancelled || plan != nil { return }
        let (ending, bytes, content) = archive.finish()
        let end = FileEnd(formats: archive.formats, ending: ending, bytesRead: bytes, content: content)
        put.yield(.archive(start, end))
        progress(bytes, 1)
        remember(start, end)
    }

    private mutating func readMembers(
        of archive: ArchiveReader,
        _ path: String,
        _ root: String,
        _ free: inout AsyncStream<RecordChunk>.Iterator,
        _ put: AsyncStream<ReadMessage>.Continuation
    ) async {
        var met: Set<String> = []
        while !Task.isCancelled, let member = archive.next() {
            var name = Self.path(of: member.name, in: path)
            // An archive may hold two members of one name; each is a file of its own.
            var copy = 1
            while !met.insert(name).inserted {
                copy += 1
                name = Self.path(of: member.name, in: path) + " (\(copy))"
            }
            let start = FileStart(path: name, generation: (latest[ExactText(name)]?.generation ?? 0) + 1, resumed: nil)
            switch member.opened {
            case .framed(let file): await pull(file, of: root, start, &free, put) { _, _ in }
            case .refused(let format, let file):
                if plan == nil { refuse(format, file, start, put) { _, _ in } }
            case .archive(let inner):
                await readMembers(of: inner, name, root, &free, put)
                if Task.isCancelled { return }
                if plan != nil { continue }
                let (ending, bytes, content) = inner.finish()
                let end = FileEnd(formats: inner.formats, ending: ending, bytesRead: bytes, content: content)
                put.yield(.archive(start, end))
                remember(start, end)
            }
        }
    }

    /// What stands between an archive's path and a member's name.
    static let memberMark = UInt8(ascii: "!")

    /// The path of a member of an archive.
    static func path(of member: String, in archive: String) -> String {
        archive + String(UnicodeScalar(memberMark)) + member
    }

    private func end(of file: FramedFile) -> FileEnd {
        let resume = file.resumePoint
        var end = FileEnd(
            formats: file.formats,
            ending: file.ending,
            bytesRead: file.bytesRead,
            content: file.digest()
        )
        end.container = file.container.rawValue
        end.bytesRead = file.bytesRead
        end.bytesInflated = file.bytesInflated
        end.resumeOffset = resume?.offset ?? 0
        end.resumeLine = resume?.line ?? 1
        return end
    }

    /// A file may be named twice in one run: the second time it is known.
    private mutating func remember(_ start: FileStart, _ end: FileEnd) {
        let entry = LedgerEntry(
            id: 0,
            path: start.path,
            generation: start.generation,
            container: end.container,
            bytesRead: end.bytesRead,
            content: end.content,
            resumeOffset: end.resumeOffset,
            resumeLine: end.resumeLine,
            dates: end.dates.basis.rawValue
        )
        latest[ExactText(start.path)] = entry
        bySize[end.bytesRead, default: []].append(entry)
    }

    /// Whether a file, or a member of an archive, was refused for its times, and can be read by what is known now.
    private func mayBeReadNow(_ path: String) -> Bool {
        func isOpen(_ entry: LedgerEntry) -> Bool {
            switch FileDates.Basis(rawValue: entry.dates) {
            case .undecided: true
            case .local: options.timeZone != nil
            default: false
            }
        }
        if let known = latest[ExactText(path)], isOpen(known) { return true }
        guard latest[ExactText(path)].map({ $0.container == "zip" || $0.container == "tar" }) ?? false else {
            return false
        }
        return latest.values.contains { isOpen($0) && $0.path.hasPrefix(Self.path(of: "", in: path)) }
    }

    private func plan(_ path: String) -> Plan {
        let name = options.name?(path) ?? path
        let known = latest[ExactText(name)]
        let fresh = FileStart(path: name, generation: (known?.generation ?? 0) + 1, resumed: nil)
        guard path != "-", let status = InputFiles.status(path), status.st_mode & S_IFMT == S_IFREG else {
            return .read(fresh)
        }
        // What was put off is read now, and what could not be read for its times is looked at again.
        if plan != nil || mayBeReadNow(path) { return .read(fresh) }
        let size = Int(status.st_size)
        let twins = bySize[size] ?? []
        let mayHaveGrown =
            known.map { $0.container == Container.lines.rawValue && size > $0.bytesRead && $0.dates.isEmpty } ?? false
        if twins.isEmpty && !mayHaveGrown { return .read(fresh) }
        guard let digests = ContentDigest.of(path, prefix: known?.bytesRead ?? 0) else { return .read(fresh) }
        if let known, digests.whole == known.content {
            return .skip(
                FileStart(path: name, generation: known.generation, resumed: nil),
                copyOf: nil,
                content: digests.whole,
                bytes: size
            )
        }
        if let twin = twins.first(where: { $0.content == digests.whole }) {
            return .skip(fresh, copyOf: twin.id, content: digests.whole, bytes: size)
        }
        if let known, mayHaveGrown, digests.prefix == known.content, known.id != 0 {
            return .read(FileStart(path: name, generation: known.generation, resumed: known))
        }
        return .read(fresh)
    }
}

/// SHA-256 of a file and of its beginning.
enum ContentDigest {
    /// Hashes a file; nil if it cannot be read, which the reading itself will then report.
    static func of(_ path: String, prefix: Int) -> (whole: [UInt8], prefix: [UInt8])? {
        let descriptor = PathText.withBytes(path) { open($0, O_RDONLY | O_CLOEXEC) }
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var hash = SHA256()
        var atPrefix: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 17)
        var total = 0
        while true {
            let got = read(descriptor, &buffer, buffer.count)
            if got < 0 { return nil }
            if got == 0 { break }
            if total < prefix, total + got >= prefix {
                hash.update(data: buffer[..<(prefix - total)])
                atPrefix = Array(hash.finalize())
                hash.update(data: buffer[(prefix - total)..<got])
            } else {
                hash.update(data: buffer[..<got])
            }
            total += got
        }
        return (Array(hash.finalize()), atPrefix)
    }
}
