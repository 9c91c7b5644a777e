import Foundation
import Testing

@testable import Reports

/// The colours of the page, computed: WCAG 2.2, 1.4.3 for text (4.5 to 1) and 1.4.11 for what a chart draws (3 to 1).
@Suite struct HTMLStyleTests {
    /// The colours of the light and the dark theme by their names.
    private static func themes() -> [[String: String]] {
        let style = "\(HTMLStyle.text)"
        return style.matches(of: /:root\{([^}]*)\}/).map { rule in
            Dictionary(
                rule.output.1.matches(of: /--([a-z0-9]+):(#[0-9a-f]+)/).map {
                    (String($0.output.1), String($0.output.2))
                },
                uniquingKeysWith: { $1 }
            )
        }.filter { $0["text"] != nil }
    }

    /// Relative luminance as WCAG 2.2 defines it.
    private static func luminance(_ colour: String) throws -> Double {
        var digits = Array(colour.dropFirst())
        if digits.count == 3 { digits = digits.flatMap { [$0, $0] } }
        let parts = try stride(from: 0, to: 6, by: 2).map { start in
            let value = Double(try #require(Int(String(digits[start...start + 1]), radix: 16))) / 255
            return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
        }
        return parts[0] * 0.2126 + parts[1] * 0.7152 + parts[2] * 0.0722
    }

    private static func ratio(_ a: String, _ b: String) throws -> Double {
        let (x, y) = (try luminance(a), try luminance(b))
        return (max(x, y) + 0.05) / (min(x, y) + 0.05)
    }

    @Test func theFormulaIsTheOneOfTheStandard() throws {
        #expect(abs(try Self.ratio("#fff", "#000") - 21) < 0.001)
        // A known pair: #767676 on white is the lightest grey that may be text.
        #expect(try Self.ratio("#767676", "#fff") >= 4.5)
        #expect(try Self.ratio("#777777", "#fff") < 4.5)
    }

    @Test func textAndMarksCanBeTold() throws {
        let themes = Self.themes()
        #expect(themes.count == 2)
        let text = ["text", "dim", "link", "critical", "high", "medium", "low", "informational", "bad"]
        let marks = [
            "ok", "bad", "warn", "teal", "purple", "brown", "grey", "critical", "high", "medium", "low", "h4", "h5",
        ]
        for theme in themes {
            for (names, grounds, least) in [(text, ["page", "card"], 4.5), (marks, ["page", "card", "track"], 3.0)] {
                for name in names {
                    for ground in grounds {
                        let found = try Self.ratio(try #require(theme[name]), try #require(theme[ground]))
                        #expect(found >= least, "\(name) on \(ground): \(found)")
                    }
                }
            }
        }
    }

    @Test func noTwoEndsOfAnAttemptHaveOneColour() throws {
        // Of those that can stand in one column; what cannot be told is one grey for all reasons.
        let style = "\(HTMLStyle.text)"
        var colours: [String: String] = [:]
        for kind in ["connected", "silent", "elsewhere", "refused", "throttled", "disabled", "failed", "unknown"] {
            let rules = style.matches(of: /([^{}]*)\{fill:var\(--([a-z]+)\)\}/)
            let last = rules.last { $0.output.1.split(separator: ",").contains { $0.hasSuffix(".\(kind)") } }
            colours[kind] = String(try #require(last, "\(kind)").output.2)
        }
        #expect(Set(colours.values).count == colours.count, "\(colours)")
    }
}
