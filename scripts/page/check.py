"""check.py DPSLENS WORK PICTURES [DATABASE…]: see scripts/check-page."""
import csv, datetime, io, json, os, re, subprocess, sys, time
from browser import Browser

dpslens, work, pictures = sys.argv[1:4]
given = sys.argv[4:]
here = os.path.dirname(os.path.abspath(__file__))
probes = open(os.path.join(here, "probes.js"), encoding="utf-8").read()
failures = []
checks = 0


def expect(what, condition, detail=""):
    """Notes whether a check holds."""
    global checks
    checks += 1
    if not condition:
        failures.append(what)
        print(f"FAILED  {what}  {str(detail)[:300]}")


def program(*arguments):
    """What the program prints."""
    run = subprocess.run([dpslens, *arguments], capture_output=True, env={**os.environ, "COLUMNS": "100"})
    if run.returncode not in (0, 1, 2):
        raise SystemExit(f"check-page: {arguments}: {run.stderr.decode()[:300]}")
    return run.stdout.decode()


HOSTILE = ['<img src=x onerror=alert(1)>', '=cmd|" /C calc"!A0', "javascript:alert(1)", "[a](http://b){0}{{",
           'a"\\\n\t\u202e\u001b[31m\ufffe', "</script><script>alert(2)</script>", "&#x22;--></style>", "x" * 3000]


def hostile(path):
    """A log of devices whose ids are what hostile devices may choose."""
    resource = "/SUBSCRIPTIONS/0/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.DEVICES/PROVISIONINGSERVICES/DPS-1"
    with open(path, "w", encoding="utf-8") as file:
        for number, id in enumerate(HOSTILE):
            for attempt in range(5):
                properties = {"registrationId": id, "attestationType": "symmetricKey", "status": "failed",
                              "errorCode": 401002, "errorMessage": id}
                file.write(json.dumps({
                    "time": f"2026-03-02T06:{attempt * 5:02}:{number:02}Z", "resourceId": resource,
                    "operationName": "Register", "category": "RegistrationsOperationalLogs", "resultType": "Failure",
                    "properties": json.dumps(properties)}) + "\n")


def fixtures():
    """Pages by name, with their databases: every sample, hostile ids, an empty database, one device."""
    pages = {}
    for db in given:
        name = os.path.basename(db).split(".")[0]
        page = os.path.join(work, name + ".html")
        program("report", "--db", db, "--format", "html", "-o", page)
        pages[name] = (db, page)
    logs = {name: [os.path.join("samples", name)] for name in sorted(os.listdir("samples"))
            if os.path.isdir(os.path.join("samples", name)) and name != "truth"}
    logs["hostile"] = [os.path.join(work, "hostile a#b%.json")]
    hostile(logs["hostile"][0])
    logs["empty"] = [os.path.join(work, "empty.json")]
    open(logs["empty"][0], "w").close()
    for name, paths in ({} if given else logs).items():
        db, page = os.path.join(work, name + ".db"), os.path.join(work, name + ".html")
        program("ingest", *paths, "--db", db, "-q")
        program("report", "--db", db, "--format", "html", "-o", page)
        pages[name] = (db, page)
    if given:
        return pages
    db = pages["hub-migration-old-hub"][0]
    page = os.path.join(work, "device.html")
    program("device", "truck-01", "--db", db, "--format", "html", "--raw", "-o", page)
    pages["device"] = (db, page)
    return pages


def probe(browser, name, argument=""):
    return browser.run(f"(() => {{ {probes}; return probes.{name}({argument}); }})()")


def quiet(browser, name, page):
    """Nothing is asked for but the file itself, and nothing complains."""
    address = "file://" + subprocess.list2cmdline([page]).strip('"')
    others = [url for url in browser.requests if not url.startswith("file://") and not url.startswith("blob:")]
    expect(f"{name}: no request leaves the page", not others and len(browser.requests) <= 1, browser.requests)
    expect(f"{name}: the console stays silent", not browser.complaints, browser.complaints)


