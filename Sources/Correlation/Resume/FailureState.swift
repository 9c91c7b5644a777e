import AzureLogs

/// Runs of failures as bytes of a checkpoint.
extension FailureRun {
    func write(_ writer: inout StateWriter) { writer.put(tallies) { $1.write(&$0) } }

    init(_ reader: inout StateReader) throws(StateFault) {
        self.init(try reader.list { (reader) throws(StateFault) in try FailureTally(&reader) })
    }
}

extension FailureTally {
    func write(_ writer: inout StateWriter) {
        writer.put(failure.flatMap { FailureClass.allCases.firstIndex(of: $0) }.map { $0 + 1 } ?? 0)
        for number in [count, code, context, least, greatest, codes[0], codes[1], codes[2], instance, device] {
            writer.put(Int64(number))
        }
        writer.put(Int64(different))
        writer.put(time: first)
        writer.put(time: last)
        writer.put(group)
        writer.put(attestation)
        for place in [early, late, latest] {
            writer.put(place.file)
            writer.put(place.line)
        }
    }

    init(_ reader: inout StateReader) throws(StateFault) {
        func number(_ reader: inout StateReader) throws(StateFault) -> Int32 {
            Int32(truncatingIfNeeded: try reader.int64())
        }
        func place(_ reader: inout StateReader) throws(StateFault) -> RecordPlace {
            RecordPlace(file: try reader.small(), line: try reader.int())
        }
        self.init()
        let kind = try reader.index(below: FailureClass.allCases.count + 1)
        failure = kind == 0 ? nil : FailureClass.allCases[kind - 1]
        count = try number(&reader)
        code = try number(&reader)
        context = try number(&reader)
        least = try number(&reader)
        greatest = try number(&reader)
        for index in 0..<3 { codes[index] = try number(&reader) }
        instance = try number(&reader)
        device = try number(&reader)
        different = UInt8(try reader.index(below: 4))
        first = try reader.time()
        last = try reader.time()
        group = try reader.word()
        attestation = try reader.word()
        early = try place(&reader)
        late = try place(&reader)
        latest = try place(&reader)
    }
}
