import Basics
import EventStore
import TestSupport
import Testing

@testable import Reports

@Suite struct TextTests {
    @Test(arguments: [
        ("\u{1B}[31mred", "\\u{1b}[31mred"), ("a\u{202E}b", "a\\u{202e}b"), ("line\nfeed\r", "line\\u{a}feed\\u{d}"),
        ("plain", "plain"),
        ("\u{0}", "\\u{0}"), ("é😀漢", "é😀漢"), ("\u{200B}", "\\u{200b}"),
    ])
    func aTerminalIsNeverSteeredByALog(_ text: String, _ safe: String) {
        #expect(TerminalText.safe(text) == safe)
    }

    @Test func cuttingNeverBreaksACharacterAndNeverFails() {
        for text in ["", "abc", "漢字漢字", "e\u{301}e\u{301}e\u{301}", "😀😀😀"] {
            for width in -1...8 { #expect(TerminalText.width(TerminalText.fit(text, width)) <= max(width, 0)) }
        }
        #expect(TerminalText.fit("漢字漢字", 5) == "漢字…")
    }

    @Test(arguments: [
        ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"), ("\tx", "'\tx"), ("\rx", "\"'\rx\""),
        ("a,b", "\"a,b\""),
        ("say \"x\"", "\"say \"\"x\"\"\""), ("two\nlines", "\"two\nlines\""), ("plain", "plain"),
    ])
    func aSpreadsheetNeverRunsACell(_ text: String, _ cell: String) {
        let table = ResultTable(columns: ["c"], rows: [[.text(text)]])
        #expect(DataText.csv(table) == "c\n\(cell)\n")
    }

    @Test func rawCellsAndNumbersStayAsTheyAre() {
        let table = ResultTable(columns: ["a", "b"], rows: [[.text("=x"), .integer(-5)]])
        #expect(DataText.csv(table, raw: true) == "a,b\n=x,-5\n")
        #expect(DataText.csv(table) == "a,b\n'=x,-5\n")
    }

    @Test func jsonIsExact() {
        let table = ResultTable(columns: ["k\"ey", "n", "z"], rows: [[.text("=\"\\\n\u{1}é"), .integer(7), .null]])
        #expect(DataText.jsonLines(table) == #"{"k\"ey":"=\"\\\n\u0001é","n":7,"z":null}"# + "\n")
        #expect(DataText.json(ResultTable(columns: ["a"], rows: [])) == "[]\n")
    }