def stops(browser, most=400):
    """How many places the Tab key stops at before it comes round."""
    browser.run("document.activeElement.blur(); scrollTo(0, 0); window.seen = new Set(); 0")
    for count in range(most):
        browser.press("Tab")
        fresh = browser.run("""(() => { const e = document.activeElement; if (!e || e === document.body) return false;
            if (seen.has(e)) return false; seen.add(e); return true; })()""")
        if not fresh:
            return count
    return most


def table(browser, name, db):
    """Sorting, filters, the address, CSV: against what `findings` says."""
    found = json.loads(program("findings", "--db", db, "--format", "json"))
    if not found:
        return
    ids = [row["finding_id"] for row in found]
    if len(ids) > 3000:
        # Some of every rule, in the order of `findings`.
        here = browser.run("[...document.querySelectorAll('#finding-table tbody tr')].map(r => r.dataset.id)")
        place = {id: number for number, id in enumerate(ids)}
        places = [place[id] for id in here]
        expect(f"{name}: 3000 findings are shown, in the order of `findings`", len(here) == 3000 and places == sorted(places))
        found = [found[number] for number in places]
        expect(f"{name}: of every rule some", {row["rule"] for row in found} == {row["rule"] for row in json.loads(
            program("findings", "--db", db, "--format", "json"))})
        ids = here
    expect(f"{name}: the first rows are those of `findings`", probe(browser, "rows") == ids[:100])
    address = browser.run("location.href.split('#')[0]")

    def click(column):
        browser.run(f"document.querySelectorAll('#finding-table th button')[{column}].click()")

    for column, key in ((2, "subject"), (1, "rule"), (7, "occurrences")):
        click(column)
        values = probe(browser, "cells", column)
        values = [int(v) for v in values] if column == 7 else values
        expect(f"{name}: sorted by {key}", values == sorted(values, key=lambda v: v if column == 7 else utf16(v)), values[:5])
        click(column)
        back = probe(browser, "cells", column)
        back = [int(v) for v in back] if column == 7 else back
        expect(f"{name}: and the other way round", back == sorted(back, key=lambda v: v if column == 7 else utf16(v), reverse=True))
        click(column)
    expect(f"{name}: then in the order of `findings` again", probe(browser, "rows") == ids[:100])

    subject = found[len(found) // 2]["subject"]
    word = max(re.findall(r"[A-Za-z0-9_-]+", subject), key=len)[:40]
    browser.run(f"""(() => {{ const f = document.querySelector('[data-filter=text]'); f.value = {json.dumps(word)};
        f.dispatchEvent(new Event('input')); }})()""")
    told = browser.run("document.getElementById('count').textContent")
    rows = probe(browser, "rows")
    expect(f"{name}: a text filters", 0 < len(rows) <= len(ids) and told.startswith(f"{len(rows)} of"), told)
    state = browser.run("location.href")
    expect(f"{name}: the address keeps it", "text=" in state.split("#")[1], state)

    downloads = os.path.join(work, "downloads", name)
    os.makedirs(downloads, exist_ok=True)
    browser.call("Page.setDownloadBehavior", behavior="allow", downloadPath=downloads)
    browser.run("document.getElementById('csv').click()")
    path = os.path.join(downloads, "findings.csv")
    for _ in range(100):
        if os.path.exists(path) and os.path.getsize(path):
            break
        time.sleep(0.1)
    text = open(path, encoding="utf-8", newline="").read() if os.path.exists(path) else ""
    lines = list(csv.DictReader(io.StringIO(text)))
    expect(f"{name}: CSV holds no record", not any('"resourceId"' in c for line in lines for c in line.values()))
    expect(f"{name}: CSV has what is shown", [line["finding_id"] for line in lines] == rows, text[:200])
    expect(f"{name}: CSV runs in no spreadsheet", not any(c[:1] in "=+-@\t\r" and c for line in lines for c in line.values()))

    browser.open(state)
    expect(f"{name}: and opens again as it was", probe(browser, "rows") == rows)
    browser.run("document.getElementById('clear').click()")
    expect(f"{name}: all are shown again", probe(browser, "rows") == ids[:100])
    for key, member in (("severity", "severity"), ("rule", "rule")):
        value = found[-1][member]
        if not browser.run(f"!!document.querySelector('[data-filter={key}]')"):
            continue
        browser.run(f"""(() => {{ const f = document.querySelector('[data-filter={key}]'); f.value = {json.dumps(value)};
            f.dispatchEvent(new Event('change')); }})()""")
        count = int(browser.run("document.getElementById('count').textContent").split(" ")[0])
        expect(f"{name}: filtered by {key}", count == sum(row[member] == value for row in found), count)
        browser.run("document.getElementById('clear').click()")
    browser.open(address)


def records(browser, name, db):
    """From the page to a raw record of the first incident: the clicks it takes, at most three."""
    found = json.loads(program("report", "--db", db, "--format", "json"))
    if not found["incidents"]:
        return None
    first = found["incidents"][0]["incident"]
    article = f"document.getElementById('incident-{first}')"
    clicks = 0
    for what in ("details.incident", "details.incident details:has(pre)"):
        # A click where the thing is closed, as a person would.
        clicks += browser.run(f"""(() => {{ const d = {article}.querySelector('{what}'); if (d.open) return 0;
            d.querySelector('summary').click(); return 1; }})()""")
    shown = browser.run(f"""(() => {{ const p = {article}.querySelector('details details pre');
        return p && p.checkVisibility() ? p.textContent : ''; }})()""")
    raw = '"resourceId":' in shown
    if not raw:
        # Of a plain success the columns are kept, and a command that prints the line: that is one more.
        command = [line.split("Print the line: ")[1] for line in shown.split("\n") if "Print the line: " in line]
        expect(f"{name}: the record or its command is there", bool(command), shown[:200])
        clicks += 1
        raw = bool(command) and '"resourceId":' in subprocess.run(
            command[0], shell=True, capture_output=True).stdout.decode().replace('": "', '":"')
    expect(f"{name}: at most three clicks to the raw record of the first cause", raw and clicks <= 3, shown[:200])
    cited = [row for row in found["findings"] if row["evidence"]]
    behind = browser.run("[...document.querySelectorAll('#finding-table td.what > details')].length")
    said = browser.run("[...document.querySelectorAll('.omitted')].some(p => p.textContent.includes('raw records stand behind'))")
    expect(f"{name}: records stand behind findings, or it is said where they end", behind == len(cited) or said, behind)
    return clicks


def utf16(text):
    """As JavaScript compares texts."""
    return text.encode("utf-16-be")


def numbers(browser, name, db):
    """The numbers of the page against those of `query` and `report --format json`."""
    report = json.loads(program("report", "--db", db, "--format", "json"))
    count = int(program("query", "--sql", "SELECT count(*) AS n FROM attempts", "--format", "csv", "--db", db).split("\n")[1])
    shown = browser.run("""(() => { const t = document.querySelector('table.funnel'); if (!t) return [];
        return [...t.tBodies[0].rows].map(r => [r.className, r.cells[0].textContent, Number(r.cells[1].textContent)]); })()""")
    expect(f"{name}: the funnel is there where there are attempts", bool(shown) == (count > 0))
    if shown:
        expect(f"{name}: attempts are those of `query`", shown[0][2] == count == sum(report["outcomes"].values()), shown)
        lost = sum(n for kind, _, n in shown if kind == "loss")
        expect(f"{name}: every attempt has one end", lost + shown[-1][2] == count, shown)
        expect(f"{name}: connected are those of the report", shown[-1][2] == report["journeys"].get("connected", 0))
    articles = browser.run("[...document.querySelectorAll('article[id^=incident-]')].map(a => a.id.slice(9))")
    expect(f"{name}: incidents are those of the report", articles == [i["incident"] for i in report["incidents"]][:60])
    columns = browser.run("""[...document.querySelectorAll('#timeline ~ figure .numbers, section figure .numbers')]
        .map(d => [d.querySelector('caption').textContent, [...d.querySelectorAll('tbody tr')].map(r => [...r.cells].slice(1).map(c => c.textContent))])""")
    for caption, rows in columns:
        total = sum(int(cell) for row in rows for cell in row if cell.isdigit())
        if caption.startswith("Registration attempts"):
            expect(f"{name}: the timeline has every attempt", total == count, total)
        if caption.startswith("Connections"):
            expect(f"{name}: and every connection", total == report["contacts"].get("connected", 0), total)
        if caption.startswith("Errors"):
            errors = sum(report["explained"].values()) + report["unexplained"]
            expect(f"{name}: and every error", total == errors, f"{total} instead of {errors}")


def keyboard(browser, name):
    count = stops(browser)
    expect(f"{name}: at most 300 stops for the Tab key", count <= 300, count)
    opened = browser.run("""(() => { const all = document.querySelectorAll('details.incident'); if (!all.length) return null;
        const d = all[all.length - 1]; d.open = false; d.querySelector('summary').focus(); return true; })()""")
    if opened:
        browser.press("Enter", text="\r")
        expect(f"{name}: Enter opens an incident", browser.run(
            "[...document.querySelectorAll('details.incident')].pop().open"))
    if browser.run("!!document.querySelector('#finding-table th button')"):
        browser.run("document.querySelectorAll('#finding-table th button')[2].focus()")
        browser.press("Enter", text="\r")
        expect(f"{name}: Enter sorts", browser.run(
            "document.querySelectorAll('#finding-table th')[2].getAttribute('aria-sort')") == "ascending")
    return count


def zoom(browser, name, db):
    if not browser.run("!!document.getElementById('zoom')"):
        return
    browser.run("""(() => { const f = document.getElementById('zoom-from'); f.value = 1; f.dispatchEvent(new Event('change')); })()""")
    expect(f"{name}: a span can be chosen", browser.run(
        "document.querySelector('svg.plot').getAttribute('viewBox').startsWith('1 ')"))
    expect(f"{name}: the address keeps the span", "from=1" in browser.run("location.hash"))
    if browser.run("!!document.getElementById('finding-table')"):
        here = set(browser.run("[...document.querySelectorAll('#finding-table tbody tr')].map(r => r.dataset.id)"))
        found = [f for f in json.loads(program("findings", "--db", db, "--format", "json")) if f["finding_id"] in here]
        # The latter half, so that most pages lose some.
        begin = browser.run("""(() => { const z = document.getElementById('zoom').dataset, f = document.getElementById('zoom-from');
            f.value = Math.floor(z.count / 2); f.dispatchEvent(new Event('change'));
            return (Number(z.begin) + Number(f.value) * Number(z.step)) * 1000; })()""")
        late = [f for f in found if not f["last_seen"] or datetime.datetime.fromisoformat(f["last_seen"]).timestamp() * 1000 >= begin]
        count = int(browser.run("document.getElementById('count').textContent").split(" ")[0])
        expect(f"{name}: and the findings are those seen in it", abs(count - len(late)) == 0, f"{count} of {len(late)}")
    browser.run("document.getElementById('zoom-reset').click()")
    expect(f"{name}: and the whole time again", browser.run(
        "document.querySelector('svg.plot').getAttribute('viewBox').startsWith('0 ')"))


def paper(browser, name, page):
    path = os.path.join(pictures, name + ".pdf")
    browser.paper(path)
    text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True).stdout.decode()
    for id in browser.run("[...document.querySelectorAll('article[id^=incident-]')].map(a => a.id.slice(9))")[:10]:
        expect(f"{name}: on paper incident {id} is unfolded", f"--incident {id}" in text.replace("\n", " "))
    # A finding that cites no line names no command, and so its id does not stand there.
    rows = browser.run("""[...document.querySelectorAll('#finding-table tbody tr')].filter(r => r.querySelector('td.what > small'))
        .map(r => r.dataset.id.slice(0, 8))""")
    flat = text.replace("\n", " ")
    missing = [id for id in rows if id not in flat]
    expect(f"{name}: on paper is every finding", not missing, missing[:3])
    # Six and more to a sheet; what takes a third of one each is printed as cards.
    expect(f"{name}: on paper findings stand close", text.count("\f") <= 60 + len(rows) / 6, text.count("\f"))
    return text.count("\f")


