"""A film is decoded out of memory, frame by frame, within bounds, and always waits for a person."""

import struct

import numpy as np
import pytest

from confrere.core.pixels.forms import Form
from confrere.core.pixels.readers import film as reader
from confrere.core.terms import Refused
from planted.pictures import film, scene

FORMS = {
    (".mp4", "mp4v"): Form.MP4,
    (".mov", "mp4v"): Form.MP4,
    (".avi", "MJPG"): Form.AVI,
    (".webm", "VP80"): Form.WEBM,
    (".webm", "VP90"): Form.WEBM,
}


def code_of(content: bytes, form: Form = Form.MP4) -> str:
    with pytest.raises(Refused) as stop:
        found = reader.read(content, form)
        list(found.pictures[0].frames())
    return stop.value.code


@pytest.mark.parametrize(("suffix", "code"), FORMS)
def test_every_frame_comes_out_in_colour_and_again_when_asked_again(suffix: str, code: str) -> None:
    found = reader.read(film(12, suffix, code), FORMS[suffix, code])
    (picture,) = found.pictures
    assert (picture.count, picture.rows, picture.columns, picture.frame_ms) == (12, 240, 320, 100.0)
    for _ in range(2):
        frames = list(picture.frames())
        assert len(frames) == 12
        far = [
            np.abs(frame.astype(int) - np.roll(np.asarray(scene()), 3 * at, 1)).mean()
            for at, frame in enumerate(frames)
        ]
        assert max(far) < 12, "red and blue may have changed places"
    assert found.holds == ("film-needs-person",)


def test_a_long_film_is_refused_whatever_its_header_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MOST_FRAMES", 10)
    assert code_of(film(12)) == "film-too-long"
    assert code_of(film(12, ".webm", "VP80"), Form.WEBM) == "film-too-long"  # says no number in advance


def test_a_large_frame_is_refused_and_a_larger_than_needed_one_made_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "LONGEST_SIDE", 160)
    (picture,) = reader.read(film(3), Form.MP4).pictures
    assert {frame.shape for frame in picture.frames()} == {(120, 160, 3)}
    monkeypatch.setattr(reader, "MOST_FRAME_PIXELS", 320 * 239)
    assert code_of(film(3)) == "too-many-pixels"


def test_samples_that_are_no_frames_are_refused() -> None:
    content = bytearray(film())
    start = content.index(b"mdat") + 4
    content[start : content.rindex(b"moov") - 4] = bytes(content.rindex(b"moov") - 4 - start)
    assert code_of(bytes(content)) in ("bad-picture", "truncated")


def test_a_reader_that_is_left_halfway_leaves_nothing_open() -> None:
    (picture,) = reader.read(film(), Form.MP4).pictures
    for _ in range(50):
        next(picture.frames())


def test_a_demuxer_that_is_sent_before_the_beginning_is_told_so() -> None:
    stream = reader._Stream(b"0123456789")
    assert (stream.seek(4), stream.seek(-16777052), stream.tell(), stream.seek(-1, 2), stream.seek(-2, 1)) == (
        4,
        -1,
        4,
        9,
        7,
    )


def test_a_film_of_a_telephone_held_upright_comes_upright() -> None:
    content = bytearray(film(3))
    matrix = content.index(b"tkhd") + 44
    quarter_turn = (0, 0x10000, 0, -0x10000, 0, 0, 240 << 16, 0, 0x40000000)
    content[matrix : matrix + 36] = struct.pack(">9i", *quarter_turn)
    (picture,) = reader.read(bytes(content), Form.MP4).pictures
    assert (picture.rows, picture.columns) == (320, 240)
    far = np.abs(next(picture.frames()).astype(int) - np.rot90(np.asarray(scene()), -1))
    assert far.mean() < 12
