/// Records as Log Analytics shows and exports them (`AzureDiagnostics`): PascalCase columns, service-specific ones with
/// a suffix for their type, and columns of the workspace that say nothing of the event.
enum LogAnalyticsDialect {
    /// Columns that the workspace adds (Azure Monitor, standard columns in logs; AzureDiagnostics table reference),
    /// and what Stream Analytics adds on the way to a file.
    private static let dropped: Set<String> = [
        "tenantid", "sourcesystem", "type", "subscriptionid", "_subscriptionid", "resource", "resourcegroup",
        "resourceprovider", "resourcetype", "_itemid", "_timereceived", "_billedsize", "_isbillable", "mg",
        "managementgroupname", "computer", "rawdata", "eventprocessedutctime", "eventenqueuedutctime", "partitionid",
    ]

    /// The meaning of a column's name in lower case, nil if it is none of this dialect.
    static func meaning(of lower: String) -> KeyMeaning? {
        switch lower {
        case "timegenerated", "timegenerated [utc]", "timegenerated_utc": return KeyMeaning(slot: .time)
        case "_resourceid": return KeyMeaning(slot: .resourceId, isWeak: true)
        case "additionalfields": return KeyMeaning(slot: .additionalFields)
        default: break
        }
        // `az monitor log-analytics query` names the table in every row.
        if lower == "tablename" { return KeyMeaning(isDropped: true, marksCLI: true) }
        if dropped.contains(lower) { return KeyMeaning(isDropped: true) }
        guard let column = withoutSuffix(lower) else { return nil }
        if let slot = ResourceLogDialect.keys[column] { return KeyMeaning(slot: slot) }
        let name = column.hasPrefix("properties_") ? String(column.dropFirst("properties_".count)) : column
        return PropertyKeys.keys[name].map { KeyMeaning(slot: $0, isWeak: true) }
    }

    /// The name without `_s`, `_d`, `_b`, `_t` or `_g` for string, double, boolean, time and GUID.
    private static func withoutSuffix(_ lower: String) -> String? {
        guard lower.count > 2, let last = lower.last, "sdbtg".contains(last), lower.dropLast().last == "_" else {
            return nil
        }
        return String(lower.dropLast(2))
    }
}
