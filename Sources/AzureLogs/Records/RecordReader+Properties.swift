/// What stands inside of a record: `properties`, the tables' `AdditionalFields`, and what names the authentication.
extension RecordReader {
    /// Reads `AdditionalFields`, then `properties`, which has precedence, then what stands inside of `authType`.
    mutating func readProperties(_ source: RawSpan) -> Reading? {
        for slot in [FieldSlot.additionalFields, .properties] {
            let fault = nested(fields[slot], source, .properties, weak: slot == .additionalFields)
            if fault == .none { continue }
            return .rejected(
                fault == .tooDeep ? .tooDeep : .propertiesNotJSON,
                detail: "the text of \(slot) is not a JSON object, so the device cannot be told"
            )
        }
        // Anything but an object is the authentication type itself, as in "sas".
        let ref = fields[.authType]
        guard ref.kind == .object || ref.kind == .string, ref.count > 0, startsObject(ref, source) else { return nil }
        fields[.authType] = JSONValueRef()
        if nested(ref, source, .authentication, weak: false) != .none {
            fields[.authType] = ref
            fields[.authScope] = JSONValueRef()
            fields[.authIssuer] = JSONValueRef()
        }
        return nil
    }

    private func startsObject(_ ref: JSONValueRef, _ source: RawSpan) -> Bool {
        switch ref.level {
        case 0: Scan.byte(source, Int(ref.start)) == 0x7B
        case 1: scratch1.bytes[Int(ref.start)] == 0x7B
        case 2: scratch2.bytes[Int(ref.start)] == 0x7B
        default: scratch3.bytes[Int(ref.start)] == 0x7B
        }
    }

    /// Reads an object, or the text of one in a string; nothing logged is no fault.
    private mutating func nested(
        _ ref: JSONValueRef,
        _ source: RawSpan,
        _ spellings: Spellings,
        weak: Bool
    ) -> JSONFault {
        guard ref.kind != .absent, ref.kind != .null, ref.count > 0 else { return .none }
        guard ref.kind == .string || ref.kind == .object else { return .notJSON }
        // The array's reference is held while the scratch of the next level is written.
        switch ref.level {
        case 0: return nested(ref, in: source, spellings, weak)
        case 1:
            let held = scratch1.bytes
            return nested(ref, in: held.span.bytes, spellings, weak)
        case 2:
            let held = scratch2.bytes
            return nested(ref, in: held.span.bytes, spellings, weak)
        default: return .tooDeep
        }
    }

    private mutating func nested(
        _ ref: JSONValueRef,
        in source: RawSpan,
        _ spellings: Spellings,
        _ weak: Bool
    ) -> JSONFault {
        var at = Int(ref.start)
        while at < ref.end, Scan.byte(source, at) <= 0x20 { at += 1 }
        if at == ref.end { return .none }
        if ref.kind == .string, MemberReader.isNone(source, at, ref.end - at) { return .none }
        if ref.kind == .string, Scan.byte(source, at) == 0x22 {
            return doublyEncoded(ref, in: source, at, spellings, weak)
        }
        if Scan.byte(source, at) != 0x7B { return spellings == .authentication ? .none : .notJSON }
        let fault: JSONFault
        switch (ref.level, spellings) {
        case (0, .authentication):
            fault = MemberReader.members(source, 0, &at, &authenticationKeys, &fields, &scratch1, weak: weak)
        case (1, .authentication):
            fault = MemberReader.members(source, 1, &at, &authenticationKeys, &fields, &scratch2, weak: weak)
        case (_, .authentication):
            fault = MemberReader.members(source, 2, &at, &authenticationKeys, &fields, &scratch3, weak: weak)
        case (0, _): fault = MemberReader.members(source, 0, &at, &propertyKeys, &fields, &scratch1, weak: weak)
        case (1, _): fault = MemberReader.members(source, 1, &at, &propertyKeys, &fields, &scratch2, weak: weak)
        default: fault = MemberReader.members(source, 2, &at, &propertyKeys, &fields, &scratch3, weak: weak)
        }
        if fault != .none { return fault }
        while at < ref.end, Scan.byte(source, at) <= 0x20 { at += 1 }
        return at == ref.end ? .none : .trailing
    }

    /// Reads an object whose text was encoded twice: a string in the string.
    private mutating func doublyEncoded(
        _ ref: JSONValueRef,
        in source: RawSpan,
        _ start: Int,
        _ spellings: Spellings,
        _ weak: Bool
    ) -> JSONFault {
        var inner = JSONValueRef()
        var at = start + 1
        let fault: JSONFault
        switch ref.level {
        case 0: fault = JSONCursor.string(source, &at, 0, &inner, &scratch1)
        case 1: fault = JSONCursor.string(source, &at, 1, &inner, &scratch2)
        default: fault = JSONCursor.string(source, &at, 2, &inner, &scratch3)
        }
        if fault != .none { return fault }
        while at < ref.end, Scan.byte(source, at) <= 0x20 { at += 1 }
        guard at == ref.end, inner.level > ref.level else { return .notJSON }
        switch inner.level {
        case 1:
            let held = scratch1.bytes
            return nested(inner, in: held.span.bytes, spellings, weak)
        case 2:
            let held = scratch2.bytes
            return nested(inner, in: held.span.bytes, spellings, weak)
        default: return .tooDeep
        }
    }
}
