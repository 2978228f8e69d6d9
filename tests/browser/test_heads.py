"""A post that comes before its head was looked at waits on the page and posts itself; a choice is one press."""

import os
import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from browser.test_first_light import choose_room, store
from playwright.sync_api import expect
from pydicom import dcmread
from support.studies import Planted, write_series
from support.system import RunningSystem, wait_until

pytestmark = [pytest.mark.browser]
QUESTION = "Is there a fracture of the skull base?"
EDITED = "Is there a fracture of the vault?"
PATIENCE_MS = 180_000
DUE = "select count(*) from clearance_headlook where state = 'due'"


def stop_workers(system: RunningSystem) -> list[int]:
    pids = system.workers()
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    return pids


def test_a_post_that_comes_too_early_says_so_and_posts_itself_with_what_was_written_meanwhile(
    visit: Callable[..., object], system: RunningSystem, tmp_path: Path
) -> None:
    kaur, arora = visit(), visit()  # type: ignore[operator]
    page, colleague = kaur.sign_in("kaur"), arora.sign_in("arora")
    store(system, write_series(tmp_path / "ct", Planted(patient_id="UHIDHEAD0000001")))
    wait_until(lambda: system.count(DUE) == 1, 60, "a head is due")
    stopped = stop_workers(system)
    try:
        page.goto(f"{system.address}/drafts")
        page.get_by_role("link", name=re.compile("Write the question")).first.click()
        expect(page.locator("#heads")).to_contain_text("108 images are being looked at")
        page.get_by_label("One question").fill(QUESTION)
        choose_room(page, "Radiology, Bathinda")
        stopped += stop_workers(system)
        page.get_by_role("button", name="Post", exact=True).click()
        expect(page.get_by_text("Not posted yet.")).to_be_visible()
        expect(page.get_by_label("One question")).to_have_value(QUESTION)
        page.get_by_label("One question").fill(EDITED)
        assert system.count("select count(*) from rooms_posting") == system.count(
            "select count(*) from cases_case where state = 'posted'"
        )
        assert not colleague.get_by_role("link", name=re.compile(re.escape(QUESTION))).count()
    finally:
        for pid in set(stopped):
            os.kill(pid, signal.SIGCONT)
    page.wait_for_url(re.compile("/cases/"), timeout=PATIENCE_MS)
    link = colleague.get_by_role("link", name=re.compile(re.escape(EDITED)))
    expect(link).to_be_visible(timeout=10_000)
    link.click()
    expect(colleague.locator("[data-viewer]")).to_have_attribute("data-ready", "1")
    expect(colleague.locator("[data-viewer]")).to_have_attribute("data-count", "108")
    assert kaur.errors == []
    assert arora.errors == []


def test_single_slices_are_chosen_by_one_press_and_what_was_written_stays(
    visit: Callable[..., object], system: RunningSystem, tmp_path: Path
) -> None:
    """The upper third of the head: no face in it, so nothing proves that one is gone."""
    kaur = visit()  # type: ignore[operator]
    page = kaur.sign_in("kaur")
    files = write_series(tmp_path / "ct", Planted(patient_id="UHIDHEAD0000002"))[72:]
    assert len({dcmread(file, stop_before_pixels=True).SOPInstanceUID for file in files}) == 36
    store(system, files)
    page.goto(f"{system.address}/drafts")
    page.get_by_role("link", name=re.compile("36 images")).first.click(timeout=PATIENCE_MS)
    page.get_by_label("One question").fill(QUESTION)
    choice = page.get_by_role("button", name=re.compile("I have looked"))
    expect(choice).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_text("Compare").click()
    expect(page.get_by_role("img", name=re.compile("before the cut"))).to_be_visible()
    choice.click()
    expect(page.locator("#heads")).to_contain_text(re.compile(r"\d+ of 36 images are handed on\."))
    expect(page.get_by_label("One question")).to_have_value(QUESTION)
    page.locator("#heads").screenshot(path=str(tmp_path / "heads.png"))
    page.screenshot(path=os.environ.get("CONFRERE_HEADS_PICTURE", str(tmp_path / "draft.png")))
    choose_room(page, "Radiology, Bathinda")
    page.get_by_role("button", name="Post", exact=True).click()
    page.wait_for_url(re.compile("/cases/"))
    expect(page.locator("[data-viewer]")).to_have_attribute("data-ready", "1")
    shown = int(page.locator("[data-viewer]").get_attribute("data-count") or 0)
    assert 0 < shown < 5
    assert kaur.errors == []
