import Crypto
import Foundation

/// The head of the page: policy and looks.
enum HTMLHead {
    /// Writes the head.
    static func write(title: String, _ out: inout Markup) {
        out.element("head") { out in
            out.empty("meta", ["charset": "utf-8"])
            out.empty("meta", ["http-equiv": "Content-Security-Policy", "content": policy])
            out.empty("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
            out.empty("meta", ["name": "color-scheme", "content": "light dark"])
            out.empty("meta", ["name": "referrer", "content": "no-referrer"])
            out.empty("meta", ["name": "robots", "content": "noindex"])
            out.raw("\n")
            out.element("title", title)
            out.raw("\n<style>")
            out.raw(style)
            out.raw("</style>")
        }
    }

    /// Nothing may be loaded, run or sent; the one style of this page is known by its hash.
    static var policy: String {
        let hash = Data(SHA256.hash(data: Data("\(style)".utf8))).base64EncodedString()
        return "default-src 'none'; style-src 'sha256-\(hash)'; base-uri 'none'; form-action 'none'"
    }

    private static let style: StaticString = """
        :root{color-scheme:light dark;--text:#1b1f24;--dim:#57606a;--page:#fff;--card:#f6f8fa;--line:#d0d7de;--link:#0550ae;\
        --critical:#82071e;--high:#b42318;--medium:#8a4600;--low:#0550ae;--informational:#57606a;--bar:#6e40aa}
        @media(prefers-color-scheme:dark){:root{--text:#e6edf3;--dim:#9da7b3;--page:#0d1117;--card:#161b22;--line:#3d444d;\
        --link:#79c0ff;--critical:#ff9492;--high:#ff7b72;--medium:#f0b35e;--low:#79c0ff;--informational:#9da7b3;--bar:#a78bda}}
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:76rem;padding:1rem 1.25rem 3rem;color:var(--text);background:var(--page);\
        font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
        h1{margin:.5rem 0 0;font-size:1.75rem}h2{margin:2.25rem 0 .75rem;font-size:1.35rem;border-bottom:1px solid var(--line);\
        padding-bottom:.25rem}h3{margin:0 0 .5rem;font-size:1.05rem}
        a{color:var(--link)}p{margin:.4rem 0}.lead{font-size:1.15rem;font-weight:600}.dim{color:var(--dim)}
        .skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:1rem;background:var(--page);padding:.5rem}
        nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;margin:.75rem 0 0;padding:.6rem .9rem;\
        background:var(--card);border:1px solid var(--line);border-radius:.5rem}
        article,.rule{border:1px solid var(--line);border-radius:.5rem;background:var(--card);padding:.9rem 1rem;margin:0 0 1rem}
        .badge{display:inline-block;border:2px solid currentColor;border-radius:.35rem;padding:0 .45rem;font-size:.8rem;\
        font-weight:700;margin-right:.5rem;vertical-align:.08rem}
        .critical{color:var(--critical)}.high{color:var(--high)}.medium{color:var(--medium)}.low{color:var(--low)}\
        .informational{color:var(--informational)}.critical,.high{border-style:double;border-width:3px}
        dl{display:grid;grid-template-columns:minmax(7rem,max-content) 1fr;gap:.2rem 1rem;margin:.4rem 0}
        dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}
        .scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.9rem;margin:.4rem 0}
        th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid var(--line)}
        td{overflow-wrap:anywhere;min-width:5.5rem}td.n,td.t{white-space:nowrap;min-width:0}td.what{min-width:16rem;width:40%}td:first-child{min-width:9rem}
        td details{font-size:.85rem}
        code{font-family:ui-monospace,"SFMono-Regular","DejaVu Sans Mono",monospace;font-size:.9em;overflow-wrap:anywhere}
        summary{cursor:pointer;padding:.25rem 0;color:var(--link)}
        .fix{border-left:4px solid var(--bar);padding-left:.75rem}.omitted{font-weight:600}
        figure{margin:1rem 0}figcaption{color:var(--dim);font-size:.9rem}svg{width:100%;height:auto;display:block}
        svg rect{fill:var(--bar)}svg text{fill:var(--dim);font-size:11px}svg line{stroke:var(--line)}
        footer{margin-top:3rem;border-top:1px solid var(--line);color:var(--dim);font-size:.9rem}
        @media(max-width:40rem){body{padding:.75rem}dl{grid-template-columns:1fr}dt{margin-top:.3rem}}
        @media print{body{max-width:none;padding:0;font-size:10pt}nav,.skip{display:none}article,.rule{break-inside:avoid-page;\
        background:none}}

        """
}
