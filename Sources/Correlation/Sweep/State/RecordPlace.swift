import AzureLogs

/// A record by its file and line.
struct RecordPlace: BitwiseCopyable, Sendable, Equatable {
    @Compact32 var file: Int
    var line: Int

    static func == (a: RecordPlace, b: RecordPlace) -> Bool { a.file == b.file && a.line == b.line }
}
