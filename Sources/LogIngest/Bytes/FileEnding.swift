/// How the reading of a file's bytes ended.
public enum FileEnding: Sendable, Hashable {
    /// The whole file was read.
    case complete
    /// The file stops before its end; everything before the break was used.
    case truncated(String)
    /// The file is damaged, or something else follows it; everything before the break was used.
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
        case .truncated(let what): "\(what); what came before was used"
        case .corrupt(let what): "\(what); what came before was used"
        case .limit(let why): why
        case .unreadable(let why): why
        }
    }

    /// This ending, or the other one where this one is complete.
    func or(_ other: FileEnding) -> FileEnding { self == .complete ? other : self }
}
