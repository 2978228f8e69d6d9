"""A resident opens a case on a slow link: 2 Mbit/s down, 0.5 Mbit/s up, 150 ms, cold cache; then scrolls it."""

import re
import time

from bench_system import bench, choose_room, sign_in, store, tell
from playwright.sync_api import Browser, BrowserContext, Page, expect

PHONE = {"width": 390, "height": 844}


class Wire:
    """Counts what came over the wire, and when."""

    def __init__(self, page: Page) -> None:
        self.kinds: dict[str, str] = {}
        self.bytes: dict[str, int] = {"shell": 0, "images": 0, "other": 0}
        self.cdp = page.context.new_cdp_session(page)
        self.cdp.on("Network.responseReceived", self._named)
        self.cdp.on("Network.loadingFinished", self._counted)
        self.cdp.send("Network.enable")

    def _named(self, event: dict[str, object]) -> None:
        response = event["response"]
        mime = str(response["mimeType"]) if isinstance(response, dict) else ""
        kind = "images" if mime.startswith("image/webp") else "other" if "json" in mime or "octet" in mime else "shell"
        self.kinds[str(event["requestId"])] = kind

    def _counted(self, event: dict[str, object]) -> None:
        length = event["encodedDataLength"]
        self.bytes[self.kinds.get(str(event["requestId"]), "other")] += int(str(length).split(".")[0])

    def slow(self) -> None:
        """Emulate the slow link from here on."""
        told = {"offline": False, "latency": 150, "downloadThroughput": 250_000, "uploadThroughput": 62_500}
        self.cdp.send("Network.emulateNetworkConditions", told)


def cold_open(browser: Browser, address: str, cookies: BrowserContext, case: str) -> None:
    """Open the case in a new context that has the session cookie and nothing else."""
    context = browser.new_context(viewport=PHONE, device_scale_factor=2)
    context.add_cookies(cookies.cookies())  # type: ignore[arg-type]  # the same shape, typed apart
    page = context.new_page()
    wire = Wire(page)
    wire.slow()
    started = time.monotonic()
    page.goto(case, wait_until="commit")
    expect(page.locator("[data-viewer][data-ready='1']")).to_be_attached(timeout=60_000)
    first, counted = time.monotonic() - started, dict(wire.bytes)
    tell("first readable image, cold", first, "s", 3.0)
    tell("on the wire until then", sum(counted.values()) / 1000, "kB", 260)
    tell("of it the shell", counted["shell"] / 1000, "kB", 180)


def scroll(page: Page) -> None:
    """Scroll the stack to and fro from cache and count frames drawn."""
    viewer = page.locator("[data-viewer]")
    expect(viewer).to_have_attribute("data-ready", "1")
    page.wait_for_timeout(15_000)
    box = page.locator("[data-viewer] canvas").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    rate = page.evaluate(
        """async () => {
          const viewer = document.querySelector('[data-viewer]');
          const canvas = viewer.querySelector('canvas');
          const drawn = () => Number(viewer.dataset.drawn);
          const start = performance.now(), before = drawn();
          let turn = 0;
          while (performance.now() - start < 3000) {
            const deltaY = Math.floor(turn++ / 50) % 2 ? -120 : 120;
            canvas.dispatchEvent(new WheelEvent('wheel', {deltaY, bubbles: true, cancelable: true}));
            await new Promise(requestAnimationFrame);
          }
          return (drawn() - before) / ((performance.now() - start) / 1000);
        }"""
    )
    tell("stack scroll from cache", float(rate), "frames/s", 30, at_least=True)


def main() -> None:
    """Post the CT, open it cold on the slow link, scroll it from cache."""
    with bench() as (system, files, browser):
        context = browser.new_context()
        author = sign_in(context, system, "kaur")
        store(system, files)
        ready = author.get_by_role("link", name=re.compile("Write the question"))
        expect(ready).to_be_visible(timeout=60_000)
        ready.click()
        author.get_by_label("One question").fill("Is this normal?")
        choose_room(author, "Radiology, Bathinda")
        expect(author.locator("#heads")).to_contain_text("The face was taken out", timeout=180_000)
        author.get_by_role("button", name="Post", exact=True).click()
        author.wait_for_url(re.compile("/cases/"))
        reader = browser.new_context()
        sign_in(reader, system, "gill")
        cold_open(browser, system.address, reader, author.url)
        scroll(author)


if __name__ == "__main__":
    main()
