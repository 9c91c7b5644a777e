"""pictures.py DPSLENS WORK FOLDER: see scripts/pictures."""
import os, subprocess, sys
from PIL import Image
from browser import Browser

dpslens, work, folder = sys.argv[1:4]

# Name, sample, theme, width, and the script that gives the part of the page: left, top, width, height.
PICTURES = [
    ("report-incident", "rollout-429-backoff", "light", 1000, """(() => {
        const end = document.querySelector('article .rules').getBoundingClientRect().bottom + scrollY;
        return [0, 0, innerWidth, end + 12]; })()"""),
    ("report-over-time", "ca-rotation-expiry-wave", "dark", 1000, """(() => {
        const at = (id) => document.getElementById(id).getBoundingClientRect();
        const top = at('funnel').top + scrollY - 16, end = document.querySelectorAll('figure .legend')[1].getBoundingClientRect().bottom + scrollY;
        return [0, top, innerWidth, end - top + 4]; })()"""),
]


def main():
    browser = Browser(work)
    try:
        for name, sample, theme, width, part in PICTURES:
            # Names as a reader would see them: no folder of this machine.
            database, page = sample + ".db", sample + ".html"
            subprocess.run([dpslens, "ingest", "samples/" + sample, "--db", database, "-q"], check=True, stdout=subprocess.DEVNULL)
            subprocess.run([dpslens, "report", "--db", database, "--format", "html", "-o", page], check=True)
            browser.size(width)
            browser.theme(theme)
            browser.open("file://" + os.path.join(work, page))
            browser.run("new Promise(done => requestAnimationFrame(() => setTimeout(done, 200)))")
            left, top, wide, high = browser.run(part)
            place = os.path.join(folder, name + ".png")
            browser.picture(place, clip={"x": left, "y": top, "width": wide, "height": high, "scale": 1})
            # Text on plain ground needs few colours.
            Image.open(place).convert("RGB").quantize(128, dither=Image.Dither.NONE).save(place, optimize=True)
            print(f"{place}: {wide:.0f} x {high:.0f}, {os.path.getsize(place):,} bytes")
    finally:
        browser.close()


main()
