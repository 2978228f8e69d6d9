"""The whole journey in a real browser: a CT leaves the workstation, is posted, scrolled, pinned; outsiders see nothing.

With CONFRERE_BLESS=1 the pictures of the manual are taken anew.
"""

import os
import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from support.browserless import Browserless
from support.studies import Planted
from support.system import RunningSystem

pytestmark = [pytest.mark.browser]
IMAGES = Path(__file__).resolve().parents[2] / "docs/tutorials/images"
QUESTION = "Are the ventricles too wide for her age?"
REMARK = "Measured here: within the normal range."


def picture(page: Page, name: str) -> None:
    """Take a picture for the manual when asked to."""
    if os.environ.get("CONFRERE_BLESS"):
        IMAGES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=IMAGES / f"{name}.png")


def store(system: RunningSystem, files: list[Path], ae_title: str = "WS_BATHINDA") -> None:
    """Send files with dcmtk's storescu, as a workstation does."""
    command = ["storescu", "-aet", ae_title, "-aec", "CONFRERE", "127.0.0.1", str(system.dicom_port)]
    done = subprocess.run([*command, *map(str, files)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-800:]


def choose_room(page: Page, name: str) -> None:
    """Choose a room by the start of its line."""
    select = page.get_by_label("Room", exact=True)
    select.select_option(select.locator("option", has_text=name).get_attribute("value"))


@pytest.fixture(scope="module")
def journey() -> dict[str, str]:
    """What later steps need to know of earlier ones."""
    return {}


def test_a_study_sent_from_the_workstation_pops_up_as_a_draft_and_is_posted(
    visit: Callable[..., object], system: RunningSystem, ct_files: list[Path], journey: dict[str, str]
) -> None:
    kaur, arora = visit(), visit()  # type: ignore[operator]
    page, colleague = kaur.sign_in("kaur"), arora.sign_in("arora")
    store(system, ct_files)
    ready = page.get_by_role("link", name=re.compile("Write the question"))
    expect(ready).to_be_visible(timeout=15_000)
    expect(page.get_by_role("region", name=re.compile("ready"))).to_contain_text("108 images")
    picture(page, "draft-ready")
    ready.click()
    expect(page.locator("[data-viewer]")).to_have_attribute("data-ready", "1")
    page.get_by_label("One question").fill(QUESTION)
    choose_room(page, "Radiology, Bathinda")
    expect(page.locator("#audience")).to_contain_text("Radiology, Bathinda")
    expect(page.locator("#heads")).to_contain_text(re.compile(r"The face was taken out of \d+ images"), timeout=120_000)
    picture(page, "draft")
    started = time.monotonic()
    page.get_by_role("button", name="Post", exact=True).click()
    expect(colleague.get_by_role("link", name=re.compile(re.escape(QUESTION)))).to_be_visible(timeout=5_000)
    assert time.monotonic() - started < 5
    page.wait_for_url(re.compile("/cases/"))
    journey["case"] = page.url
    picture(colleague, "feed")
    assert kaur.errors == []
    assert arora.errors == []


def test_a_colleague_scrolls_sets_the_window_and_pins_and_the_author_sees_it_live(
    visit: Callable[..., object], journey: dict[str, str]
) -> None:
    kaur, arora = visit(), visit()  # type: ignore[operator]
    author, page = kaur.sign_in("kaur"), arora.sign_in("arora")
    author.goto(journey["case"])
    page.goto(journey["case"])
    viewer = page.locator("[data-viewer]")
    expect(viewer).to_have_attribute("data-ready", "1")
    expect(viewer).to_have_attribute("data-count", "108")
    box = page.locator("[data-viewer] canvas").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    start = int(viewer.get_attribute("data-slice") or 0)
    for _ in range(6):
        page.mouse.wheel(0, 120)
        page.wait_for_timeout(60)
    expect(viewer).not_to_have_attribute("data-slice", str(start))
    page.keyboard.press("6")
    expect(viewer).to_have_attribute("data-window", "70,200")
    page.keyboard.press("p")
    page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.4)
    page.get_by_label("Your comment").fill(REMARK)
    pinned_slice = viewer.get_attribute("data-slice")
    page.get_by_role("button", name="Send").click()
    expect(author.get_by_text(REMARK)).to_be_visible(timeout=5_000)
    author.get_by_role("button", name=re.compile("Pin 1")).click()
    expect(author.locator("[data-viewer]")).to_have_attribute("data-slice", str(pinned_slice))
    expect(author.locator("[data-viewer]")).to_have_attribute("data-window", "70,200")
    author.wait_for_timeout(1500)
    picture(author, "case")
    assert kaur.errors == []
    assert arora.errors == []


