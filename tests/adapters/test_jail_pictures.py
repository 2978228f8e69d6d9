"""Every form of picture is read and written inside the jail's walls, within its memory and time."""

import time
from pathlib import Path

import numpy as np
import pytest
from support import decks
from support.hostile_pictures import ROWS

from confrere.adapters import jail
from confrere.adapters.jail import JailSession, Limits
from confrere.core.terms import Refused
from planted.pictures import film, planted_pictures

FORMS = {planted.name: planted.content for planted in planted_pictures()} | {
    "webm": film(9, ".webm", "VP90"),
    "avi": film(9, ".avi", "MJPG"),
    "pdf": decks.pdf("BT /F1 12 Tf 20 100 Td (Name) Tj ET"),
    "pptx": decks.deck(),
    "docx": decks.letter(),
    "nifti": decks.nifti(np.random.default_rng(1).integers(0, 900, (40, 40, 30)).astype(np.int16), packed=True),
}


@pytest.fixture(autouse=True)
def targets_of_these_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jail, "TARGET_PREFIX", "jail_pictures")
    monkeypatch.syspath_prepend(str(Path(__file__).parent))


def session() -> JailSession:
    return JailSession(Limits(), preload=["jail_pictures"])


def test_every_form_comes_through_the_walls() -> None:
    with session() as opened:
        for name, content in FORMS.items():
            answer = opened.run("jail_pictures:take", blobs=[content], args={"kind": "unknown"})
            assert answer.blobs, name
            assert all(made[128:132] == b"DICM" for made in answer.blobs), name
        assert opened.isolation["files"] in (True, False)


@pytest.mark.parametrize("row", ROWS)
def test_a_hostile_file_is_answered_within_ten_seconds_and_256_mib(row: str) -> None:
    kind, maker, refused, _, holds = ROWS[row]
    content = maker()
    with session() as opened:
        opened.run("jail_pictures:take", blobs=[FORMS["png"]], args={"kind": "photo"})
        started = time.monotonic()
        if refused:
            with pytest.raises(Refused) as stop:
                opened.run("jail_pictures:take", blobs=[content], args={"kind": kind.value})
            assert stop.value.code == refused
        else:
            answer = opened.run("jail_pictures:take", blobs=[content], args={"kind": kind.value})
            assert answer.value == {"holds": sorted(holds)}
        assert time.monotonic() - started < 10
        after = opened.run("jail_pictures:take", blobs=[FORMS["png"]], args={"kind": "photo"})
        assert after.peak_rss_bytes < 256 << 20, "and the same child goes on"
