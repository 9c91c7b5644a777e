/// One file being cut into records: the container is told from the content, then pulled chunk by chunk.
///
/// Not `Sendable`: one task owns it.
public final class FramedFile {
    /// The container that was told.
    public let container: Container
    /// The bytes below, for their count, digest and ending.
    public let stream: InflatedStream

    private var framer: any RecordFramer

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - path: the file; `-` is standard input.
    ///   - limits: when to give up.
    ///   - resume: where to go on in a file of lines of which the beginning is known, in inflated bytes.
    /// - Throws: `InputError` if it cannot be opened.
    public init(path: String, limits: ReadLimits, resume: (offset: Int, line: Int)? = nil) throws(InputError) {
        stream = try InflatedStream(path: path, limits: limits)
        let source = TextSource(stream)
        if let resume, source.skip(resume.offset) {
            container = .lines
            framer = LineFramer(source, limits: limits, offset: resume.offset, line: resume.line)
            return
        }
        container = ContainerSniffer.container(of: source.peek(ContainerSniffer.window))
        framer =
            switch container {
            case .lines: LineFramer(source, limits: limits)
            case .stream: StructuralFramer(source, limits: limits)
            case .table: TableFramer(source, limits: limits)
            case .csv: CSVFramer(source, limits: limits)
            }
    }

    /// Fills the chunk with the next records; false at the end of the file.
    public func fill(_ chunk: inout RecordChunk) -> Bool { framer.fill(&chunk) }

    /// Where a grown file can be taken up again: inflated offset and line; nil for containers that cannot grow.
    public var resumePoint: (offset: Int, line: Int)? {
        (framer as? LineFramer).map { ($0.resumeOffset, $0.resumeLine) }
    }
}
