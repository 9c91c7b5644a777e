import Crypto
import Glibc
import LogIngest

/// The reading task: decides what each file needs, and cuts it into chunks.
struct FileReader {
    private let limits: ReadLimits
    private var latest: [String: LedgerEntry] = [:]
    private var bySize: [Int: [LedgerEntry]] = [:]

    init(ledger: [LedgerEntry], limits: ReadLimits) {
        self.limits = limits
        for entry in ledger {
            latest[entry.path] = entry
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
        let file: FramedFile
        do throws(InputError) {
            let resume = start.resumed.map { ($0.resumeOffset, $0.resumeLine) }
            file = try FramedFile(path: path, limits: limits, resume: resume)
        } catch {
            put.yield(.unreadable(start, error.reason))
            return
        }
        put.yield(.begin(start))
        var reported = 0
        while var chunk = await free.next(), !Task.isCancelled {
            let more = file.fill(&chunk)
            progress(file.stream.bytesRead - reported, 0)
            reported = file.stream.bytesRead
            put.yield(.chunk(chunk))
            if !more { break }
        }
        if Task.isCancelled { return }
        let end = end(of: file)
        put.yield(.end(end))
        progress(0, 1)
        remember(path, start, end)
    }

    private func end(of file: FramedFile) -> FileEnd {
        let resume = file.resumePoint
        return FileEnd(
            container: file.container.rawValue,
            ending: file.stream.ending,
            bytesRead: file.stream.bytesRead,
            bytesInflated: file.stream.bytesInflated,
            content: file.stream.digest(),
            resumeOffset: resume?.offset ?? 0,
            resumeLine: resume?.line ?? 1
        )
    }

    /// A file may be named twice in one run: the second time it is known.
    private mutating func remember(_ path: String, _ start: FileStart, _ end: FileEnd) {
        let entry = LedgerEntry(
            id: 0,
            path: path,
            generation: start.generation,
            container: end.container,
            bytesRead: end.bytesRead,
            content: end.content,
            resumeOffset: end.resumeOffset,
            resumeLine: end.resumeLine
        )
        latest[path] = entry
        bySize[end.bytesRead, default: []].append(entry)
    }

    private func plan(_ path: String) -> Plan {
        let known = latest[path]
        let fresh = FileStart(path: path, generation: (known?.generation ?? 0) + 1, resumed: nil)
        var status = stat()
        guard path != "-", stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return .read(fresh) }
        let size = Int(status.st_size)
        let twins = bySize[size] ?? []
        let mayHaveGrown = known.map { $0.container == Container.lines.rawValue && size > $0.bytesRead } ?? false
        if twins.isEmpty && !mayHaveGrown { return .read(fresh) }
        guard let digests = ContentDigest.of(path, prefix: known?.bytesRead ?? 0) else { return .read(fresh) }
        if let known, digests.whole == known.content {
            return .skip(
                FileStart(path: path, generation: known.generation, resumed: nil),
                copyOf: nil,
                content: digests.whole,
                bytes: size
            )
        }
        if let twin = twins.first(where: { $0.content == digests.whole }) {
            return .skip(fresh, copyOf: twin.id, content: digests.whole, bytes: size)
        }
        if let known, mayHaveGrown, digests.prefix == known.content, known.id != 0 {
            return .read(FileStart(path: path, generation: known.generation, resumed: known))
        }
        return .read(fresh)
    }
}

/// SHA-256 of a file and of its beginning.
enum ContentDigest {
    /// Hashes a file; nil if it cannot be read, which the reading itself will then report.
    static func of(_ path: String, prefix: Int) -> (whole: [UInt8], prefix: [UInt8])? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
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
