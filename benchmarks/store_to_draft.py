"""From the last image of a 108-slice CT to the draft on the sender's page, and from Post to a colleague's page."""

import re
import time

from bench_system import bench, choose_room, sign_in, store, tell
from playwright.sync_api import expect


def main() -> None:
    """Run once and print."""
    with bench() as (system, files, browser):
        sender = sign_in(browser.new_context(), system, "kaur")
        colleague = sign_in(browser.new_context(), system, "arora")
        started = time.monotonic()
        store(system, files)
        last = time.monotonic()
        ready = sender.get_by_role("link", name=re.compile("Write the question"))
        expect(ready).to_be_visible(timeout=60_000)
        drafted = time.monotonic()
        print(f"storescu: {len(files)} images in {last - started:.1f} s, {len(files) / (last - started):.0f}/s")
        tell("last image to draft ready", drafted - last, "s", 8)
        ready.click()
        sender.get_by_label("One question").fill("Is this normal?")
        choose_room(sender, "Radiology, Bathinda")
        expect(sender.locator("#heads")).to_contain_text("The face was taken out", timeout=180_000)
        print(f"draft ready to its head without a face: {time.monotonic() - drafted:.1f} s")
        posted = time.monotonic()
        sender.get_by_role("button", name="Post", exact=True).click()
        expect(colleague.get_by_role("link", name=re.compile("Is this normal"))).to_be_visible(timeout=30_000)
        tell("Post to visible in a second browser", time.monotonic() - posted, "s", 3)


if __name__ == "__main__":
    main()
