"""Pixel bytes go out as they came, except what was hidden in them."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from support import dicom_bytes as made

from confrere.core.deidentify.pixel_value import PixelElement, pixel_element
from confrere.core.dicom.inspect import ExaminedInstance, examine
from confrere.core.dicom.stored_values import decode_frame
from confrere.core.terms import Refused


def pixels_of(examined: ExaminedInstance, *, judged: bool = True) -> PixelElement:
    return pixel_element(examined.attributes, examined.layout, examined.facts.transfer_syntax_uid, judged=judged)


def test_native_pixels_are_the_same_bytes() -> None:
    done = pixels_of(examine(made.ct_file()))
    assert bytes(done.content) == made.element(0x7FE00010, "OW", made.native_pixels())
    assert done.deed == ""


def test_a_name_in_the_highest_bit_is_cleared_and_the_shown_bits_stay() -> None:
    shown = np.frombuffer(made.native_pixels(), "<u2")
    drawn = shown | (np.arange(64, dtype="<u2") % 2 << 15)
    done = pixels_of(examine(made.ct_file({0x7FE00010: ("OW", drawn.tobytes())})))
    assert done.deed == "unused-bits-cleared"
    assert bytes(done.content) == made.element(0x7FE00010, "OW", shown.tobytes())


def test_a_comment_in_a_compressed_stream_is_blanked_and_the_picture_is_the_same() -> None:
    def stream(comment: bytes) -> bytes:
        out = BytesIO()
        Image.linear_gradient("L").resize((8, 8)).save(out, "JPEG", comment=comment)
        return out.getvalue()

    source = made.ct_file(made.eight_bit(made.encapsulated(stream(made.NAME.encode()))), made.JPEG)
    clean = made.ct_file(made.eight_bit(made.encapsulated(stream(b""))), made.JPEG)
    done = pixels_of(examine(source))
    assert done.deed == "stream-words-cleared"
    assert made.NAME.encode() not in bytes(done.content)
    blanked = source[: source.index(b"\xe0\x7f\x10\x00")] + bytes(done.content)
    assert np.array_equal(decode_frame(blanked, 1), decode_frame(clean, 1))


def test_a_comment_split_over_fragments_is_blanked_in_both() -> None:
    out = BytesIO()
    Image.new("L", (8, 8), 40).save(out, "JPEG", comment=made.NAME.encode())
    stream = out.getvalue()
    middle = stream.index(made.NAME.encode()) // 2 * 2 + 8
    source = made.ct_file(made.eight_bit(made.encapsulated(stream[:middle], stream[middle:])), made.JPEG)
    cleaned = bytes(pixels_of(examine(source)).content)
    for part in (made.NAME[:6].encode(), made.NAME[-6:].encode()):
        assert part in source
        assert part not in cleaned


def test_a_stream_that_cannot_be_read_stops_the_strict_profile_and_passes_headers_alone_as_it_is() -> None:
    source = made.ct_file(made.eight_bit(made.encapsulated(b"no picture at all" * 4)), made.JPEG)
    with pytest.raises(Refused, match="bad-pixel-stream"):
        examine(source)
    unread = examine(source, streams=False)
    with pytest.raises(Refused, match="bad-pixel-stream"):
        pixels_of(unread)
    done = pixels_of(unread, judged=False)
    assert done.deed == ""
    assert bytes(done.content) in source


def test_what_lies_behind_a_stream_goes_where_pixels_are_judged_and_stays_where_they_are_not() -> None:
    out = BytesIO()
    Image.new("L", (8, 8), 40).save(out, "JPEG")
    examined = examine(made.ct_file(made.eight_bit(made.encapsulated(out.getvalue() + b"Quirina")), made.JPEG))
    assert b"Quirina" not in bytes(pixels_of(examined).content)
    assert b"Quirina" in bytes(pixels_of(examined, judged=False).content)
