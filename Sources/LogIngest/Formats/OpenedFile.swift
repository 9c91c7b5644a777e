import Glibc

/// What a file turned out to be when its first bytes were looked at.
public enum OpenedFile {
    /// Records, to be pulled.
    case framed(FramedFile)
    /// Files in a file, to be opened one after the other.
    case archive(ArchiveReader)
    /// A format that is not read, with the stream for its count and digest.
    case refused(RefusedFormat, RefusedFile)

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - path: the file; `-` is standard input.
    ///   - limits: when to give up.
    ///   - resume: where to go on in a file of lines of which the beginning is known, in bytes of its text.
    /// - Throws: `InputError` if it cannot be opened, or its first bytes cannot be read.
    public static func open(
        _ path: String,
        limits: ReadLimits,
        resume: (offset: Int, line: Int)? = nil
    ) throws(InputError) -> OpenedFile {
        let stream = InflatedStream(try RawFile(path: path), limits: limits)
        if case .unreadable(let why) = stream.ending { throw InputError(path: path, reason: why) }
        let place = Place(path: path, limits: limits, depth: 0)
        var opened = open(stream, of: stream, place, resume)
        if Self.isRegular(path) {
            opened = opened.reopening { try? OpenedFile.open(path, limits: limits) }
        }
        return opened
    }

    private static func isRegular(_ path: String) -> Bool {
        guard path != "-", let status = InputFiles.status(path) else { return false }
        return status.st_mode & S_IFMT == S_IFREG
    }

    /// The same with a way to open it a second time, so that its times can be looked at before they are read.
    func reopening(_ again: @escaping () -> OpenedFile?) -> OpenedFile {
        switch self {
        case .framed(let file):
            file.reopen = { if case .framed(let file) = again() { file } else { nil } }
        case .archive(let archive):
            archive.reopen = { if case .archive(let archive) = again() { archive } else { nil } }
        case .refused: break
        }
        return self
    }

    /// Where a stream comes from.
    struct Place {
        /// The file on disk; nil inside of an archive, where nothing can be read twice.
        var path: String?
        var limits: ReadLimits
        /// How many archives it stands in.
        var depth: Int
    }

    /// Opens a stream: takes off what is around the text, one layer after the other.
    ///
    /// - Parameter file: the outermost stream, which counts and hashes the file's own bytes.
    static func open(
        _ stream: InflatedStream,
        of file: InflatedStream,
        _ place: Place,
        _ resume: (offset: Int, line: Int)? = nil
    ) -> OpenedFile {
        let inside = PeekedSource(stream, ByteFormat.window)
        var formats = stream.isGzip ? ["gzip"] : []
        switch ByteFormat.of(inside.head) {
        case .text:
            return .framed(FramedFile(inside, of: file, formats: formats, limits: place.limits, resume: resume))
        case .wide(let encoding, let mark):
            let text = WideText(inside, encoding, mark: mark)
            formats.append(encoding.rawValue)
            return .framed(FramedFile(text, of: file, formats: formats, limits: place.limits, resume: resume))
        case .gzip:
            // Packed twice, as by a shipper that packs what a blob store has packed already.
            let again = InflatedStream(inside, limits: place.limits)
            guard stream === file else { return refuse(.nested, file) }
            var deeper = place
            deeper.path = nil
            return open(again, of: file, deeper, resume)
        case .avro:
            switch AvroFramer.open(inside, place.limits) {
            case .success(let messages): return .framed(FramedFile(messages, of: file, formats: formats))
            case .failure(let refusal): return refuse(.avro(refusal.why), file)
            }
        case .tar:
            guard place.depth < 2 else { return refuse(.nested, file) }
            return .archive(ArchiveReader(TarArchive(inside), file, place, formats))
        case .zip:
            guard let path = place.path, path != "-", !stream.isGzip else {
                return refuse(place.depth == 0 ? .streamedZip : .nested, file)
            }
            let archive = ZipArchive(path: path, limits: place.limits)
            if archive.isOfficeDocument { return refuse(.workbook, file) }
            return .archive(ArchiveReader(archive, file, place, formats))
        case .refused(let format):
            return refuse(format, file)
        }
    }

    private static func refuse(_ format: RefusedFormat, _ stream: InflatedStream) -> OpenedFile {
        .refused(format, RefusedFile(stream))
    }
}

/// A file whose format is not read: only counted and hashed, so that it is known when it is met again.
///
/// Not `Sendable`: one task owns it.
public final class RefusedFile {
    private let stream: InflatedStream

    init(_ stream: InflatedStream) { self.stream = stream }

    /// Reads to the end; bytes and SHA-256 of the file.
    public func finish() -> (bytes: Int, content: [UInt8]) {
        stream.drain()
        return (stream.bytesRead, stream.digest())
    }
}

/// The members of an archive, each opened as a file is.
///
/// Not `Sendable`: one task owns it.
public final class ArchiveReader {
    /// A member, and what it turned out to be.
    public struct Member {
        /// Its name in the archive.
        public var name: String
        /// What it is.
        public var opened: OpenedFile
    }

    /// What the archive was taken for: `tar`, `gzip, tar`, `zip`.
    public let formats: [String]
    private let archive: any Archive
    private let stream: InflatedStream
    private let place: OpenedFile.Place
    private var taken = 0
    /// Opens the archive a second time; nil for what can be read only once.
    var reopen: (() -> ArchiveReader?)?

    init(_ archive: any Archive, _ stream: InflatedStream, _ place: OpenedFile.Place, _ formats: [String]) {
        self.archive = archive
        self.stream = stream
        self.place = place
        self.formats = formats + [archive.kind]
    }

    /// The next member, nil at the end.
    ///
    /// It must be read before the next one is asked for.
    public func next() -> Member? {
        while let member = archive.next() {
            taken += 1
            if member.isSkipped { continue }
            guard let source = member.source else {
                let nothing = RefusedFile(InflatedStream(EmptySource(), limits: place.limits))
                return Member(name: member.name, opened: .refused(member.refused ?? .nested, nothing))
            }
            let inside = InflatedStream(source, limits: place.limits)
            let here = OpenedFile.Place(path: nil, limits: place.limits, depth: place.depth + 1)
            let number = taken
            let opened = OpenedFile.open(inside, of: inside, here).reopening { [reopen] in reopen?()?.member(number) }
            return Member(name: member.name, opened: opened)
        }
        return nil
    }

    /// The member of a number, from 1, of an archive that was just opened.
    private func member(_ number: Int) -> OpenedFile? {
        while let member = next() { if taken == number { return member.opened } }
        return nil
    }

    /// How the archive ended, and its size and SHA-256; meaningful once `next` has returned nil.
    public func finish() -> (ending: FileEnding, bytes: Int, content: [UInt8]) {
        stream.drain()
        return (archive.ending.or(stream.ending), stream.bytesRead, stream.digest())
    }
}

/// No bytes.
private final class EmptySource: ByteSource {
    let ending = FileEnding.complete
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int { 0 }
}
