public import AzureLogs

/// One file being cut into records: formats and containers are told from the content, then pulled chunk by chunk.
///
/// Not `Sendable`: one task owns it.
public final class FramedFile {
    /// The container that was told.
    public let container: Container
    /// What the file was taken for, from the outside inwards: `gzip`, `UTF-16LE`, `CSV`.
    public let formats: [String]

    /// The times of the first records, as they are written.
    let sampledTimes: [String]
    /// Opens the file a second time; nil for what can be read only once.
    var reopen: (() -> FramedFile?)?

    private let bytes: InflatedStream
    private let source: TextSource?
    private var framer: any RecordFramer

    /// Bytes of text in which times are looked for.
    private static let sampleBytes = 1 << 14

    /// Opens a file that holds text, or messages of Event Hubs Capture.
    ///
    /// - Parameters:
    ///   - path: the file; `-` is standard input.
    ///   - limits: when to give up.
    ///   - resume: where to go on in a file of lines of which the beginning is known, in bytes of its text.
    /// - Throws: `InputError` if it cannot be opened, is an archive, or of a format that is not read.
    public convenience init(
        path: String,
        limits: ReadLimits,
        resume: (offset: Int, line: Int)? = nil
    ) throws(InputError) {
        switch try OpenedFile.open(path, limits: limits, resume: resume) {
        case .framed(let file): self.init(file)
        case .refused(let format, _): throw InputError(path: path, reason: format.detail)
        case .archive: throw InputError(path: path, reason: "this is an archive")
        }
    }

    private init(_ other: FramedFile) {
        container = other.container
        formats = other.formats
        bytes = other.bytes
        source = other.source
        framer = other.framer
        sampledTimes = other.sampledTimes
        reopen = other.reopen
    }

    /// Cuts text.
    init(
        _ text: any ByteSource,
        of bytes: InflatedStream,
        formats: [String],
        limits: ReadLimits,
        resume: (offset: Int, line: Int)?
    ) {
        self.bytes = bytes
        let source = TextSource(text)
        self.source = source
        if let resume, source.skip(resume.offset) {
            container = .lines
            self.formats = formats + [Container.lines.rawValue]
            framer = LineFramer(source, limits: limits, offset: resume.offset, line: resume.line)
            sampledTimes = []
            return
        }
        let head = source.peek(ContainerSniffer.window)
        let (container, header) = ContainerSniffer.container(of: head)
        self.container = container
        self.formats = formats + [header?.name ?? container.rawValue]
        sampledTimes = Self.times(in: head, header, limits)
        switch (container, header) {
        case (_, .some(let header)): framer = CSVFramer(source, header: header, limits: limits)
        case (.stream, _): framer = StructuralFramer(source, limits: limits)
        case (.table, _): framer = TableFramer(source, limits: limits)
        default: framer = LineFramer(source, limits: limits)
        }
    }

    /// The times at the beginning of a text: of a few records, or of all rows of values with a header.
    private static func times(in head: ArraySlice<UInt8>, _ header: CSVHeader?, _ limits: ReadLimits) -> [String] {
        guard let header else { return Array(WrittenTimeKeys.values(in: head.prefix(sampleBytes)).prefix(16)) }
        var framer = CSVFramer(TextSource(MemorySource(head)), header: header, limits: limits)
        var chunk = RecordChunk(capacity: 1 << 12)
        var times: [String] = []
        while framer.fill(&chunk) {
            for record in chunk.records {
                times += WrittenTimeKeys.values(in: chunk.bytes[record.start..<record.start + record.count])
            }
        }
        return times
    }

    /// Whether times have their year last, so that an order of day and month has to be found before reading.
    public var hasWrittenDates: Bool {
        sampledTimes.contains { text in
            guard Timestamp.parseRFC3339(text) == nil, let written = WrittenTime.parse(text) else { return false }
            return written.isOpen || written.decided != nil
        }
    }

    /// Says how times are read that their form leaves open; before the first chunk is pulled.
    public func read(_ dates: DateReading) {
        guard var csv = framer as? CSVFramer else { return }
        csv.dates = dates
        framer = csv
    }

    /// Whether times were refused because nobody said their zone.
    public var lacksZone: Bool { (framer as? CSVFramer)?.lacksZone ?? false }

    /// Cuts messages.
    init(_ messages: AvroFramer, of bytes: InflatedStream, formats: [String]) {
        self.bytes = bytes
        source = nil
        sampledTimes = []
        container = .capture
        self.formats = formats + ["Avro of Event Hubs Capture"]
        framer = messages
    }

    /// Fills the chunk with the next records; false at the end of the file.
    public func fill(_ chunk: inout RecordChunk) -> Bool { framer.fill(&chunk) }

    /// How the file ended; meaningful once `fill` has returned false.
    public var ending: FileEnding { (source?.ending ?? bytes.ending).or(framer.ending) }

    /// Bytes of the file itself read so far.
    public var bytesRead: Int { bytes.bytesRead }

    /// Bytes of its text read so far.
    public var bytesInflated: Int { source?.bytesRead ?? bytes.bytesInflated }

    /// SHA-256 of the file's bytes; of all of them once `fill` has returned false.
    public func digest() -> [UInt8] {
        bytes.drain()
        return bytes.digest()
    }

    /// Where a grown file can be taken up again: offset in the text and line; nil for containers that cannot grow.
    public var resumePoint: (offset: Int, line: Int)? {
        (framer as? LineFramer).map { ($0.resumeOffset, $0.resumeLine) }
    }
}
