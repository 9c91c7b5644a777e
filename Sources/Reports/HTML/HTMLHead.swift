import Crypto
import FoundationEssentials

/// The head of the page and its script: policy, looks, behaviour.
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
            out.raw(HTMLStyle.text)
            out.raw("</style>")
        }
    }

    /// Writes the script, at the end of the page.
    static func script(_ out: inout Markup) {
        out.raw("\n<script>")
        out.raw(PageScript.text)
        out.raw("</script>")
    }

    /// Nothing may be loaded or sent; the one style and the one script of this page are known by their hashes.
    static var policy: String {
        "default-src 'none'; style-src 'sha256-\(hash(HTMLStyle.text))'; script-src 'sha256-\(hash(PageScript.text))';"
            + " base-uri 'none'; form-action 'none'"
    }

    private static func hash(_ text: StaticString) -> String {
        Data(SHA256.hash(data: Data("\(text)".utf8))).base64EncodedString()
    }
}
