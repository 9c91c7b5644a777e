public import Findings

/// The words of the progress line.
public enum ProgressText {
    /// How far reading has come, how fast it goes, and how long it will take.
    public static func line(bytes: Int, total: Int, files: Int, count: Int, seconds: Double) -> String {
        let rate = Double(bytes) / max(seconds, 0.001)
        var text = "\(files)/\(count) files, \(size(bytes)), \(size(Int(rate)))/s"
        if total > 0, bytes > 0, rate > 0 {
            let left = Int(Double(max(0, total - bytes)) / rate)
            text += ", \(min(100, bytes * 100 / total)) %, \(left / 60):\(left % 60 < 10 ? "0" : "")\(left % 60) left"
        }
        return text
    }

    /// What an analysis does next.
    public static func line(_ step: AnalysisStep) -> String {
        switch step {
        case .joining: "joining attempts and contacts device by device"
        case .rules(let done, let all): "\(done)/\(all) rules, \(all > 0 ? done * 100 / all : 100) %"
        case .incidents: "bringing findings together to incidents"
        }
    }

    /// A number of bytes in words.
    public static func size(_ bytes: Int) -> String {
        var value = Double(bytes)
        for unit in ["B", "KB", "MB", "GB"] {
            if value < 1000 { return unit == "B" ? "\(bytes) B" : "\(Double(Int(value * 10)) / 10) \(unit)" }
            value /= 1000
        }
        return "\(Double(Int(value * 10)) / 10) TB"
    }
}
