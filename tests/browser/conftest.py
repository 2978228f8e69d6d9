"""A real Chromium, and a page that remembers every console error."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from support.chromium import running_chromium
from support.studies import Planted, write_series
from support.system import RunningSystem, running_system

PASSWORD = "demo-only-2026"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Of one module, not of the session: Playwright's loop must not run on into tests of the database."""
    with running_chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    home = tmp_path_factory.mktemp("journey") / "home"
    with running_system(home, "--no-demo-studies") as running:
        yield running


@pytest.fixture(scope="session")
def planted() -> Planted:
    return Planted()


@pytest.fixture(scope="session")
def ct_files(tmp_path_factory: pytest.TempPathFactory, planted: Planted) -> list[Path]:
    return write_series(tmp_path_factory.mktemp("ct"), planted)


class Visit:
    """One member in a browser context of their own; `errors` holds what the console complained of."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context = context
        self.address = address
        self.page: Page = context.new_page()
        self.errors: list[str] = []
        self.page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda fault: self.errors.append(str(fault)))

    def sign_in(self, username: str) -> Page:
        self.page.goto(f"{self.address}/sign-in")
        self.page.get_by_label("Sign-in name").fill(username)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(f"{self.address}/")
        return self.page


@pytest.fixture
def visit(chromium: Browser, system: RunningSystem) -> Iterator[Callable[..., Visit]]:
    contexts: list[BrowserContext] = []

    def make(width: int = 1366, height: int = 768) -> Visit:
        context = chromium.new_context(viewport={"width": width, "height": height}, color_scheme="dark")
        context.set_default_timeout(20_000)
        contexts.append(context)
        return Visit(context, system.address)

    yield make
    for context in contexts:
        context.close()
