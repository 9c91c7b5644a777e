/// Takes apart a line that holds more than one record: an envelope of Event Hub, or objects without a line between.
public enum RecordSplitter {
    /// A piece of the line: a record, or text that is none.
    public enum Piece: Sendable, Hashable {
        case record(Range<Int>)
        case rubbish(Range<Int>)
        /// An envelope that is not closed behind its last record, so that further ones may be missing.
        case unclosed(Range<Int>)
    }

    /// Cuts `text[range]` into its pieces, in their order.
    ///
    /// Every byte but white space, commas and the brackets of envelopes belongs to one piece, so nothing is lost.
    public static func pieces(of text: [UInt8], in range: Range<Int>) -> [Piece] {
        var pieces: [Piece] = []
        var at = range.lowerBound
        var skipTo: [Int] = []
        var open = 0
        while at < range.upperBound {
            let byte = text[at]
            if ByteScan.isSpace(byte) || byte == 0x2C || byte == 0x5B {
                if byte == 0x5B { open += 1 }
                at += 1
            } else if byte == 0x5D {
                if skipTo.isEmpty { open = max(0, open - 1) }
                at = skipTo.popLast() ?? at + 1
            } else if byte == 0x7B {
                at = object(text, at, range.upperBound, &pieces, &skipTo)
            } else if byte == 0x22, open > 0 || !skipTo.isEmpty, let end = stringEnd(text, at, range.upperBound) {
                pieces.append(.record(at..<end))
                at = end
            } else {
                var end = at + 1
                while end < range.upperBound, text[end] != 0x7B { end += 1 }
                pieces.append(.rubbish(at..<end))
                at = end
            }
        }
        var isCut = open > 0 || !skipTo.isEmpty
        if case .rubbish = pieces.last { isCut = false }
        if isCut { pieces.append(.unclosed(range)) }
        return pieces
    }

    /// The position behind the string that begins at `start`, nil if it does not end.
    private static func stringEnd(_ text: [UInt8], _ start: Int, _ end: Int) -> Int? {
        var at = start + 1
        while at < end, text[at] != 0x22 { at += text[at] == 0x5C ? 2 : 1 }
        return at < end ? at + 1 : nil
    }

    private static func object(
        _ text: [UInt8],
        _ start: Int,
        _ end: Int,
        _ pieces: inout [Piece],
        _ skipTo: inout [Int]
    ) -> Int {
        let close = closing(text, start, end)
        let head = ContainerHead.find(in: text, from: start, to: close ?? end)
        if let head, head.opening == .records {
            skipTo.append(close ?? end)
            return head.contents
        }
        if let close {
            pieces.append(.record(start..<close))
            return close
        }
        // No end in sight: the next `},{"` is taken as the beginning of something that may be whole.
        var at = start + 1
        while at + 2 < end {
            if text[at] == 0x7D {
                var next = at + 1
                while next < end, ByteScan.isSpace(text[next]) || text[next] == 0x2C { next += 1 }
                if next + 1 < end, text[next] == 0x7B, text[next + 1] == 0x22 {
                    pieces.append(.rubbish(start..<at + 1))
                    return next
                }
            }
            at += 1
        }
        pieces.append(.rubbish(start..<end))
        return end
    }

    /// The position behind the object's closing bracket, nil if it does not close.
    private static func closing(_ text: [UInt8], _ start: Int, _ end: Int) -> Int? {
        var scanner = StructureScanner()
        for at in start..<end {
            switch scanner.take(text[at]) {
            case .closed: return at + 1
            case .brokenString, .mismatched: return nil
            case .none: break
            }
        }
        return nil
    }
}
