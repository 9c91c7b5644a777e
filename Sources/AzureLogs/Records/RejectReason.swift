/// Why a record or file could not be read.
public enum RejectReason: String, Sendable, CaseIterable {
    /// The text is not JSON.
    case notJSON = "not-json"
    /// The text is not CSV as its header promises.
    case notCSV = "not-csv"
    /// The record stops before its end.
    case truncatedRecord = "truncated-record"
    /// The bytes are not UTF-8.
    case invalidUTF8 = "invalid-utf8"
    /// Containers are nested more than 64 deep.
    case tooDeep = "too-deep"
    /// The record is longer than the limit.
    case tooLong = "too-long"
    /// `properties` is neither an object nor the text of one.
    case propertiesNotJSON = "properties-not-json"
    /// Well-formed JSON, but neither a log record nor an export that is known.
    case notALogRecord = "not-a-log-record"
    /// The record has no time.
    case noTime = "no-time"
    /// The time cannot be read, or lies outside of 1970 to 9999.
    case badTime = "bad-time"
    /// The date may have its day first or its month, and nothing decides.
    case ambiguousDate = "ambiguous-date"
    /// The time is on a clock whose zone nobody said.
    case localTime = "local-time"
    /// The file's gzip data ends in the middle.
    case truncatedFile = "truncated-file"
    /// The file's gzip data is damaged.
    case corruptFile = "corrupt-file"
    /// The file passed a limit.
    case fileLimit = "file-limit"
    /// The file is of a format that is not read, and may hold logs.
    case unsupportedFormat = "unsupported-format"
    /// The file is of a format that holds no logs: a picture, a program.
    case notALogFormat = "not-a-log-format"
    /// The file could not be read.
    case unreadableFile = "unreadable-file"
}
