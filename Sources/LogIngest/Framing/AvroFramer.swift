import AzureLogs

/// Cuts a file of Event Hubs Capture: an Avro object container whose records hold messages in `Body`.
///
/// A message is what was sent to the Event Hub, for logs an envelope of records. The line of a record is the number of
/// its message, from 1.
final class AvroFramer: RecordFramer {
    private let source: any ByteSource
    private let limits: ReadLimits
    private let fields: [(name: String, type: AvroSchema)]
    private let names: [String: AvroSchema]
    private let isDeflated: Bool
    private let sync: [UInt8]
    private var message = 0
    private var offset: Int
    private var inflated = 0
    private var isDone = false
    private var cursor: AvroCursor?
    private var left = 0
    private(set) var ending = FileEnding.complete

    /// Bytes of a block that is read, packed and unpacked.
    private static let blockBytes = 256 << 20

    private init(
        _ source: any ByteSource,
        _ limits: ReadLimits,
        _ fields: [(name: String, type: AvroSchema)],
        _ names: [String: AvroSchema],
        isDeflated: Bool,
        sync: [UInt8],
        offset: Int
    ) {
        self.source = source
        self.limits = limits
        self.fields = fields
        self.names = names
        self.isDeflated = isDeflated
        self.sync = sync
        self.offset = offset
    }

    /// Reads the header of a container.
    ///
    /// - Returns: a framer, or why the file is not one of Event Hubs Capture.
    static func open(_ source: any ByteSource, _ limits: ReadLimits) -> Result<AvroFramer, AvroRefusal> {
        func refuse(_ why: String) -> Result<AvroFramer, AvroRefusal> { .failure(AvroRefusal(why: why)) }
        let input = AvroInput(source)
        guard input.source.bytes(4) != nil, let header = input.header(), let sync = input.take(16) else {
            return refuse("its header is cut off")
        }
        let codec = header["avro.codec"].map { String(decoding: $0, as: UTF8.self) } ?? "null"
        guard codec == "null" || codec == "deflate" else { return refuse("packed by \(codec.prefix(20))") }
        var names: [String: AvroSchema] = [:]
        guard let text = header["avro.schema"], let tree = JSONTree.parse(text),
            case .record(let fields) = AvroSchema.read(tree, &names)
        else { return refuse("its schema cannot be read") }
        guard fields.contains(where: { $0.name.lowercased() == "body" }) else { return refuse("no member Body") }
        return .success(
            AvroFramer(
                source,
                limits,
                fields,
                names,
                isDeflated: codec == "deflate",
                sync: sync,
                offset: input.count + 4
            )
        )
    }

    func fill(_ chunk: inout RecordChunk) -> Bool {
        chunk.clear()
        while chunk.count < 1 << 17, chunk.rejects.count < 4096 {
            if left == 0, !nextBlock(&chunk) { break }
            if left > 0 { next(&chunk) }
        }
        return !(chunk.records.isEmpty && chunk.rejects.isEmpty)
    }

    private func stop(_ ending: FileEnding) -> Bool {
        self.ending = ending
        isDone = true
        return false
    }

    private func nextBlock(_ chunk: inout RecordChunk) -> Bool {
        if isDone { return false }
        let input = AvroInput(source)
        guard let count = input.long() else {
            return stop(input.count == 0 ? .complete : .truncated("the Avro data ends inside of a block"))
        }
        guard let size = input.long(), count >= 0, size >= 0, size <= Self.blockBytes else {
            return stop(.corrupt("the Avro data is damaged: a block has an impossible size"))
        }
        guard let packed = input.take(size), let mark = input.take(16) else {
            return stop(.truncated("the Avro data ends inside of a block"))
        }
        guard mark == sync else {
            return stop(.corrupt("the Avro data is damaged: a block does not end where it says"))
        }
        offset += input.count
        guard let block = isDeflated ? unpack(packed) : packed else { return false }
        cursor = AvroCursor(block, names)
        left = count
        return true
    }

