/// A part of the reader's text; `count` 0 means that the value was not logged.
public struct Slice: BitwiseCopyable, Sendable, Hashable {
    /// First byte.
    public var offset: Int32 = 0
    /// Length in bytes.
    public var count: Int32 = 0

    /// A part of a text; empty unless said otherwise.
    public init(offset: Int32 = 0, count: Int32 = 0) {
        self.offset = offset
        self.count = count
    }

    /// Whether nothing was logged.
    public var isEmpty: Bool { count == 0 }
}

/// What ties records of one operation together.
public enum Correlation: BitwiseCopyable, Sendable, Hashable {
    /// No correlation id was logged.
    case none
    /// A GUID, as its two halves of eight bytes.
    case guid(UInt64, UInt64)
    /// Any other text.
    case text(Slice)
}

/// One log record, read but not yet interned: numbers, and places in the reader's text.
public struct EventDraft: BitwiseCopyable, Sendable {
    /// 100 ns ticks since 1970-01-01T00:00:00Z.
    public var ticks: Int64 = 0
    /// Milliseconds that the operation took, as far as logged.
    public var duration: Int64?
    /// The correlation id.
    public var correlation = Correlation.none
    /// Order-free sum over the members that are not known.
    public var unknownSum: UInt64 = 0
    /// The registration, enrollment or device id.
    public var identity = Slice()
    /// The device id that DPS logged for a registration, if it differs from the registration id.
    public var target = Slice()
    /// The masked address.
    public var network = Slice()
    /// The SDK and its version.
    public var agent = Slice()
    /// The shape of the record, by which what follows from its shared texts can be remembered; -1 if it has none.
    public var shape = -1
    /// Whether the slices refer to the text that was read, and not to the reader's own; the shared texts are not there then.
    public var isInSource = false

    /// Whether the record can be told from any other: it has a correlation id or a time finer than a second.
    public var hasOwnIdentity: Bool { correlation != .none || ticks % Timestamp.ticksPerSecond != 0 }
}

/// What a text turned out to be.
public enum Reading: Sendable {
    /// A log record; the reader's draft holds it.
    case event
    /// A registration record or enrollment of an export.
    ///
    /// Apart from the others, of which there are millions: in its place it would make each of them as large.
    indirect case snapshot(DPSExport)
    /// A record of a kind that is known and not used, under the name that it is counted by.
    case ignored(String)
    /// The texts of records that something wrapped on their way.
    indirect case wrapped([[UInt8]])
    /// More than one record in one text: the splitter has to take it apart.
    case several
    /// None of what is known.
    case rejected(RejectReason, detail: String)
}
