import CZlib
import Glibc

/// A zip archive in a file, by its central directory (PKWARE's APPNOTE, 4.3 and 4.5.3).
final class ZipArchive: Archive {
    let kind = "zip"
    private let file: SeekableFile?
    private let budget: ArchiveBudget
    private var entries: ArraySlice<Entry>
    private var broken: FileEnding

    /// Longest central directory that is read, in bytes.
    private static let directoryBytes = 64 << 20

    private struct Entry {
        var name: String
        var flags: Int
        var method: Int
        var crc: UInt32
        var compressed: Int
        var size: Int
        var header: Int
    }

    /// Opens an archive and reads its directory; what cannot be opened has no members.
    init(path: String, limits: ReadLimits) {
        let file: SeekableFile
        do throws(InputError) { file = try SeekableFile(path) } catch {
            self.file = nil
            budget = ArchiveBudget(limits, compressed: 0)
            entries = []
            broken = .unreadable(error.reason)
            return
        }
        self.file = file
        budget = ArchiveBudget(limits, compressed: file.size)
        do throws(ZipDamage) {
            entries = try Self.directory(of: file)[...]
            broken = .complete
            if entries.count > ReadLimits.members {
                entries = entries.prefix(ReadLimits.members)
                broken = .limit("the archive has more than \(ReadLimits.members) members")
            }
        } catch {
            entries = []
            broken = error.isCut ? .truncated(error.what) : .corrupt(error.what)
        }
    }

    var ending: FileEnding { broken.or(budget.ending) }

    /// Whether it is one of Office's documents, which are zip archives too.
    var isOfficeDocument: Bool { entries.contains { $0.name == "[Content_Types].xml" } }

    func next() -> ArchiveMember? {
        while budget.ending == .complete, let file, let entry = entries.popFirst() {
            if entry.name.hasSuffix("/") { continue }
            if entry.flags & 1 != 0 { return refuse(entry, "encrypted") }
            guard entry.method == 0 || entry.method == 8 else {
                return refuse(entry, "packed by method \(entry.method)")
            }
            let source = ZipMember(
                file,
                header: entry.header,
                compressed: entry.compressed,
                size: entry.size,
                crc: entry.crc,
                isDeflated: entry.method == 8,
                budget
            )
            return ArchiveMember(name: entry.name, source: source, refused: nil)
        }
        return nil
    }

    private func refuse(_ entry: Entry, _ why: String) -> ArchiveMember {
        ArchiveMember(name: entry.name, source: nil, refused: .member(why))
    }

    /// Finds the end record, behind which a comment of 64 KiB may stand, and reads what it points to.
    private static func directory(of file: SeekableFile) throws(ZipDamage) -> [Entry] {
        let tail = min(file.size, 22 + 65_535)
        guard let bytes = file.bytes(at: file.size - tail, tail), tail >= 22 else {
            throw ZipDamage(what: "the zip archive is cut off", isCut: true)
        }
        var at = tail - 22
        while at >= 0, bytes.little(at, 4) != 0x0605_4B50 { at -= 1 }
        guard at >= 0 else {
            throw ZipDamage(what: "the zip archive is cut off: its table of contents is missing", isCut: true)
        }
        var count = bytes.little(at + 10, 2)
        var length = bytes.little(at + 12, 4)
        var start = bytes.little(at + 16, 4)
        if count == 0xFFFF || length == 0xFFFF_FFFF || start == 0xFFFF_FFFF, at >= 20,
            bytes.little(at - 20, 4) == 0x0706_4B50,
            let record = file.bytes(at: bytes.little(at - 12, 8), 56), record.little(0, 4) == 0x0606_4B50
        {
            count = record.little(32, 8)
            length = record.little(40, 8)
            start = record.little(48, 8)
        }
        guard length <= directoryBytes, let directory = file.bytes(at: start, length) else {
            throw ZipDamage(
                what: "the zip archive is damaged: its table of contents is not where it should be",
                isCut: false
            )
        }
        return try entries(directory, count)
    }

    private static func entries(_ bytes: [UInt8], _ count: Int) throws(ZipDamage) -> [Entry] {
        var entries: [Entry] = []
        var at = 0
        while entries.count < count {
            guard at + 46 <= bytes.count, bytes.little(at, 4) == 0x0201_4B50 else {
                throw ZipDamage(what: "the zip archive's table of contents is damaged", isCut: false)
            }
            let nameEnd = at + 46 + bytes.little(at + 28, 2)
            let extraEnd = nameEnd + bytes.little(at + 30, 2)
            let end = extraEnd + bytes.little(at + 32, 2)
            guard end <= bytes.count else {
                throw ZipDamage(what: "the zip archive's table of contents is damaged", isCut: false)
            }
            var entry = Entry(
                name: String(decoding: bytes[(at + 46)..<nameEnd], as: UTF8.self),
                flags: bytes.little(at + 8, 2),
                method: bytes.little(at + 10, 2),
                crc: UInt32(truncatingIfNeeded: bytes.little(at + 16, 4)),
                compressed: bytes.little(at + 20, 4),
                size: bytes.little(at + 24, 4),
                header: bytes.little(at + 42, 4)
            )
            widen(&entry, bytes, nameEnd, extraEnd)
            entries.append(entry)
            at = end
        }
        return entries
    }

