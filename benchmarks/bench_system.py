"""What both benchmarks need: a system of its own, the CT series, a browser."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "src")]

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright  # noqa: E402
from support.studies import Planted, write_series  # noqa: E402
from support.system import RunningSystem, running_system  # noqa: E402

PASSWORD = "demo-only-2026"


@contextmanager
def bench() -> Iterator[tuple[RunningSystem, list[Path], Browser]]:
    """A running system, the 108-slice CT, and a real Chromium."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        files = write_series(Path(folder) / "ct", Planted())
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        with running_system(Path(folder) / "home", "--no-demo-studies") as system:
            yield system, files, browser
        browser.close()


def sign_in(context: BrowserContext, system: RunningSystem, username: str) -> Page:
    """Sign a demo member in and stand on the feed."""
    page = context.new_page()
    page.goto(f"{system.address}/sign-in")
    page.get_by_label("Sign-in name").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{system.address}/")
    return page


def choose_room(page: Page, name: str) -> None:
    """Choose a room by the start of its line."""
    select = page.get_by_label("Room", exact=True)
    select.select_option(select.locator("option", has_text=name).get_attribute("value"))


def store(system: RunningSystem, files: list[Path]) -> None:
    """Send with dcmtk's storescu."""
    import subprocess

    command = ["storescu", "-aet", "WS_BATHINDA", "-aec", "CONFRERE", "127.0.0.1", str(system.dicom_port)]
    subprocess.run([*command, *map(str, files)], check=True, capture_output=True)


def tell(name: str, value: float, unit: str, bound: float, *, at_least: bool = False) -> None:
    """Print one figure, its bound and their ratio."""
    sign = "≥" if at_least else "≤"
    print(f"{name:44} {value:9.2f} {unit:9} bound {sign} {bound:g}  ratio {value / bound:.2f}")
