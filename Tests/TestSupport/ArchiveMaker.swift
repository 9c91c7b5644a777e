import FleetSimulator

/// Archives for tests, made byte by byte.
public enum ArchiveMaker {
    /// A tar archive of files, as POSIX describes it; names beyond 100 bytes go into pax records.
    public static func tar(_ members: [(name: String, content: [UInt8])], isClosed: Bool = true) -> [UInt8] {
        var out: [UInt8] = []
        for (name, content) in members {
            if name.utf8.count > 100 {
                let body = " path=\(name)\n"
                var length = body.utf8.count
                while "\(length)".utf8.count + body.utf8.count != length {
                    length = "\(length)".utf8.count + body.utf8.count
                }
                out += block("pax", Array("\(length)\(body)".utf8), type: "x")
            }
            out += block(String(name.prefix(100)), content, type: "0")
        }
        return out + (isClosed ? [UInt8](repeating: 0, count: 1024) : [])
    }

    private static func block(_ name: String, _ content: [UInt8], type: Character) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, _ at: Int) { header.replaceSubrange(at..<at + text.utf8.count, with: text.utf8) }
        func octal(_ number: Int, _ width: Int) -> String {
            let digits = String(number, radix: 8)
            return String(repeating: "0", count: width - digits.utf8.count) + digits
        }
        put(name, 0)
        put("0000644", 100)
        put(octal(content.count, 11), 124)
        put("00000000000", 136)
        put("        ", 148)
        put(String(type), 156)
        put("ustar\u{0}00", 257)
        put(octal(header.reduce(0) { $0 + Int($1) }, 6), 148)
        header[154] = 0
        let padding = (512 - content.count % 512) % 512
        return header + content + [UInt8](repeating: 0, count: padding)
    }

    /// A zip archive of members that are stored; the flag and method of the first can be set to what is not read.
    public static func zip(
        _ members: [(name: String, content: [UInt8])],
        flags: Int = 0,
        method: Int = 0,
        checksumOff: UInt32 = 0
    ) -> [UInt8] {
        var out: [UInt8] = []
        var directory: [UInt8] = []
        for (name, content) in members {
            let sum = little(Int(crc(content) &+ checksumOff), 4)
            let sizes = little(content.count, 4) + little(content.count, 4)
            let start = out.count
            out +=
                [0x50, 0x4B, 3, 4] + little(20, 2) + little(flags, 2) + little(method, 2) + little(0, 4) + sum + sizes
            out += little(name.utf8.count, 2) + little(0, 2) + Array(name.utf8) + content
            directory += [0x50, 0x4B, 1, 2] + little(20, 2) + little(20, 2) + little(flags, 2) + little(method, 2)
            directory += little(0, 4) + sum + sizes + little(name.utf8.count, 2) + little(0, 12) + little(start, 4)
            directory += Array(name.utf8)
        }
        let end = [0x50, 0x4B, 5, 6] + little(0, 4) + little(members.count, 2) + little(members.count, 2)
        return out + directory + end + little(directory.count, 4) + little(out.count, 4) + little(0, 2)
    }

    /// An Avro object container as Event Hubs Capture writes it, with a message a record; nil for an empty body.
    public static func capture(
        _ bodies: [[UInt8]?],
        codec: String? = "null",
        body: String = "Body",
        blocks: Int = 1
    ) -> [UInt8] {
        let schema =
            #"{"type":"record","name":"EventData","namespace":"Microsoft.ServiceBus.Messaging","fields":[{"name":"SequenceNumber","type":"long"},{"name":"Offset","type":"string"},{"name":"SystemProperties","type":{"type":"map","values":["long","double","string","bytes"]}},{"name":"\#(body)","type":["null","bytes"]}]}"#
        var header = [("avro.schema", schema)]
        if let codec { header.append(("avro.codec", codec)) }
        let sync = [UInt8](0..<16)
        var out: [UInt8] = Array("Obj".utf8) + [1] + long(header.count)
        for (key, value) in header { out += run(Array(key.utf8)) + run(Array(value.utf8)) }
        out += [0] + sync
        let size = max(1, (bodies.count + blocks - 1) / blocks)
        for start in stride(from: 0, to: bodies.count, by: size) {
            let part = bodies[start..<min(start + size, bodies.count)]
            var block: [UInt8] = []
            for (index, content) in part.enumerated() {
                block += long(start + index) + run(Array("\(index)".utf8))
                block += long(1) + run(Array("x-opt".utf8)) + long(2) + run(Array("v".utf8)) + [0]
                block += content.map { long(1) + run($0) } ?? long(0)
            }
            if codec == "deflate" { block = stored(block) }
            out += long(part.count) + long(block.count) + block + sync
        }
        return out
    }

    /// Deflate data (RFC 1951) of blocks that are stored as they are.
    private static func stored(_ content: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        var at = 0
        repeat {
            let end = min(at + 65_535, content.count)
            out += [end == content.count ? 1 : 0] + little(end - at, 2) + little(~(end - at) & 0xFFFF, 2)
            out += content[at..<end]
            at = end
        } while at < content.count
        return out
    }

    private static func run(_ bytes: [UInt8]) -> [UInt8] { long(bytes.count) + bytes }

    private static func long(_ number: Int) -> [UInt8] {
        var rest = UInt64(bitPattern: Int64(number << 1 ^ number >> 63))
        var out: [UInt8] = []
        while rest >= 0x80 {
            out.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return out + [UInt8(rest)]
    }

    private static func little(_ number: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }

    private static func crc(_ bytes: [UInt8]) -> UInt32 {
        var sum: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
        return ~sum
    }

    /// Text in units of two or four bytes.
    public static func wide(_ text: String, width: Int, isLittle: Bool, mark: Bool) -> [UInt8] {
        let units = width == 2 ? text.utf16.map { UInt32($0) } : text.unicodeScalars.map(\.value)
        return ((mark ? [0xFEFF] : []) + units).flatMap { unit in
            let bytes = (0..<width).map { UInt8(truncatingIfNeeded: unit >> ($0 * 8)) }
            return isLittle ? bytes : bytes.reversed()
        }
    }
}