    /// Takes sizes and places beyond 4 GiB from the extra field 1 (ZIP64).
    private static func widen(_ entry: inout Entry, _ bytes: [UInt8], _ start: Int, _ end: Int) {
        var at = start
        while at + 4 <= end {
            let length = bytes.little(at + 2, 2)
            guard at + 4 + length <= end else { return }
            if bytes.little(at, 2) == 1 {
                var field = at + 4
                func next() -> Int? {
                    guard field + 8 <= at + 4 + length else { return nil }
                    defer { field += 8 }
                    return bytes.little(field, 8)
                }
                if entry.size == 0xFFFF_FFFF { entry.size = next() ?? entry.size }
                if entry.compressed == 0xFFFF_FFFF { entry.compressed = next() ?? entry.compressed }
                if entry.header == 0xFFFF_FFFF { entry.header = next() ?? entry.header }
            }
            at += 4 + length
        }
    }
}

/// Why a zip archive has no directory.
private struct ZipDamage: Error {
    var what: String
    var isCut: Bool
}

/// A file that is read at any place.
final class SeekableFile {
    private let descriptor: Int32
    let size: Int

    init(_ path: String) throws(InputError) {
        let opened = PathText.withBytes(path) { open($0, O_RDONLY | O_CLOEXEC) }
        guard opened >= 0 else { throw InputError(path: path, reason: InputError.systemReason()) }
        var status = stat()
        guard fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(opened)
            throw InputError(path: path, reason: "not a file")
        }
        descriptor = opened
        size = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// Reads up to the buffer's size from a place; 0 at the file's end, and when the operating system refuses.
    func read(at place: Int, into buffer: UnsafeMutableRawBufferPointer) -> Int {
        while true {
            let got = pread(descriptor, buffer.baseAddress, buffer.count, place)
            if got >= 0 { return got }
            if errno != EINTR { return 0 }
        }
    }

    /// Exactly a number of bytes from a place; nil if there are fewer.
    func bytes(at place: Int, _ count: Int) -> [UInt8]? {
        guard place >= 0, count >= 0, place <= size, count <= size - place else { return nil }
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let got = bytes.withUnsafeMutableBytes {
                read(at: place + filled, into: UnsafeMutableRawBufferPointer(rebasing: $0[filled...]))
            }
            if got == 0 { return nil }
            filled += got
        }
        return bytes
    }
}

/// The bytes of a zip member, unpacked and checked against their sum.
private final class ZipMember: ByteSource {
    private let file: SeekableFile
    private let budget: ArchiveBudget
    private let size: Int
    private let crc: UInt32
    private let inflater: GzipInflater?
    private var place = 0
    private var rest: Int
    private var input = [UInt8](repeating: 0, count: 1 << 16)
    private var start = 0
    private var end = 0
    private var produced = 0
    private var sum = crc32(0, nil, 0)
    private var isDone = false
    private(set) var ending = FileEnding.complete

    init(
        _ file: SeekableFile,
        header: Int,
        compressed: Int,
        size: Int,
        crc: UInt32,
        isDeflated: Bool,
        _ budget: ArchiveBudget
    ) {
        self.file = file
        self.budget = budget
        self.size = size
        self.crc = crc
        rest = compressed
        inflater = isDeflated ? GzipInflater(.bare) : nil
        // The local header repeats name and extra field, at lengths of its own.
        if let local = file.bytes(at: header, 30), local.little(0, 4) == 0x0403_4B50 {
            place = header + 30 + local.little(26, 2) + local.little(28, 2)
        } else {
            stop(.corrupt("the zip archive is damaged: this member is not where it should be"))
        }
    }

    private func stop(_ ending: FileEnding) {
        self.ending = self.ending.or(ending)
        isDone = true
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        while !isDone {
            if start == end, rest > 0, !refill() { break }
            let got = inflater.map { inflate($0, into: buffer) } ?? copy(into: buffer)
            if got > 0 {
                produced += got
                sum = crc32(sum, buffer.bindMemory(to: UInt8.self).baseAddress, UInt32(got))
                if !budget.take(got) { stop(budget.ending) }
                return got
            }
        }
        return 0
    }

    private func refill() -> Bool {
        start = 0
        end = input.withUnsafeMutableBytes {
            file.read(at: place, into: UnsafeMutableRawBufferPointer(rebasing: $0[..<min(rest, $0.count)]))
        }
        place += end
        rest -= end
        if end == 0 { stop(.truncated("the zip archive ends inside of this member")) }
        return end > 0
    }

    private func copy(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        if start == end {
            check()
            return 0
        }
        let count = min(buffer.count, end - start)
        input.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[start..<start + count])) }
        start += count
        return count
    }

    private func inflate(_ inflater: GzipInflater, into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let step = input.withUnsafeBytes {
            inflater.step(UnsafeRawBufferPointer(rebasing: $0[start..<end]), into: buffer)
        }
        switch step {
        case .progress(let consumed, let produced):
            start += consumed
            if produced == 0, consumed == 0, start == end, rest == 0 {
                stop(.truncated("the zip archive's member ends inside of its data"))
            }
            return produced
        case .memberEnd(_, let produced):
            // What stands behind the data's end belongs to nobody; asked again, zlib says once more that it is over.
            start = end
            rest = 0
            if produced == 0 { check() }
            return produced
        case .damaged(let produced, let why):
            ending = .corrupt("the zip archive's member is damaged (\(why))")
            isDone = true
            return produced
        }
    }

    private func check() {
        if produced != size || sum & 0xFFFF_FFFF != UInt(crc) {
            stop(.corrupt("the zip archive's member does not match its checksum"))
        }
        isDone = true
    }
}

extension [UInt8] {
    /// A number of `count` bytes, the least first; out of bounds and beyond 62 bits it is one that fits nothing.
    func little(_ at: Int, _ count: Int) -> Int {
        guard at >= 0, at + count <= self.count else { return Int.max >> 1 }
        var value: UInt64 = 0
        for index in (0..<count).reversed() { value = value << 8 | UInt64(self[at + index]) }
        return value < 1 << 62 ? Int(value) : Int.max >> 1
    }
}