    @Test func tablesFitTheirWidth() {
        let rows: [[Cell]] = [[.text(String(repeating: "漢", count: 40)), .integer(12345)], [.text("x"), .integer(1)]]
        for width in [12, 20, 40, 100] {
            let text = TableText.render(ResultTable(columns: ["name", "count"], rows: rows), width: width)
            for line in text.split(separator: "\n") { #expect(TerminalText.width(String(line)) <= max(width, 14)) }
        }
    }

    @Test(arguments: [20, 40, 60, 80, 100, 160])
    func whatATableKeepsIsNeverCut(_ width: Int) {
        let id = String(repeating: "device-", count: 9)
        let rows: [[Cell]] = [
            [.text(id), .text("throttled-without-backoff"), .text(String(repeating: "why ", count: 30))]
        ]
        let table = ResultTable(columns: ["subject", "rule", "reason"], rows: rows)
        let text = TableText.render(table, width: width, keeping: ["subject", "rule"])
        #expect(text.contains(id))
        #expect(text.contains("throttled-without-backoff"))
        let whole = TableText.render(table)
        #expect(!whole.contains("…"))
        for line in text.split(separator: "\n") where !line.contains(id) && width >= 80 {
            #expect(TerminalText.width(String(line)) <= max(width, 140))
        }
    }

    @Test(arguments: [(0, "0 findings"), (1, "1 finding"), (2, "2 findings")])
    func numbersHaveTheirWords(_ number: Int, _ text: String) {
        #expect(Words.count(number, "finding") == text)
        #expect(Words.count(2, "registry") == "2 registries" && Words.count(2, "day") == "2 days")
    }

    @Test func aSparklineShowsOneBesideThousandsAndWhatIsNotKnown() {
        #expect(Sparkline.text([0, 1, 5000, nil], columns: 4) == " ▁█·")
        #expect(Sparkline.text([1, 1, nil, nil], columns: 2) == "█·")
        #expect(Sparkline.text([]) == "")
    }

    @Test func aFixIsNeverBrokenInsideOfASentence() {
        let text = "Renew the certificate of the group. Then restart the devices; they ask again. Ask us if not."
        for columns in 1...120 {
            let told = Sentences.fitting(text, columns)
            #expect(told == text || told.hasSuffix(". (…)"), "\(told)")
            #expect(told.hasPrefix("Renew the certificate of the group."))
        }
        #expect(Sentences.fitting("no end at all of it", 3) == "no end at all of it")
    }

    @Test(arguments: [
        ("<script>alert(1)</script>", "&lt;script&gt;alert\\(1\\)&lt;/script&gt;"),
        ("[x](http://y)", "\\[x\\]\\(http\\://y\\)"), ("a|b", "a\\|b"),
    ])
    func markdownFromLogsStaysText(_ text: String, _ escaped: String) {
        #expect(MarkdownReport.escape(text) == escaped)
    }

    @Test func theAccountingIsTheContractsObject() {
        var report = IngestReport()
        (report.files, report.lines, report.stored, report.duplicates, report.ignored, report.rejected) = (
            2, 10, 5, 2, 2, 1
        )
        report.seconds = 0.5
        #expect(
            Accounting.json(report)
                == #"{"files":2,"filesUnchanged":0,"filesRejected":0,"lines":10,"stored":5,"duplicates":2,"ignored":2,"rejected":1,"bytesRead":0,"bytesInflated":0,"seconds":0.5}"#
                + "\n"
        )
    }

    @Test(arguments: [("plain-1", "plain-1"), ("it's", "'it'\\''s'"), ("$(rm)", "'$(rm)'"), ("", "''")])
    func namedCommandsAreSafeToPaste(_ word: String, _ quoted: String) {
        #expect(Shell.quoted(word) == quoted)
    }

    @Test(arguments: [
        (Int64(500_000), "500 ms"), (61_000_000, "1 min 1 s"), (7_500_000_000, "2 h 5 min"), (-3_000_000, "-3 s"),
        (180_000_000_000, "2 d 2 h"),
    ])
    func spansAreInTheirTwoLargestUnits(_ span: Int64, _ text: String) {
        #expect(TimeSpan.text(span) == text)
    }
}

@Suite struct MarkdownTextTests {
    @Test(arguments: [
        "http://evil.example/x", "see https://evil.example", "www.evil.example", "wWw.evil.example",
        "ftp://evil.example",
        "mailto:someone@evil.example", "someone@evil.example", "xmpp:someone@evil.example",
    ])
    func noBareAddressBecomesALink(_ text: String) {
        let escaped = MarkdownReport.escape(text)
        // What the extension for bare addresses looks for (GitHub Flavored Markdown, section 6.9).
        let link = #/https?:\/\/|ftp:\/\/|www\.|mailto:|xmpp:|[\w.+-]@[\w-]/#.ignoresCase()
        #expect(escaped.firstMatch(of: link) == nil, "\(escaped)")
        #expect(escaped.replacing("\\", with: "") == text)
    }

    @Test func timesStayAsTheyAre() { #expect(MarkdownReport.escape("2026-03-02T10:10:06Z") == "2026-03-02T10:10:06Z") }

    @Test func linesAreMadeSafeAndKeepTheirEndsAndOwnColours() {
        #expect(TerminalText.lines("a\tb\nc") == "a\tb\nc")
        #expect(TerminalText.lines("a\u{1B}[31mb\u{202E}\n") == "a\\u{1b}[31mb\\u{202e}\n")
        #expect(
            TerminalText.lines("\u{1B}[1;31mred\u{1B}[0m\u{1B}[2J", isColored: true)
                == "\u{1B}[1;31mred\u{1B}[0m\\u{1b}[2J"
        )
    }
}
