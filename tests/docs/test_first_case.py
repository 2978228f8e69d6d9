"""The tutorial does what it says: each command and each step of docs/tutorials/first-case.md is carried out."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from support.chromium import running_chromium
from support.system import RunningSystem, running_system

pytestmark = [pytest.mark.browser, pytest.mark.system]
ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/tutorials/first-case.md"
COMMAND = re.compile(r"```sh(?: expect=(?P<code>\d))?\n(?P<words>.+?)\n```", re.DOTALL)
STEP = re.compile(r"^- (?P<step>.+)$", re.MULTILINE)


def lines_of(text: str) -> Iterator[tuple[str, str, int]]:
    """Commands and steps in the order of the page, as (kind, words, expected exit code)."""
    found = [(match.start(), "command", match["words"], int(match["code"] or 0)) for match in COMMAND.finditer(text)]
    found += [(match.start(), "step", match["step"], 0) for match in STEP.finditer(text)]
    for _place, kind, words, code in sorted(found):
        yield kind, words, code


def named(page: Page, words: str) -> Callable[[], None]:
    """Press what is named so: a button, else a link."""
    button = page.get_by_role("button", name=words, exact=True)
    link = page.get_by_role("link", name=re.compile(re.escape(words))).first
    expect(button.or_(link).first).to_be_visible()
    return button.click if button.count() else link.click


class Reader:
    """A newcomer who does what the page says and nothing else."""

    def __init__(self, system: RunningSystem, folder: Path, page: Page) -> None:
        self.system = system
        self.folder = folder
        self.page = page

    def carry_out(self, step: str) -> None:
        """Carry out one step; a sentence the reader does not understand fails."""
        for pattern, action in self.sentences().items():
            match = re.fullmatch(pattern, step)
            if match:
                action(*match.groups())
                return
        raise AssertionError(f"a step nobody can carry out: {step}")

    def sentences(self) -> dict[str, Callable[..., object]]:
        page = self.page
        return {
            r"Open `(/\S*)`\.": lambda path: page.goto(self.system.address + path),
            r"Write `(.+)` into \*\*(.+)\*\*\.": lambda words, field: page.get_by_label(field, exact=True).fill(words),
            r"Press \*\*(.+)\*\*\.": lambda words: named(page, words)(),
            r"Choose the folder `(.+)` with \*\*(.+)\*\*\.": self.choose_folder,
            r"Choose \*\*(.+)\*\* in \*\*(.+)\*\*\.": self.choose,
            r"You see \*\*(.+)\*\*\.": self.see,
            r"Sign out\.": self.sign_out,
        }

    def see(self, words: str) -> None:
        expect(self.page.get_by_text(words).first).to_be_visible()

    def choose_folder(self, folder: str, button: str) -> None:
        with self.page.expect_file_chooser() as chooser:
            self.page.get_by_role("button", name=button).click()
        chooser.value.set_files(self.folder / folder)
        self.page.wait_for_url(re.compile("sent="), timeout=30_000)

    def choose(self, option: str, field: str) -> None:
        select = self.page.get_by_label(field, exact=True)
        select.select_option(select.locator("option", has_text=option).get_attribute("value"))

    def sign_out(self) -> None:
        self.page.goto(f"{self.system.address}/me")
        self.page.get_by_role("button", name="Sign out").click()

    def run(self, command: str, code: int) -> None:
        """Run a command of the page; `python3 run.py confrere` is this environment's `python -m confrere`."""
        words = shlex.split(command)
        assert words[:2] == ["python3", "run.py"], command
        if words[2:] == ["up"]:
            assert self.system.is_healthy()
            return
        assert words[2] == "confrere", command
        environ = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "CONFRERE_HOME": str(self.system.home)}
        done = subprocess.run(
            [sys.executable, "-m", *words[2:]], cwd=self.folder, env=environ, capture_output=True, text=True
        )
        assert done.returncode == code, done.stdout + done.stderr


@pytest.fixture
def browser() -> Iterator[Browser]:
    with running_chromium() as started:
        yield started


def test_every_line_of_the_tutorial_can_be_carried_out(browser: Browser, tmp_path: Path) -> None:
    with running_system(tmp_path / "home", "--no-demo-studies") as system:
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.set_default_timeout(20_000)
        # A head is looked at for seconds, on a busy machine for many.
        expect.set_options(timeout=90_000)
        reader = Reader(system, tmp_path, page)
        done = 0
        for kind, words, code in lines_of(PAGE.read_text()):
            if kind == "command":
                reader.run(words, code)
            else:
                reader.carry_out(words)
            done += 1
        assert done > 20


def test_every_picture_of_the_manual_is_there_and_shown() -> None:
    shown = set(re.findall(r"\]\(images/([\w-]+\.png)\)", PAGE.read_text()))
    there = {path.name for path in (PAGE.parent / "images").glob("*.png")}
    assert shown == there


def test_a_step_nobody_understands_fails() -> None:
    """The seeded failure of this gate."""
    reader = Reader.__new__(Reader)
    reader.page = None  # type: ignore[assignment]  # never reached
    with pytest.raises(AssertionError, match="nobody can carry out"):
        reader.carry_out("Do something sensible.")
