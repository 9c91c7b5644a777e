"""A headless Chromium by its DevTools protocol: https://chromedevtools.github.io/devtools-protocol/"""
import base64, json, os, re, subprocess, time
import websocket


class Browser:
    """One browser with one page; what the page asked for and complained of is noted."""

    def __init__(self, folder):
        self.folder = folder
        profile = os.path.join(folder, "profile")
        flags = ["--headless=new", "--disable-gpu", "--remote-debugging-port=0", "--no-first-run", "--hide-scrollbars",
                 "--remote-allow-origins=*", "--disable-background-networking", "--disable-component-update",
                 "--disable-dev-shm-usage", f"--user-data-dir={profile}"]
        if os.getuid() == 0:
            flags.append("--no-sandbox")
        self.log = open(os.path.join(folder, "chromium.log"), "w+")
        self.process = subprocess.Popen(["chromium", *flags, "about:blank"], stderr=self.log, stdout=self.log)
        place = os.path.join(profile, "DevToolsActivePort")
        for _ in range(300):
            if os.path.exists(place) and open(place).read().count("\n"):
                break
            time.sleep(0.1)
        else:
            raise SystemExit("check-page: Chromium did not start: " + open(self.log.name).read()[-500:])
        port, path = open(place).read().split("\n")[:2]
        self.socket = websocket.create_connection(f"ws://127.0.0.1:{port}{path}", timeout=120)
        self.number = 0
        self.session = None
        self.requests, self.complaints, self.events = [], [], []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log", "DOM"):
            self.call(domain + ".enable")

    def call(self, method, **parameters):
        """Sends a command and gives its result."""
        self.number += 1
        number = self.number
        message = {"id": number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        self.socket.send(json.dumps(message))
        while True:
            answer = self.receive()
            if answer.get("id") == number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]

    def receive(self):
        message = json.loads(self.socket.recv())
        method, detail = message.get("method"), message.get("params", {})
        if method == "Network.requestWillBeSent":
            self.requests.append(detail["request"]["url"])
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(str(detail["exceptionDetails"])[:300])
        elif method == "Runtime.consoleAPICalled" and detail["type"] in ("error", "warning"):
            self.complaints.append(str(detail["args"])[:300])
        elif method == "Log.entryAdded" and detail["entry"]["level"] in ("error", "warning"):
            self.complaints.append(detail["entry"]["text"][:300])
        if method:
            self.events.append(method)
        return message

    def wait(self, event):
        """Waits until an event has come since the last `open`."""
        while event not in self.events:
            self.receive()

    def open(self, address):
        """Opens an address and waits until it is loaded."""
        self.requests, self.complaints, self.events = [], [], []
        # Another place of the same file is no new load.
        self.call("Page.navigate", url="about:blank")
        self.wait("Page.loadEventFired")
        self.requests, self.complaints, self.events = [], [], []
        self.call("Page.navigate", url=address)
        self.wait("Page.loadEventFired")

    def run(self, script):
        """What an expression in the page gives."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(str(answer["exceptionDetails"])[:400])
        return answer["result"].get("value")

    def press(self, key, code=None, text=None, modifiers=0):
        """Presses a key."""
        codes = {"Tab": 9, "Enter": 13, " ": 32}
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=code or key, modifiers=modifiers,
                      windowsVirtualKeyCode=codes.get(key, 0), **({"text": text} if text and kind == "keyDown" else {}))

    def size(self, width, height=1000, mobile=False):
        """Makes the window so large, CSS pixels."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=mobile)

    def theme(self, name):
        """`light` or `dark`."""
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": name}])

    def picture(self, path, whole=False, most=6000, clip=None):
        """Writes a picture of the window, of a part of the page, or of the page down to `most` pixels."""
        options = {"format": "png"}
        if clip:
            options.update(captureBeyondViewport=True, clip=clip)
        if whole:
            box = self.call("Page.getLayoutMetrics")["cssContentSize"]
            options.update(captureBeyondViewport=True, clip={
                "x": 0, "y": 0, "width": box["width"], "height": min(box["height"], most), "scale": 1})
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.call("Page.captureScreenshot", **options)["data"]))

    def paper(self, path):
        """Prints the page to a PDF."""
        data = self.call("Page.printToPDF", printBackground=False, paperWidth=8.27, paperHeight=11.69)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