def first_paint(browser):
    """Milliseconds from the start of loading to the first paint with content."""
    browser.run("new Promise(done => requestAnimationFrame(() => setTimeout(done, 200)))")
    return browser.run("(performance.getEntriesByName('first-contentful-paint')[0] || {}).startTime") or 0


def main():
    os.makedirs(pictures, exist_ok=True)
    pages = fixtures()
    browser = Browser(work)
    try:
        for name, (db, page) in pages.items():
            address = "file://" + page.replace("%", "%25").replace("#", "%23").replace(" ", "%20")
            browser.size(1280)
            browser.theme("light")
            browser.open(address)
            paint = first_paint(browser)
            for _ in range(2):
                # The machine may have had other things to do; what it can is the least of three.
                browser.open(address)
                paint = min(paint, first_paint(browser))
            expect(f"{name}: first paint in less than a second", 0 < paint < 1000, paint)
            quiet(browser, name, page)
            expect(f"{name}: structure", not probe(browser, "structure"), probe(browser, "structure"))
            if name != "device":
                numbers(browser, name, db)
                table(browser, name, db)
                zoom(browser, name, db)
                clicks = records(browser, name, db)
                tabs = keyboard(browser, name)
                sheets = paper(browser, name, page)
                quiet(browser, name, page)
            else:
                tabs, sheets, clicks = stops(browser), 0, None
            for theme in ("light", "dark"):
                browser.theme(theme)
                for width in (390, 1024, 1920):
                    browser.size(width, mobile=width == 390)
                    browser.open(address)
                    expect(f"{name}: {width} {theme}: layout", not probe(browser, "layout"), probe(browser, "layout"))
                    browser.picture(os.path.join(pictures, f"{name}-{width}-{theme}.png"), whole=True)
                browser.run("for (const d of document.querySelectorAll('details')) d.open = true")
                expect(f"{name}: {theme}: contrast", not probe(browser, "contrast"), probe(browser, "contrast"))
            # Without the script everything is there to be read.
            browser.call("Emulation.setScriptExecutionDisabled", value=True)
            browser.size(1280)
            browser.open(address)
            rows = probe(browser, "rows")
            hidden = browser.run("[...document.querySelectorAll('.controls')].every(c => !c.checkVisibility())")
            expect(f"{name}: without script all rows are readable", name == "device" or len(rows) == min(
                3000, len(json.loads(program("findings", "--db", db, "--format", "json")))), len(rows))
            expect(f"{name}: without script no dead controls", hidden)
            expect(f"{name}: without script at most 300 stops for the Tab key", stops(browser) <= 300)
            quiet(browser, name + " without script", page)
            browser.call("Emulation.setScriptExecutionDisabled", value=False)
            size = os.path.getsize(page)
            expect(f"{name}: at most 5 MB", size <= 5_000_000, size)
            way = "" if clicks is None else f", {clicks} clicks to the first raw record"
            print(f"{name}: {size:,} bytes, first paint {paint:.0f} ms, {tabs} tab stops, {sheets} sheets of paper{way}")
    finally:
        browser.close()
    print(f"check-page: {checks} checks, {len(failures)} failed")
    sys.exit(1 if failures else 0)


main()
