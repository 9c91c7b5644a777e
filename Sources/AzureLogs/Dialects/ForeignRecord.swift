/// Well-formed records that are no logs of DPS or of a hub's connections, told by what only they have.
///
/// They are counted as ignored under a name, so that a folder with metrics beside its logs looks like what it is.
enum ForeignRecord {
    /// What a record is; nil if it is nothing that is known here.
    ///
    /// - Parameter tree: with keys in lower case.
    static func name(of tree: JSONTree) -> String? {
        guard case .object = tree else { return nil }
        func has(_ keys: String...) -> Bool { keys.allSatisfy { tree[$0] != nil && tree[$0] != .null } }
        if has("metricname"), has("timegrain") || has("total") || has("average") || has("unitname") {
            return "platform metrics"
        }
        if has("eventtimestamp"), has("operationname") || has("eventdataid") || has("authorization") {
            return "activity log"
        }
        if let type = tree["eventtype"]?.text ?? (has("specversion") ? tree["type"]?.text : nil), has("data") {
            return "Event Grid: " + short(type)
        }
        if has("connectionstring"), has("applyallocationpolicy") || has("allocationweight") { return "linked hub list" }
        if let id = tree["id"]?.text, id.lowercased().hasPrefix("/subscriptions/"), let type = tree["type"]?.text,
            type.contains("/")
        {
            return "resource: " + short(type)
        }
        if has("deviceid"), has("etag"), has("authentication") || has("connectionstate") || has("generationid") {
            return has("properties") ? "device twins" : "device identities"
        }
        if let table = tree["type"]?.text, has("timegenerated", "tenantid"), table.lowercased() != "azurediagnostics" {
            return "Log Analytics table " + short(table)
        }
        return nil
    }

    private static func short(_ text: String) -> String { String(SecretRedaction.redact(text).prefix(80)) }
}
