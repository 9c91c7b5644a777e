import AzureLogs
import Glibc
import LogIngest

/// A look at the beginning of a file, without storing anything.
public enum FirstTimestamp {
    /// The latest time among a file's first records, in microseconds since 1970.
    ///
    /// Of files of an hour each it tells the hour; it is good for a guess, not for a decision.
    ///
    /// - Returns: nil for standard input and pipes, and for files that cannot be read or begin with no event.
    public static func latestTime(of path: String, options: IngestOptions = IngestOptions()) -> Int64? {
        batch(of: path, options)?.rows.map(\.time).max()
    }

    /// The DPS instances and hubs that a file's first records are about; empty where none can be told.
    public static func instances(of path: String, options: IngestOptions = IngestOptions()) -> Set<String> {
        Set((batch(of: path, options)?.contexts ?? []).map(\.context.instance).filter { !$0.isEmpty })
    }

    private static func batch(of path: String, _ options: IngestOptions) -> RowBatch? {
        // What is read of anything but a file is gone.
        guard path != "-", let status = InputFiles.status(path), status.st_mode & S_IFMT == S_IFREG else { return nil }
        guard let file = try? FramedFile(path: path, limits: options.limits) else { return nil }
        var chunk = RecordChunk(capacity: 1 << 16)
        _ = file.fill(&chunk)
        var builder = RowBuilder(keepsRaw: false, KnownTexts())
        var batch = RowBatch()
        for record in chunk.records { builder.add(record, of: chunk.bytes, to: &batch) }
        return batch
    }
}
