"""What a film's container claims is read and bounded before a demuxer believes it."""

import struct

import pytest

from confrere.core.pixels.containers import MOST_SAMPLES, claims
from confrere.core.pixels.forms import Form
from confrere.core.terms import Refused
from planted.pictures import film


def box(name: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", 8 + len(body)) + name + body


def track(handler: bytes, samples: int, times: tuple[int, ...] = (1,)) -> bytes:
    sizes = box(b"stsz", bytes(4), struct.pack(">II", 512, samples))
    waits = box(b"stts", bytes(4), struct.pack(">I", len(times)), *(struct.pack(">II", each, 1) for each in times))
    table = box(b"minf", box(b"stbl", sizes, waits))
    return box(b"trak", box(b"mdia", box(b"hdlr", bytes(8), handler, bytes(12)), table))


def mp4(*tracks: bytes) -> bytes:
    return box(b"ftyp", b"isom", bytes(4)) + box(b"mdat", bytes(64)) + box(b"moov", *tracks)


def code_of(content: bytes, form: Form = Form.MP4) -> str:
    with pytest.raises(Refused) as stop:
        claims(content, form)
    return stop.value.code


def test_frames_and_sound_are_told() -> None:
    found = claims(mp4(track(b"vide", 30), track(b"soun", 900)), Form.MP4)
    assert (found.frames, found.has_sound) == (30, True)
    found = claims(film(12), Form.MP4)
    assert (found.frames, found.has_sound) == (12, False)
    assert claims(film(12, ".avi", "MJPG"), Form.AVI).frames == 12
    assert not claims(film(12, ".webm", "VP80"), Form.WEBM).has_sound


@pytest.mark.parametrize("count", [MOST_SAMPLES + 1, 2**31, 2**32 - 1])
def test_a_hundred_hours_are_refused_in_every_table(count: int) -> None:
    assert code_of(mp4(track(b"vide", count))) == "film-too-long"
    assert code_of(mp4(track(b"vide", 10), track(b"soun", count))) == "film-too-long"
    assert code_of(mp4(track(b"vide", 10, (5, count)))) == "film-too-long"


def test_a_table_longer_than_its_box_is_refused() -> None:
    content = mp4(track(b"vide", 10))
    at = content.index(b"stts") + 8
    assert code_of(content[:at] + struct.pack(">I", 1 << 30) + content[at + 4 :]) == "bad-picture"


def test_no_pictures_no_film() -> None:
    assert code_of(mp4(track(b"soun", 10))) == "no-video-track"
    assert code_of(mp4()) == "no-video-track"
    assert code_of(b"RIFF\0\0\0\0AVI LIST auds", Form.AVI) == "no-video-track"
    assert code_of(b"\x1a\x45\xdf\xa3 \x86\x86A_OPUS", Form.WEBM) == "no-video-track"
    assert claims(b"\x1a\x45\xdf\xa3 \x86\x85V_VP9 \x86\x86A_OPUS", Form.WEBM).has_sound


@pytest.mark.parametrize("cut", [1, 50, 500])
def test_a_cut_film_is_refused(cut: int) -> None:
    assert code_of(film()[:-cut]) == "truncated"


def test_bytes_behind_the_last_box_and_boxes_within_boxes_without_end_do_no_harm() -> None:
    assert claims(film() + b"trailer!", Form.MP4).frames == 20
    deep = b""
    for _ in range(2000):
        deep = box(b"moov", deep)
    assert code_of(box(b"ftyp", b"isom", bytes(4)) + deep) == "no-video-track"
