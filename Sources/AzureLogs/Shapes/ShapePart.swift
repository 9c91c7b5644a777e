/// A part of a record's text that varies between records of one shape.
enum ShapePart: UInt8, Sendable {
    case time
    case duration
    /// A duration that is written as a number.
    case durationNumber
    case correlation
    case callerAddress
    case maskedAddress
    case registrationId
    case id
    case deviceId
    case sdk
    /// A value that says nothing of the event.
    case dropped

    /// The part that holds a slot's text; nil for a slot that is literal in a shape.
    init?(_ slot: FieldSlot) {
        switch slot {
        case .time: self = .time
        case .duration: self = .duration
        case .correlation: self = .correlation
        case .callerAddress: self = .callerAddress
        case .maskedAddress: self = .maskedAddress
        case .registrationId: self = .registrationId
        case .id: self = .id
        case .deviceId: self = .deviceId
        case .sdk: self = .sdk
        default: return nil
        }
    }
}

/// Where the parts of a record stand in its text.
struct ShapeParts: BitwiseCopyable, Sendable {
    var time = Slice()
    var duration = Slice()
    var correlation = Slice()
    var callerAddress = Slice()
    var maskedAddress = Slice()
    var registrationId = Slice()
    var id = Slice()
    var deviceId = Slice()
    var sdk = Slice()

    /// Takes the part that begins at `at` and moves behind it; false if what stands there has to be read the general way.
    ///
    /// A part is ASCII without quote, backslash or control byte, so it means itself at every level of embedding. The
    /// empty text and `None` mean that nothing was logged, which is another shape.
    @inline(__always)
    mutating func take(_ part: ShapePart, _ text: RawSpan, _ at: inout Int, _ end: Int) -> Bool {
        let start = at
        if part == .durationNumber {
            while Scan.byte(text, at) &- 0x30 < 10 { at &+= 1 }
            // JSON's numbers have no leading zero.
            if at == start || (Scan.byte(text, start) == 0x30 && at &- start > 1) { return false }
        } else {
            at = Scan.plainEnd(text, at)
        }
        let count = at &- start
        if at >= end || count == 0 || (count == 4 && Scan.word(text, start) & 0xFFFF_FFFF == 0x656E_6F4E) {
            return false
        }
        let slice = Slice(offset: Int32(truncatingIfNeeded: start), count: Int32(truncatingIfNeeded: count))
        switch part {
        case .time: time = slice
        case .duration, .durationNumber: duration = slice
        case .correlation: correlation = slice
        case .callerAddress: callerAddress = slice
        case .maskedAddress: maskedAddress = slice
        case .registrationId: registrationId = slice
        case .id: id = slice
        case .deviceId: deviceId = slice
        case .sdk: sdk = slice
        case .dropped: break
        }
        return true
    }

    /// The parts that are there, in the order of the text.
    func ordered(into slices: inout [Slice]) {
        slices.removeAll(keepingCapacity: true)
        for slice in [
            time, duration, correlation, callerAddress, maskedAddress, registrationId, id, deviceId, sdk,
        ] where !slice.isEmpty {
            var at = slices.count
            while at > 0, slices[at - 1].offset > slice.offset { at -= 1 }
            slices.insert(slice, at: at)
        }
    }
}
