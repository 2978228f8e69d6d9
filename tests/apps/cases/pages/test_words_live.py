"""The live check in a real Chromium: marks appear while one writes, one tap replaces, a confirmed mark is posted."""

import os
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import modify_settings
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer
from support.chromium import running_chromium

PASSWORD = "correct horse battery"  # as tests/apps/conftest.py gives it to members that exist for one test

pytestmark = [pytest.mark.browser]


@pytest.fixture
def allowed_here(monkeypatch):
    """Playwright runs a loop in this thread, which Django would take for an async view."""
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.fixture
def served(db) -> Iterator[str]:
    """The address of the pages, served out of the test's own transaction: an append-only ledger is never flushed."""
    if connection.vendor != "sqlite":
        pytest.skip("another thread sees this test's rows only where the connection is shared, on SQLite in memory")
    server = LiveServer("127.0.0.1")
    with modify_settings(ALLOWED_HOSTS={"append": "127.0.0.1"}):
        yield server.url
    server.stop()


def test_marks_appear_while_one_writes_and_one_tap_replaces(cast, posted_case, served, allowed_here) -> None:
    complaints: list[str] = []
    with running_chromium() as browser:
        page = browser.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.goto(f"{served}/sign-in")
        page.get_by_label("Sign-in name").fill(cast.bob.username)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.goto(f"{served}/cases/{posted_case.id}")
        box = page.get_by_label("Your comment")
        box.press_sequentially("Same as Mr Ramesh Iyer, film of Thottipura")
        form = page.locator("#write")
        expect(form.locator("mark.sure")).to_have_text("Mr Ramesh Iyer")
        expect(form.locator("mark.unsure")).to_have_text("Thottipura")
        form.get_by_role("button", name="Write [name]").click()
        expect(page.get_by_label("Your comment")).to_have_value("Same as [name], film of Thottipura")
        form.get_by_label("This names no one").check()
        form.get_by_role("button", name="Send").click()
        expect(page.locator(".thread")).to_contain_text("Same as [name], film of Thottipura")
        assert not [one for one in complaints if "Content Security Policy" in one or "Uncaught" in one]
    assert posted_case.comments.count() == 1