def test_the_case_page_serves_a_phone(visit: Callable[..., object], journey: dict[str, str]) -> None:
    phone = visit(390, 844)  # type: ignore[operator]
    page = phone.sign_in("gill")
    expect(page.get_by_role("link", name=re.compile(re.escape(QUESTION)))).to_be_visible()
    picture(page, "feed-phone")
    page.goto(journey["case"])
    expect(page.locator("[data-viewer]")).to_have_attribute("data-ready", "1")
    page.wait_for_timeout(800)
    picture(page, "case-phone")
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0
    assert phone.errors == []


def test_someone_outside_the_room_finds_nothing_at_any_address(system: RunningSystem, journey: dict[str, str]) -> None:
    inside, outside = Browserless(system, "kaur"), Browserless(system, "meena")
    inside.sign_in()
    outside.sign_in()
    case = journey["case"].removeprefix(system.address)
    released = released_of(system, case)
    addresses = [case, f"{case}/stack.json", f"{case}/thread"]
    for study, series, sop in released:
        base = f"/dicom-web/studies/{study}/series/{series}"
        addresses += [
            f"{base}/metadata",
            f"{base}/instances/{sop}/frames/1",
            f"{base}/instances/{sop}/frames/1/rendered",
        ]
    room = system.rows("select r.id from rooms_room r where r.name = 'Radiology, Bathinda'")[0][0]
    addresses.append(f"/rooms/{_uuid(str(room))}")
    for address in addresses:
        status, _, _ = inside.request("GET", address, Accept="text/html,image/webp,*/*")
        assert status == 200, address
        refused, _, words = outside.request("GET", address, Accept="text/html,image/webp,*/*")
        missing, _, other = outside.request("GET", _mangled(address), Accept="text/html,image/webp,*/*")
        assert (refused, missing) == (404, 404), address
        assert _plain(words) == _plain(other), "not found and not yours must look alike"
    for address in (f"{case}/comments", f"{case}/read", f"{case}/withdraw"):
        status, _, _ = outside.request("POST", address, b"text=x", Content_Type="application/x-www-form-urlencoded")
        assert status == 404, address


def released_of(system: RunningSystem, case: str) -> list[tuple[object, ...]]:
    """Study, series and instance of three images that are released of the case at this address."""
    return system.rows(
        "select study_instance_uid, series_instance_uid, sop_instance_uid from release_releasedinstance"
        " where release_id in (select id from release_release where case_id = ? and state = 'in_force') limit 3",
        case.rsplit("/", 1)[1].replace("-", ""),
    )


def _plain(page: bytes) -> bytes:
    """The page without its CSRF tokens, which are masked anew each time."""
    return re.sub(rb"[A-Za-z0-9]{64}", b"", page)


def _uuid(text: str) -> str:
    plain = text.replace("-", "")
    return "-".join((plain[:8], plain[8:12], plain[12:16], plain[16:20], plain[20:]))


def _mangled(address: str) -> str:
    """The same address with one figure changed: something that does not exist."""
    spot = next(index for index in range(10, len(address)) if address[index].isdigit())
    return address[:spot] + str((int(address[spot]) + 1) % 10) + address[spot + 1 :]


def test_leaving_the_room_closes_every_pixel_at_once(system: RunningSystem, journey: dict[str, str]) -> None:
    gill = Browserless(system, "gill")
    gill.sign_in()
    study, series, sop = released_of(system, journey["case"])[0]
    address = f"/dicom-web/studies/{study}/series/{series}/instances/{sop}/frames/1/rendered"
    assert gill.request("GET", address)[0] == 200
    room = _uuid(str(system.rows("select id from rooms_room where name = 'Radiology, Bathinda'")[0][0]))
    gill.request("POST", f"/rooms/{room}/leave", b"", Content_Type="application/x-www-form-urlencoded")
    assert gill.request("GET", address)[0] == 404


def test_no_planted_value_is_served_stored_or_logged(system: RunningSystem, planted: Planted) -> None:
    """The canary oracle: every address crawled as every member, database, logs and objects outside quarantine."""
    canaries = planted.canaries()
    from support.crawl import crawl

    for username in ("kaur", "arora", "gill", "admin", "meena", "sheikh"):
        member = Browserless(system, username)
        member.sign_in()
        pages = crawl(member)
        assert len(pages) > 3
        if username in ("kaur", "arora"):
            assert any("/frames/1/rendered" in address for address in pages), "the crawl must reach the pixels"
            assert any(address.endswith("/metadata") for address in pages)
        for address, body in pages.items():
            assert not [one for one in canaries if one in body], f"{address} as {username}"
    everything = [system.log, *(path for path in system.home.rglob("*") if path.is_file())]
    assert len(everything) > 100
    for path in everything:
        if "quarantine" in path.parts:
            continue
        content = path.read_bytes()
        assert not [one for one in canaries if one in content], path.name
