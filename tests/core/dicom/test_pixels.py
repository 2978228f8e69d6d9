"""Promised and present sizes of native pixels and palettes agree, or the instance is refused."""

import pytest
from support import dicom_bytes as made

from confrere.core.dicom.attributes import Attributes
from confrere.core.dicom.pixels import PixelLayout, check_pixels, palette_fits
from confrere.core.dicom.walk import walk
from confrere.core.terms import Refused

Changes = dict[int, tuple[str, bytes | str]]


def checked(changes: Changes) -> PixelLayout:
    body = made.dataset(changes)
    return check_pixels(Attributes(body, walk(body, 0, implicit=False).elements), made.EXPLICIT)


def refusal(changes: Changes) -> str:
    with pytest.raises(Refused) as caught:
        checked(changes)
    return caught.value.code


def test_an_honest_slice_passes_with_its_layout() -> None:
    layout = checked({})
    assert (layout.rows, layout.columns, layout.frames, layout.samples) == (8, 8, 1, 1)
    assert layout.native_size == 128


def test_several_frames_are_several_times_the_size() -> None:
    assert checked({0x00280008: ("IS", "3"), 0x7FE00010: ("OW", bytes(384))}).frames == 3


def test_single_bits_are_packed_over_all_frames_together() -> None:
    one_bit: Changes = {0x00280100: ("US", made.us(1)), 0x00280101: ("US", made.us(1))}
    one_bit |= {0x00280102: ("US", made.us(0)), 0x00280008: ("IS", "3"), 0x7FE00010: ("OB", bytes(24))}
    assert checked(one_bit).native_size == 24


def test_half_sampled_colour_takes_two_thirds() -> None:
    colour: Changes = {0x00280002: ("US", made.us(3)), 0x00280004: ("CS", "YBR_FULL_422")}
    colour |= {0x00280100: ("US", made.us(8)), 0x00280101: ("US", made.us(8)), 0x00280102: ("US", made.us(7))}
    assert checked({**colour, 0x7FE00010: ("OB", bytes(128))}).native_size == 128


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({0x7FE00010: ("OW", bytes(126))}, "pixel-size-mismatch"),
        ({0x7FE00010: ("OW", bytes(200))}, "pixel-size-mismatch"),
        ({0x00280008: ("IS", "0")}, "pixel-size-mismatch"),
        ({0x00280008: ("IS", "many")}, "pixel-size-mismatch"),
        ({0x00280008: ("LO", "1")}, "wrong-vr"),
        ({0x00280100: ("US", made.us(12))}, "pixel-size-mismatch"),
        ({0x00280101: ("US", made.us(17))}, "pixel-size-mismatch"),
        ({0x00280102: ("US", made.us(3))}, "pixel-size-mismatch"),
        ({0x00280002: ("US", made.us(4))}, "pixel-size-mismatch"),
        ({0x00280010: ("US", made.us(0))}, "pixel-size-mismatch"),
        ({0x00280010: ("US", made.us(8, 8))}, "wrong-vr"),
        ({0x00280004: ("CS", "")}, "missing-element"),
        ({0x7FE00010: ("LO", bytes(128))}, "wrong-vr"),
        ({0x00280008: ("IS", "20001"), 0x7FE00010: ("OW", bytes(20001 * 128))}, "too-many-pixels"),
        ({0x00280010: ("US", made.us(20000)), 0x7FE00010: ("OW", bytes(320000))}, "too-many-pixels"),
    ],
)
def test_a_promise_that_is_not_kept_is_refused(changes: Changes, reason: str) -> None:
    assert refusal(changes) == reason


@pytest.mark.parametrize(
    ("descriptor", "size", "good"),
    [
        ((256, 0, 16), 512, True),
        ((256, 0, 8), 256, True),
        ((0, 0, 16), 131072, True),
        ((256, 0, 16), 256, False),
        ((256, 0, 12), 512, False),
        ((255, 0, 8), 256, True),
    ],
)
def test_a_palette_has_the_entries_it_describes(descriptor: tuple[int, int, int], size: int, good: bool) -> None:
    assert palette_fits(descriptor, bytes(size)) is good
