/// How the reading of a file's bytes ended.
public enum FileEnding: Sendable, Hashable {
    /// The whole file was read.
    case complete
    /// A gzip member stops before its end; everything before the break was used.
    case truncated
    /// The gzip data is damaged, or something else follows it; everything before the break was used.
    case corrupt(String)
    /// A limit of `ReadLimits` was passed; everything before it was used.
    case limit(String)
    /// The operating system refused to read on.
    case unreadable(String)

    /// The word that the ledger keeps.
    public var state: String {
        switch self {
        case .complete: "complete"
        case .truncated: "truncated"
        case .corrupt: "corrupt"
        case .limit: "limit"
        case .unreadable: "unreadable"
        }
    }

    /// What a person is told, empty for a complete file.
    public var note: String {
        switch self {
        case .complete: ""
        case .truncated: "the gzip data ends in the middle; what came before was used"
        case .corrupt(let why): "the gzip data is damaged (\(why)); what came before was used"
        case .limit(let why): why
        case .unreadable(let why): why
        }
    }
}
