"""A photograph with a face and a name, and a deck, take the same road: door, desk, a person's word, draft.

With CONFRERE_BLESS=1 the picture of the manual is taken anew.
"""

import io
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from browser.test_desk import PATIENCE_MS, all_pictures_shown, open_desk, picture
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import expect
from support.browserless import Browserless
from support.decks import deck
from support.drawn_faces import drawn_face
from support.studies import Planted
from support.system import RunningSystem, wait_until

pytestmark = [pytest.mark.browser]
SIDE = 512
LINE = 60


def photograph(planted: Planted) -> bytes:
    """A drawn face above a line with a name, as JPEG."""
    shown = Image.fromarray(drawn_face(SIDE))
    draw = ImageDraw.Draw(shown)
    draw.rectangle((0, SIDE - LINE, SIDE, SIDE), fill=(245, 245, 245))
    words = f"{planted.name.replace('^', ' ')} {planted.patient_id}"
    draw.text((12, SIDE - LINE + 18), words, fill=(20, 20, 20), font=ImageFont.load_default(size=22))
    out = io.BytesIO()
    shown.save(out, "JPEG", quality=92)
    return out.getvalue()


def test_a_photograph_and_a_deck_go_by_the_desk_to_a_draft_without_face_or_name(
    visit: Callable[..., object], system: RunningSystem, tmp_path: Path
) -> None:
    planted = Planted(patient_id="UHID2026XC31415")
    files = [tmp_path / "photo.jpg", tmp_path / "deck.pptx"]
    for path, content in zip(files, (photograph(planted), deck()), strict=True):
        path.write_bytes(content)
    Browserless(system, "arora", files).upload_all()
    arora = visit()  # type: ignore[operator]
    page = arora.sign_in("arora")
    for again in range(4):
        open_desk(page, system)
        wait_until(lambda: all_pictures_shown(page), 60, "the pictures")
        if not again:
            expect(page.get_by_role("heading", name=re.compile("shows a face"))).to_be_visible()
            picture(page, "desk-photograph")
        for _ in range(10):
            page.keyboard.press("Shift+A")
        page.keyboard.press("s")
        page.wait_for_url(f"{system.address}/send")
        page.goto(f"{system.address}/drafts")
        draft, waiting = page.get_by_text("XC"), page.get_by_role("link", name=re.compile("for your look"))
        expect(draft.or_(waiting).first).to_be_visible(timeout=PATIENCE_MS)
        if not waiting.count():
            break
    expect(page.get_by_text("XC").first).to_be_visible(timeout=PATIENCE_MS)
    assert arora.errors == []
    reader = Browserless(system, "arora")
    reader.sign_in()
    ((study, series, sop),) = system.rows(
        "select study_instance_uid, series_instance_uid, sop_instance_uid from clearance_instanceclearance"
        " where outcome = 'clean' and facts like '%\"XC\"%'"
    )
    address = f"/dicom-web/studies/{study}/series/{series}/instances/{sop}/frames/1/rendered"
    wait_until(lambda: reader.request("GET", address, Accept="image/webp")[0] == 200, 60, "the draft's release")
    shown = np.asarray(Image.open(io.BytesIO(reader.request("GET", address, Accept="image/webp")[2])).convert("L"))
    assert shown[SIDE - LINE + 20 : SIDE - LINE + 38, 14:300].max() < 90, "the name is masked"
    middle = shown[SIDE // 2 - 40 : SIDE // 2 + 40, SIDE // 2 - 30 : SIDE // 2 + 30]
    assert middle.max() < 90, "the face is masked"
    for path in (one for one in system.home.rglob("*") if one.is_file() and "quarantine" not in one.parts):
        content = path.read_bytes()
        assert not [canary for canary in planted.canaries() if canary in content], path.name
