"""What the jail says of a series: no head, too few slices, a proposal to a person, or slices without a face."""

from io import BytesIO

import numpy as np
import pytest
from pydicom import dcmread
from support import dicom_bytes as made
from support.clearing import KEYS
from support.heads import BLIND, EVERYWHERE

from confrere.apps.clearance import jailed_heads
from confrere.apps.clearance.jailed_heads import clear
from confrere.core.deidentify import STRICT, deidentify_instance
from confrere.core.pixels.heads import HeadResult
from confrere.core.terms import Held, reason

ARGS = {"modality": "CT", "seed": 7}
SIDE = 24


def slices(count: int, step: float = 5.0, part: str = "HEAD", end: int = 18) -> list[bytes]:
    """A box of tissue in air, cut into cleaned slices of 10 mm pixels; it ends at pixel `end`."""
    found = []
    for place in range(count):
        stored = np.full((SIDE, SIDE), -1000, np.int16)
        stored[6:end, 6:end] = 40
        us = {0x00280010: SIDE, 0x00280011: SIDE, 0x00280100: 16, 0x00280101: 16, 0x00280102: 15, 0x00280103: 1}
        changes = {
            **{tag: ("US", made.us(value)) for tag, value in us.items()},
            0x00080018: ("UI", f"1.2.826.0.1.9.{place + 1}"),
            0x00180015: ("CS", part),
            0x00200013: ("IS", str(place + 1)),
            0x00200032: ("DS", f"-120\\-120\\{step * place}"),
            0x00280030: ("DS", "10\\10"),
            0x7FE00010: ("OW", stored.astype("<i2").tobytes()),
        }
        found.append(bytes(deidentify_instance(made.ct_file(changes), keys=KEYS, profile=STRICT).content))
    return found


@pytest.fixture(autouse=True)
def detectors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jailed_heads, "head_lookers", lambda: (BLIND,))


def test_too_few_slices_for_a_surface_are_loose() -> None:
    value, blobs = clear(slices(2), ARGS)
    assert (value["outcome"], value["held"], value["fates"], blobs) == ("planes", False, ["loose", "loose"], [])


def test_many_slices_that_say_nothing_of_their_place_are_left_out_together() -> None:
    nowhere = [bytes(deidentify_instance(made.ct_file({0x00200032: None}), keys=KEYS, profile=STRICT).content)] * 3
    value, _ = clear(nowhere, ARGS)
    assert (value["held"], value["reason"], value["fates"]) == (True, "head-loose-slices", ["out"] * 3)


def test_another_part_of_the_body_with_another_shape_goes_on_as_it_is() -> None:
    value, blobs = clear(slices(4, part="KNEE", end=10), ARGS)
    assert (value["outcome"], value["reason"], value["fates"], blobs) == ("other", "", ["same"] * 4, [])


def test_a_head_without_a_face_to_be_seen_is_a_proposal_to_a_person() -> None:
    value, blobs = clear(slices(12), ARGS)
    assert (value["held"], value["reason"]) == (True, "head-blind")
    assert 0 < value["fates"].count("same") < 12
    assert value["fates"].count("out") + value["fates"].count("same") == 12
    assert (value["strips"], len(blobs), blobs[0][:4]) == (1, 1, b"RIFF")


def test_a_face_that_is_asked_about_and_a_missing_slice_are_held() -> None:
    with pytest.raises(Held) as stop:
        clear(slices(6, part="ORBIT"), ARGS)
    assert stop.value.code == "face-needs-consent"
    with pytest.raises(Held) as stop:
        clear([one for place, one in enumerate(slices(9)) if place != 4], ARGS)
    assert stop.value.code == "head-geometry"


def a_cut(volume, detectors, seed):
    stored = volume.stored.copy()
    stored[1:4, :9] = -1024
    changed = volume.__class__(volume.modality, stored, volume.matrix, volume.slopes, volume.intercepts, volume.places)
    picture = np.zeros((20, 30, 3), np.uint8)
    return HeadResult(changed, (0,), (picture,) * 7, (picture,) * 7, reason("head-cut"), needs_person=False)


def test_a_cut_gives_new_files_for_changed_slices_alone_whatever_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jailed_heads, "clear_head", a_cut)
    given = slices(6)
    order = [4, 2, 0, 5, 3, 1]
    value, blobs = clear([given[place] for place in order], ARGS)
    changed = [place in (1, 2, 3) for place in order]
    assert (value["outcome"], value["reason"]) == ("cut", "head-cut")
    assert value["fates"] == ["new" if one else "same" for one in changed]
    assert (value["strips"], len(blobs)) == (2, 5)
    for place, content, facts in zip(
        [place for place in order if place in (1, 2, 3)], blobs, value["facts"], strict=False
    ):
        before, after = dcmread(BytesIO(given[place])), dcmread(BytesIO(content))
        assert after.SOPInstanceUID == before.SOPInstanceUID == facts["sop_instance_uid"]
        assert np.array_equal(after.pixel_array[9:], before.pixel_array[9:])
        assert (after.pixel_array[:9] == -1024).all()
        assert after.RecognizableVisualFeatures == "NO"


def test_a_new_file_in_which_the_second_look_finds_something_holds_the_series(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jailed_heads, "clear_head", a_cut)
    monkeypatch.setattr(jailed_heads, "verify_instance", lambda content, known: ("residual",))
    with pytest.raises(Held) as stop:
        clear(slices(6), ARGS)
    assert stop.value.code == "residual-found"


def test_the_same_series_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jailed_heads, "clear_head", a_cut)
    assert clear(slices(6), ARGS) == clear(slices(6), ARGS)


def test_a_face_everywhere_leaves_nothing_to_hand_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jailed_heads, "head_lookers", lambda: (EVERYWHERE,))
    value, _ = clear(slices(12), ARGS)
    assert value["held"] is True
    assert "new" not in value["fates"]
