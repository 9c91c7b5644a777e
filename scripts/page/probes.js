// Looks at a page from inside; every function gives a list of what is wrong. Evaluated by scripts/page/check.py.
const probes = {
    // Text whose contrast to what lies behind it is below 4.5 to 1 (3 to 1 for large text), WCAG 2.2, 1.4.3.
    contrast() {
        const parse = (c) => c.match(/[\d.]+/g).map(Number);
        const light = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
            .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
        const ground = (e) => {
            for (; e; e = e.parentElement) {
                const c = parse(getComputedStyle(e).backgroundColor);
                if (c.length === 3 || c[3] > 0.99) return c;
            }
            return matchMedia("(prefers-color-scheme: dark)").matches ? [13, 17, 23] : [255, 255, 255];
        };
        const wrong = new Set();
        for (const e of document.body.querySelectorAll("*")) {
            if (e.closest("svg") || e.tagName === "SCRIPT" || !e.checkVisibility() || e.disabled) continue;
            if (![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) continue;
            const style = getComputedStyle(e), a = light(parse(style.color)), b = light(ground(e));
            const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
            if (ratio < (large ? 3 : 4.5)) wrong.add(`${e.tagName}.${e.className} ${ratio.toFixed(2)}`);
        }
        return [...wrong];
    },
    // What a screen reader needs: landmarks, one h1, levels without a gap, captions, names of pictures and controls.
    structure() {
        const wrong = [];
        for (const name of ["header", "main", "footer"]) if (!document.querySelector(name)) wrong.push(`no ${name}`);
        if (document.querySelectorAll("h1").length !== 1) wrong.push("not one h1");
        let level = 1;
        for (const h of document.querySelectorAll("h1,h2,h3,h4,h5,h6")) {
            const now = Number(h.tagName[1]);
            if (now > level + 1) wrong.push(`h${now} behind h${level}: ${h.textContent.slice(0, 40)}`);
            level = now;
        }
        for (const t of document.querySelectorAll("table")) if (!t.caption) wrong.push(`no caption: ${t.textContent.slice(0, 40)}`);
        for (const s of document.querySelectorAll("svg"))
            if (s.getAttribute("aria-hidden") !== "true" && !(s.getAttribute("role") === "img" && s.getAttribute("aria-label"))) wrong.push("svg without a name");
        for (const c of document.querySelectorAll("select,input"))
            if (!c.labels.length && !c.getAttribute("aria-label")) wrong.push(`no label: ${c.id || c.dataset.filter}`);
        const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
        for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) wrong.push(`two of id ${id}`);
        for (const a of document.querySelectorAll("a[href]")) {
            if (!a.getAttribute("href").startsWith("#")) wrong.push(`link out: ${a.getAttribute("href")}`);
            else if (!document.getElementById(a.getAttribute("href").slice(1))) wrong.push(`link to nothing: ${a.getAttribute("href")}`);
        }
        return wrong;
    },
    // What is wider than the window, but for what scrolls by itself; letters that are too small to read.
    layout() {
        const wrong = [], wide = document.documentElement.clientWidth;
        if (document.documentElement.scrollWidth > wide) {
            wrong.push(`the page is ${document.documentElement.scrollWidth} wide in ${wide}`);
            for (const e of document.body.querySelectorAll("*")) {
                if (e.getBoundingClientRect().right > wide + 1 && !e.closest(".scroll") && e.checkVisibility() && !e.closest(".skip")) { wrong.push(`${e.tagName}.${e.getAttribute("class")}`); break; }
            }
        }
        const table = document.getElementById("finding-table");
        if (table && table.getBoundingClientRect().width > table.parentElement.clientWidth + 1) wrong.push("the table of findings is wider than its place");
        for (const e of document.body.querySelectorAll("text,small,span,td,th,p,li,code")) {
            if (e.checkVisibility() && e.textContent.trim() && parseFloat(getComputedStyle(e).fontSize) < 11) { wrong.push(`small letters: ${e.tagName}.${e.className}`); break; }
        }
        // Labels of an axis must not run into each other.
        for (const axis of document.querySelectorAll(".axis")) {
            const boxes = [...axis.children].map((c) => c.getBoundingClientRect()).filter((b) => b.width);
            boxes.slice(1).forEach((b, i) => { if (b.left < boxes[i].right - 0.5) wrong.push("labels of an axis collide"); });
        }
        return wrong;
    },
    rows() { return [...document.querySelectorAll("#finding-table tbody tr")].filter((r) => r.checkVisibility()).map((r) => r.dataset.id); },
    cells(column) { return [...document.querySelectorAll("#finding-table tbody tr")].filter((r) => r.checkVisibility()).map((r) => r.cells[column].textContent); },
};
