import AzureLogs

/// One connect attempt.
struct Contact: Sendable {
    var time: Int64
    var isOK: Bool
    @Compact32 var code: Int
    @Compact32 var file: Int
    var line: Int
}
