/// A night's report that is written, and waits beside its place until the night is recorded.
struct StagedReport {
    /// The night's date.
    var night: String
    /// The folder with the files.
    var folder: NightFolder
    /// The text for the metrics collector.
    var metrics: String
}
