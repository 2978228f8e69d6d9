"""Files that mean harm or hide something, through the engine and the second look.

What is refused before it is cleaned is in tests/core/dicom/test_inspect.py; here is what gets in, and in what state.
"""

import struct

import numpy as np
import pytest
from support import dicom_bytes as made
from support.clearing import cleared
from support.planted import Needles

# One made-up word for each place.
WORDS = [f"Qx{letter * 2}zorvi{letter}wq" for letter in "abdefghklm"]


def nested(depth: int, deepest: bytes) -> bytes:
    """Content items within content items, and something in the last."""
    content = deepest
    for _ in range(depth):
        content = made.element(0x0040A730, "SQ", made.item(content))
    return content


def hidden_places() -> bytes:
    """A word where cleaners forget to look: old attributes, icon, comments, private, overlay, padding, past the end."""
    old = made.item(made.element(0x04000550, "SQ", made.item(made.element(0x00100010, "PN", WORDS[0]))))
    icon = made.item(
        made.element(0x00280010, "US", made.us(1))
        + made.element(0x00280011, "US", made.us(len(WORDS[1])))
        + made.element(0x7FE00010, "OW", WORDS[1])
    )
    return (
        made.part10(
            made.dataset(
                {
                    0x00081030: ("LO", f"CT of {WORDS[2]}"),
                    0x00204000: ("LT", f"seen with {WORDS[3]} in clinic"),
                    0x00330010: ("LO", "ACME"),
                    0x00331001: ("UN", WORDS[4]),
                    0x00880200: made.element(0x00880200, "SQ", icon),
                    0x04000561: made.element(0x04000561, "SQ", old),
                    0x60000010: ("US", made.us(8)),
                    0x60000011: ("US", made.us(len(WORDS[5]))),
                    0x60000022: ("LO", WORDS[6]),
                    0x60003000: ("OW", WORDS[5]),
                    0xFFFCFFFC: ("OB", WORDS[7]),
                }
            ),
            preamble=WORDS[8].encode().ljust(128, b"\0"),
        )
        + WORDS[9].encode()
    )


def drawn_in_the_highest_bit() -> tuple[bytes, np.ndarray]:
    """A 12-bit image whose bit 15 is a drawing that no window shows."""
    drawing = np.random.default_rng(18).integers(0, 2, (16, 16), dtype="<u2")
    image = np.arange(256, dtype="<u2").reshape(16, 16) * 7 & 0x0FFF
    pixels = (image | drawing << 15).astype("<u2").tobytes()
    return made.part10(made.dataset({0x7FE00010: ("OW", pixels)}, rows=16, columns=16)), image


CLEAN = {
    "an executable's preamble": made.part10(
        made.dataset(), preamble=b"MZ" + b"\x90" * 58 + struct.pack("<I", 128) + WORDS[0].encode().ljust(64, b"\0")
    ),
    "a picture's preamble": made.part10(made.dataset(), preamble=b"II*\0\x08\0\0\0" + bytes(120)),
    "five sequences deep": made.ct_file({0x0040A730: nested(5, made.element(0x00100010, "PN", WORDS[0]))}),
    "a word in every forgotten place": hidden_places(),
    "a name that is markup": made.ct_file(
        {
            0x00100010: ("PN", f"<script>{WORDS[0]}()</script>^\u202egnp.exe"),
            0x0008103E: ("LO", f'=HYPERLINK("http://{WORDS[1]}.invalid")'),
            0x00081030: ("LO", f"'; DROP TABLE {WORDS[2]};--"),
        }
    ),
    "a name in the path of a tool": made.ct_file({0x00287FE0: ("UR", f"http://{WORDS[0]}.invalid/pull")}),
}


@pytest.mark.parametrize("case", CLEAN)
def test_what_hides_something_gets_in_without_it(case: str) -> None:
    end = cleared(CLEAN[case])
    assert end.outcome == "clean"
    words = [*WORDS, made.NAME, made.PATIENT_ID]
    assert not Needles(words).found_in(end.engine_output.removesuffix(made.native_pixels()))
    assert end.engine_output[:128] == bytes(128)
    for markup in (b"script", b"HYPERLINK", b"DROP", b"http"):
        assert markup not in end.engine_output


def test_a_drawing_in_bits_that_no_window_shows_is_gone_and_the_image_is_not() -> None:
    source, image = drawn_in_the_highest_bit()
    end = cleared(source)
    assert end.outcome == "clean"
    assert end.engine_output.endswith(image.tobytes())


def test_the_same_identifier_with_other_pixels_is_cleaned_to_the_same_identifier() -> None:
    """Which of the two is right is for a person: the store sees that one identifier has two contents."""
    first = cleared(made.ct_file())
    other = cleared(made.ct_file({0x7FE00010: ("OW", b"\x55\x05" * 64)}))
    header = len(first.engine_output) - 128
    assert first.engine_output[:header] == other.engine_output[:header]
    assert first.engine_output != other.engine_output


STOPPED = {
    "nested too deep": (made.ct_file({0x0040A730: nested(33, b"")}), "nesting-too-deep"),
    "nested a thousand times": (made.ct_file({0x0040A730: nested(1200, b"")}), "nesting-too-deep"),
    "a size of 43 terabytes": (
        made.ct_file(
            {0x00280008: ("IS", "9999"), 0x00280010: ("US", made.us(65535)), 0x00280011: ("US", made.us(65535))}
        ),
        "pixel-size-mismatch",
    ),
    "more frames than there are": (made.ct_file({0x00280008: ("IS", "2147483647")}), "pixel-size-mismatch"),
    "a frame count of words": (made.ct_file({0x00280008: ("IS", WORDS[0])}), "pixel-size-mismatch"),
    "an identifier that climbs": (made.ct_file({0x00080018: ("UI", f"../../{WORDS[0]}")}), "bad-uid"),
    "pixels cut short": (made.ct_file()[:-30], "truncated"),
    "text burned in": (
        made.part10(made.dataset(sop_class=made.SECONDARY_CAPTURE), sop_class=made.SECONDARY_CAPTURE),
        "burned-in-text",
    ),
    "a length of four gigabytes": (
        made.ct_file({0x00204000: made.element(0x00204000, "UT", b"hi", length=0xFFFFFFFE)}),
        "length-past-end",
    ),
    "a sequence that never ends": (
        made.ct_file({0x00081140: made.sequence_of_undefined_length(0x00081140)[:-8]}),
        "bad-header",
    ),
    "an item longer than its sequence": (
        made.ct_file({0x00081140: made.element(0x00081140, "SQ", b"\xfe\xff\x00\xe0\xff\x00\0\0")}),
        "length-past-end",
    ),
}


@pytest.mark.parametrize("case", STOPPED)
def test_what_is_stopped_says_why_and_nothing_comes_out(case: str) -> None:
    source, reason = STOPPED[case]
    end = cleared(source)
    assert (end.outcome, end.reason) == ("held" if reason == "burned-in-text" else "refused", reason)
    assert end.engine_output == b""
