/// How the records of a file are wrapped, told by its content.
public enum Container: String, Sendable, CaseIterable {
    /// One JSON object a line.
    case lines
    /// Objects in an array, in `{"records":[…]}`, one after another, or over many lines.
    case stream
    /// The query API's tables, columns and rows.
    case table
    /// Comma-separated values with a header.
    case csv
    /// Messages of Event Hubs Capture.
    case capture
}

/// Looks at the beginning of a text and says which container it is.
enum ContainerSniffer {
    /// How much is looked at, in bytes.
    static let window = 1 << 18

    /// Judges the first bytes of a text; for values with a header it gives the header.
    ///
    /// Lines that are no JSON are passed over, so that one odd line at the top does not decide for the file.
    /// What cannot be told is taken as lines: then each line is judged, and rejected, for itself.
    static func container(of text: ArraySlice<UInt8>) -> (container: Container, header: CSVHeader?) {
        let bytes = Array(text)
        var at = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var first = true
        while at < bytes.count {
            while at < bytes.count, ByteScan.isSpace(bytes[at]) { at += 1 }
            guard at < bytes.count else { break }
            switch bytes[at] {
            case 0x5B: return (.stream, nil)
            case 0x7B: return (object(bytes, at), nil)
            default:
                if first, let header = CSVHeader.find(in: bytes) { return (.csv, header) }
                first = false
                at = ByteScan.lineFeed(in: bytes, from: at, to: bytes.count) + 1
            }
        }
        return (.lines, nil)
    }

    private static func object(_ bytes: [UInt8], _ start: Int) -> Container {
        let head = ContainerHead.find(in: bytes, from: start, to: bytes.count)
        if head?.opening == .tables { return .table }
        var scanner = StructureScanner()
        for at in start..<bytes.count {
            if bytes[at] == 0x0A { return .stream }
            switch scanner.take(bytes[at]) {
            case .brokenString, .mismatched: return .lines
            case .none: break
            case .closed:
                var next = at + 1
                while next < bytes.count, bytes[next] == 0x20 || bytes[next] == 0x09 || bytes[next] == 0x0D {
                    next += 1
                }
                return next >= bytes.count || bytes[next] == 0x0A ? .lines : .stream
            }
        }
        // An object without an end in sight: an envelope, giant or cut off, or a half line.
        return bytes.count >= window || head?.opening == .records ? .stream : .lines
    }
}