    private func unpack(_ packed: [UInt8]) -> [UInt8]? {
        let inflater = GzipInflater(.bare)
        var out: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 1 << 16)
        var at = 0
        while true {
            let step = packed.withUnsafeBytes { input in
                room.withUnsafeMutableBytes {
                    inflater.step(UnsafeRawBufferPointer(rebasing: input[at...]), into: $0)
                }
            }
            switch step {
            case .progress(let consumed, let produced):
                at += consumed
                out += room[..<produced]
                if consumed == 0, produced == 0 {
                    _ = stop(.corrupt("the Avro data is damaged: a block ends inside of its data"))
                    return nil
                }
            case .memberEnd(_, let produced): return out + room[..<produced]
            case .damaged(_, let why):
                _ = stop(.corrupt("the Avro data is damaged (\(why))"))
                return nil
            }
            inflated += room.count
            if out.count > Self.blockBytes || inflated > limits.inflatedBytes {
                _ = stop(limits.inflatedEnding)
                return nil
            }
        }
    }

    /// Takes the next message of the block.
    private func next(_ chunk: inout RecordChunk) {
        guard var cursor else { return }
        left -= 1
        message += 1
        let start = cursor.at
        var body: Range<Int>?
        for field in fields {
            let isRead =
                field.name.lowercased() == "body"
                ? cursor.content(field.type, into: &body) : cursor.skip(field.type)
            if !isRead {
                left = 0
                _ = stop(.corrupt("the Avro data is damaged: message \(message) does not follow the schema"))
                return
            }
        }
        if cursor.at == start {
            left = 0
            _ = stop(.corrupt("the Avro data is damaged: its messages have no bytes"))
        }
        self.cursor = cursor
        guard let body else { return }
        var text = cursor.bytes[body]
        if text.starts(with: [0xEF, 0xBB, 0xBF]) { text = text.dropFirst(3) }
        while let first = text.first, ByteScan.isSpace(first) { text.removeFirst() }
        while let last = text.last, ByteScan.isSpace(last) { text.removeLast() }
        if text.isEmpty { return }
        if text.count > limits.recordBytes {
            let detail = "the message is longer than \(limits.recordBytes) bytes; raise --max-record-bytes to read it"
            chunk.rejects.append(
                FramingReject(reason: .tooLong, detail: detail, line: message, offset: offset + start, text: text)
            )
        } else {
            chunk.append(text, line: message, offset: offset + start)
        }
    }
}

/// Why an Avro file is not read.
struct AvroRefusal: Error {
    var why: String
}

/// Numbers and runs of an Avro container outside of its blocks.
private final class AvroInput {
    let source: any ByteSource
    private(set) var count = 0

    init(_ source: any ByteSource) { self.source = source }

    func take(_ length: Int) -> [UInt8]? {
        // In pieces: a length that a damaged file claims must not be made room for at once.
        var bytes: [UInt8] = []
        while bytes.count < length {
            guard let more = source.bytes(min(length - bytes.count, 1 << 20)) else { return nil }
            bytes += more
        }
        count += length
        return bytes
    }

    func long() -> Int? {
        var group: [UInt8] = []
        while group.count < 10 {
            guard let byte = take(1)?.first else { return nil }
            group.append(byte)
            if byte & 0x80 == 0 { break }
        }
        var cursor = AvroCursor(group, [:])
        return cursor.long()
    }

    /// The header's map of bytes.
    func header() -> [String: [UInt8]]? {
        var members: [String: [UInt8]] = [:]
        while true {
            guard var items = long(), items > Int.min else { return nil }
            if items == 0 { return members }
            if items < 0 {
                guard long() != nil else { return nil }
                items = -items
            }
            guard items < 1000 else { return nil }
            for _ in 0..<items {
                guard let keyLength = long(), (0...1000).contains(keyLength), let key = take(keyLength) else {
                    return nil
                }
                guard let length = long(), (0...(1 << 20)).contains(length), let value = take(length) else {
                    return nil
                }
                members[String(decoding: key, as: UTF8.self)] = value
            }
        }
    }
}
