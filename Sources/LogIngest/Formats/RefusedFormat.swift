/// A format that is known by its first bytes and not read, with what helps.
public struct RefusedFormat: Sendable, Hashable {
    /// What people call it.
    public let name: String
    /// What to do.
    public let help: String
    /// Whether such a file can hold logs; a picture cannot, so that nothing is missing where one stands.
    public let mayHoldLogs: Bool
    /// Whether it is open what devices did while logs of such a file were written.
    ///
    /// A page or a paper may quote logs; it is not where a service writes them.
    public let leavesTimesOpen: Bool

    /// One line: what it is and what to do.
    public var detail: String { "this is \(name), which is not read; \(help)" }

    init(_ name: String, _ help: String, mayHoldLogs: Bool = true, leavesTimesOpen: Bool? = nil) {
        self.name = name
        self.help = help
        self.mayHoldLogs = mayHoldLogs
        self.leavesTimesOpen = leavesTimesOpen ?? mayHoldLogs
    }

    private static func unpack(_ name: String, _ command: String) -> RefusedFormat {
        RefusedFormat(name, "unpack it first: \(command)")
    }

    private static func nothing(_ name: String) -> RefusedFormat {
        RefusedFormat(name, "it holds no logs", mayHoldLogs: false)
    }

    /// Magic numbers: where they stand, and what they say.
    private static let magics: [(offset: Int, bytes: [UInt8], format: RefusedFormat)] = [
        (0, Array("BZh".utf8), unpack("bzip2 data", "bunzip2 -k FILE")),
        (0, [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], unpack("xz data", "xz -dk FILE")),
        (0, [0x28, 0xB5, 0x2F, 0xFD], unpack("zstd data", "zstd -d FILE")),
        (0, [0x04, 0x22, 0x4D, 0x18], unpack("lz4 data", "lz4 -d FILE")),
        (0, [0xFF, 0x06, 0x00, 0x00, 0x73, 0x4E, 0x61, 0x50, 0x70, 0x59], unpack("snappy data", "snzip -d FILE")),
        (0, Array("LZIP".utf8), unpack("lzip data", "lzip -dk FILE")),
        (0, [0x1F, 0x9D], unpack("compress data", "uncompress -k FILE")),
        (0, [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], unpack("a 7-Zip archive", "7z x FILE")),
        (0, Array("Rar!\u{1A}\u{07}".utf8), unpack("a RAR archive", "unrar x FILE")),
        (0, Array("!<arch>\n".utf8), unpack("an ar archive", "ar x FILE")),
        (0, Array("PAR1".utf8), RefusedFormat("Parquet", parquet)),
        (0, Array("ORC".utf8), RefusedFormat("ORC", parquet)),
        (0, Array("ARROW1\0\0".utf8), RefusedFormat("Apache Arrow", parquet)),
        (0, Array("SQLite format 3\0".utf8), RefusedFormat("a SQLite database", sqlite)),
        (0, [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], RefusedFormat("an old Office document", office)),
        (0, Array("ElfFile\0".utf8), RefusedFormat("a Windows event log", "Azure's logs are not in it")),
        (0, Array("%PDF-".utf8), paper),
        (0, Array("{\\rtf".utf8), RefusedFormat("rich text", "save it as plain text")),
        (0, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], nothing("a PNG picture")),
        (0, [0xFF, 0xD8, 0xFF], nothing("a JPEG picture")),
        (0, Array("GIF8".utf8), nothing("a GIF picture")),
        (8, Array("WEBP".utf8), nothing("a WebP picture")),
        (8, Array("WAVE".utf8), nothing("a sound")),
        (4, Array("ftyp".utf8), nothing("a film")),
        (0, [0x00, 0x00, 0x01, 0x00], nothing("an icon")),
        (0, [0x7F, 0x45, 0x4C, 0x46], nothing("a program (ELF)")),
        (0, [0x4D, 0x5A, 0x90, 0x00], nothing("a Windows program")),
        (0, [0xCF, 0xFA, 0xED, 0xFE], nothing("a macOS program")),
        (0, [0xCA, 0xFE, 0xBA, 0xBE], nothing("a Java class or macOS program")),
        (0, [0x00, 0x61, 0x73, 0x6D], nothing("a WebAssembly program")),
        (0, [0xD4, 0xC3, 0xB2, 0xA1], nothing("a network capture")),
        (0, [0x0A, 0x0D, 0x0D, 0x0A], nothing("a network capture")),
    ]

    /// How documents of mark-up begin, in lower case.
    private static let markup: [(start: String, format: RefusedFormat)] = [
        ("<!doctype html", page), ("<html", page), ("<head", page), ("<svg", nothing("an SVG picture")),
        ("<?xml", RefusedFormat("an XML document", xml)), ("<error", RefusedFormat("an XML document", xml)),
        ("<enumerationresults", RefusedFormat("an XML document", xml)),
    ]

    private static let parquet = "turn it into JSON lines, as with duckdb -c \"COPY (FROM 'FILE') TO 'FILE.json'\""
    private static let sqlite = "read the logs that it was made of, or give it as --db if it is dpslens's own"
    private static let office = "save the sheet as CSV in UTF-8"
    private static let page = RefusedFormat(
        "an HTML page",
        "a sign-in or error page was saved in the place of the logs: fetch them again",
        leavesTimesOpen: false
    )
    private static let paper = RefusedFormat(
        "a PDF",
        "export the query's rows as CSV or JSON instead",
        leavesTimesOpen: false
    )
    private static let xml = "a storage account answers so when it refuses or lists: fetch the blobs themselves"

    /// An archive of Office's own.
    static let workbook = RefusedFormat("an Office document", office)
    /// What stands in an archive in an archive in an archive.
    static let nested = RefusedFormat("an archive inside of an archive", "unpack it first")
    /// A zip has its table of contents at its end, which a stream cannot be asked for.
    static let streamedZip = RefusedFormat("a zip archive out of a stream", "give it as a file")
    /// An Avro file that Event Hubs Capture did not write.
    static func avro(_ why: String) -> RefusedFormat {
        RefusedFormat(
            "Avro that Event Hubs Capture does not write (\(why))",
            "turn it into JSON lines: java -jar avro-tools.jar tojson FILE"
        )
    }
    /// A member of a zip archive that zlib cannot unpack.
    static func member(_ why: String) -> RefusedFormat {
        RefusedFormat("a zip member that is \(why)", "unpack it first")
    }

    /// The format of a name, as the ledger keeps it of a file; nil for one that is read or that is not known.
    public static func named(_ name: String) -> RefusedFormat? { byName[name] }

    private static let byName = Dictionary((magics.map(\.format) + markup.map(\.format)).map { ($0.name, $0) }) { $1 }

    /// The format of bytes that begin so; nil for what may be text, or an archive that is read.
    static func find(_ head: [UInt8]) -> RefusedFormat? {
        for magic in magics where head.count >= magic.offset + magic.bytes.count {
            guard head[magic.offset..<magic.offset + magic.bytes.count].elementsEqual(magic.bytes) else { continue }
            // "BZh" and "ORC" are letters that a text may begin with.
            if magic.bytes.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }), magic.bytes.count < 4, isText(head) { continue }
            return magic.format
        }
        var start = head.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        while start < head.count, ByteScan.isSpace(head[start]) { start += 1 }
        let lower = String(decoding: head[start...].prefix(32), as: UTF8.self).lowercased()
        return markup.first { lower.hasPrefix($0.start) }?.format
    }

    private static func isText(_ head: [UInt8]) -> Bool {
        head.prefix(256).allSatisfy { $0 >= 0x20 || ByteScan.isSpace($0) }
    }
}
