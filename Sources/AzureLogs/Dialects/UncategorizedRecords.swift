/// Objects without a category: Event Grid events, exports of DPS, or nothing that is known.
enum UncategorizedRecords {
    /// Reads the object by way of a tree, which is slow and plain.
    static func read(_ bytes: [UInt8], into draft: inout EventDraft, _ context: inout [Slice], text: inout [UInt8])
        -> Reading
    {
        guard let tree = JSONTree.parse(bytes) else {
            return .rejected(.notJSON, detail: "the record is not valid JSON")
        }
        let folded = tree.keysInLowerCase(depth: 8)
        if let event = EventGridDialect.read(folded) { return fill(event, &draft, &context, &text) }
        if let snapshot = DPSExportDialect.read(folded) { return .snapshot(snapshot) }
        let name = ForeignRecord.name(of: folded)
        // An event may carry a record, which says more than the event's own name.
        if name == nil || folded["data"] != nil, let records = Wrapper.records(in: tree) { return .wrapped(records) }
        if let name { return .ignored(name) }
        return .rejected(
            .notALogRecord,
            detail: "neither a log record (category, operationName) nor an export of DPS that is known"
        )
    }

    private static func fill(
        _ event: EventGridDialect.Event,
        _ draft: inout EventDraft,
        _ context: inout [Slice],
        _ text: inout [UInt8]
    ) -> Reading {
        guard let ticks = Timestamp.parse(event.time) else {
            let shown = WrittenTime.shown(event.time)
            return .rejected(
                .badTime,
                detail: "the time \(shown) is in no form that is known, as 2026-11-20T08:15:30Z is"
            )
        }
        var flat = FlatText(reusing: text)
        draft = EventDraft()
        draft.ticks = ticks
        draft.identity = flat.append(event.deviceId)
        let named = event.hub.isEmpty ? "" : "/providers/microsoft.devices/iothubs/\(event.hub)"
        let isWhole = event.resourceId.lowercased().contains("/iothubs/\(event.hub.lowercased())")
        let texts: [(FieldSlot, String)] = [
            (.resourceId, isWhole ? event.resourceId : named), (.category, "EventGrid"),
            (.operation, event.connected ? "deviceConnect" : "deviceDisconnect"), (.level, "Information"),
            (.module, event.moduleId),
        ]
        context = [Slice](repeating: Slice(), count: FieldSlot.properties.rawValue)
        let values = Dictionary(uniqueKeysWithValues: texts)
        for slot in FieldSlot.allCases.prefix(FieldSlot.contextCount) {
            context[slot.rawValue] = flat.append(values[slot] ?? "")
            flat.separate()
        }
        let id = flat.append(event.id)
        draft.correlation = GUIDText.correlation(flat.bytes.span.bytes, id)
        draft.unknownSum = Fingerprint.hash(event.sequence, seed: 0x7365_71)
        text = flat.bytes
        return .event
    }
}
