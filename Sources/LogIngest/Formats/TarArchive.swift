/// The header of a tar member (POSIX.1-2017, pax, "ustar Interchange Format").
struct TarHeader {
    static let blockBytes = 512

    var name: String
    var size: Int
    /// `0` or NUL a file, `5` a folder, `x` and `g` pax records, `L` GNU's long name.
    var type: UInt8

    /// Reads a header block; nil if it is none.
    ///
    /// The checksum decides: old archives have no magic number.
    init?(_ block: [UInt8]) {
        guard block.count >= Self.blockBytes, block[0] != 0 else { return nil }
        guard let sum = Self.octal(block[148..<156]) else { return nil }
        var found = 0
        for index in 0..<Self.blockBytes { found += (148..<156).contains(index) ? 0x20 : Int(block[index]) }
        guard found == sum, let size = Self.number(block[124..<136]) else { return nil }
        self.size = size
        type = block[156]
        let prefix = block[257..<262].elementsEqual("ustar".utf8) && block[262] == 0 ? Self.text(block[345..<500]) : ""
        let short = Self.text(block[0..<100])
        name = prefix.isEmpty ? short : prefix + "/" + short
    }

    static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }

    /// Octal digits with spaces or NULs around them.
    private static func octal(_ field: ArraySlice<UInt8>) -> Int? {
        let digits = field.drop { $0 == 0x20 }.prefix { $0 != 0 && $0 != 0x20 }
        return digits.isEmpty ? 0 : Int(String(decoding: digits, as: UTF8.self), radix: 8)
    }

    /// A size: octal, or with the first bit set GNU's binary form.
    private static func number(_ field: ArraySlice<UInt8>) -> Int? {
        guard let first = field.first, first & 0x80 != 0 else { return octal(field).flatMap { $0 >= 0 ? $0 : nil } }
        var value = 0
        for (index, byte) in field.enumerated() {
            guard value < 1 << 48 else { return nil }
            value = value << 8 | Int(index == 0 ? byte & 0x7F : byte)
        }
        return value
    }
}

/// A tar archive out of a stream.
final class TarArchive: Archive {
    let kind = "tar"
    private let source: any ByteSource
    private var member: TarMember?
    private var broken = FileEnding.complete
    private var members = 0
    private var hasEnded = false
    /// Longest name and pax record that is followed, in bytes.
    private static let extraBytes = 1 << 20

    init(_ source: any ByteSource) { self.source = source }

    var ending: FileEnding { source.ending.or(broken) }

    func next() -> ArchiveMember? {
        if let member, !member.finish() { return stop(.truncated("the tar archive ends inside of a member")) }
        member = nil
        var longName: String?
        while let block = source.bytes(TarHeader.blockBytes) {
            if block.allSatisfy({ $0 == 0 }) {
                // Blocks of zeros end an archive; another one may stand behind them.
                hasEnded = true
                continue
            }
            hasEnded = false
            guard let header = TarHeader(block) else {
                return stop(.corrupt("the tar archive is damaged: a header was expected"))
            }
            switch header.type {
            case 0x4C, 0x78:
                guard header.size <= Self.extraBytes, let text = extra(header.size) else {
                    return stop(.truncated("the tar archive ends inside of a name"))
                }
                if header.type == 0x4C {
                    longName = TarHeader.text(text[...])
                } else {
                    longName = Self.path(text) ?? longName
                }
            case 0, 0x30, 0x37:
                members += 1
                if members > ReadLimits.members {
                    return stop(.limit("the archive has more than \(ReadLimits.members) members"))
                }
                let open = TarMember(source, header.size)
                member = open
                return ArchiveMember(name: longName ?? header.name, source: open, refused: nil)
            default:
                // Folders, links and what else has no bytes of its own, or none that are logs.
                longName = nil
                guard source.skip(TarMember.padded(header.size)) else {
                    return stop(.truncated("the tar archive ends inside of a member"))
                }
            }
        }
        return hasEnded ? nil : stop(.truncated("the tar archive has no end"))
    }

    private func stop(_ ending: FileEnding) -> ArchiveMember? {
        broken = broken.or(ending)
        return nil
    }

    private func extra(_ size: Int) -> [UInt8]? {
        source.bytes(TarMember.padded(size)).map { Array($0[..<size]) }
    }

    /// The member's name in pax records, `length path=NAME\n`.
    private static func path(_ records: [UInt8]) -> String? {
        var at = 0
        while at < records.count, let space = records[at...].firstIndex(of: 0x20) {
            guard let length = Int(String(decoding: records[at..<space], as: UTF8.self)), length > 0 else { return nil }
            guard at + length <= records.count, space + 1 < at + length else { return nil }
            let record = records[(space + 1)..<(at + length - 1)]
            if record.starts(with: Array("path=".utf8)) { return String(decoding: record.dropFirst(5), as: UTF8.self) }
            at += length
        }
        return nil
    }
}

/// The bytes of a tar member.
private final class TarMember: ByteSource {
    private let source: any ByteSource
    private let size: Int
    private var rest: Int
    private var isCut = false

    init(_ source: any ByteSource, _ size: Int) {
        self.source = source
        self.size = size
        rest = size
    }

    /// The bytes that a member takes in the archive.
    static func padded(_ size: Int) -> Int { (size + TarHeader.blockBytes - 1) & ~(TarHeader.blockBytes - 1) }

    var ending: FileEnding {
        source.ending.or(isCut ? .truncated("the tar archive ends inside of this member") : .complete)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        if rest == 0 { return 0 }
        let got = source.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(rest, buffer.count)]))
        rest -= got
        if got == 0 {
            isCut = true
            rest = 0
        }
        return got
    }

    /// Reads over what was left of the member; false if the archive ends inside of it.
    func finish() -> Bool {
        if isCut { return false }
        let padding = Self.padded(size) - size
        defer { rest = 0 }
        return source.skip(rest + padding)
    }
}
