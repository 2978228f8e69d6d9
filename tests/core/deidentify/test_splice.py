"""The fast way through the engine gives, byte for byte, what the plain way gives, and does less."""

import struct
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import dicom_bytes as made
from support.clearing import KEYS

from confrere.core.deidentify import HEADERS, STRICT, Profile, deidentify_instance, profile_named, profile_names
from confrere.core.deidentify.splice import Spliced, Splicer
from confrere.core.dicom.source import Source, source_of
from confrere.core.terms import Held, Refused

SHALLOW = 200


def slice_of(number: int, changes: Mapping[int, made.Change] | None = None, syntax: str = made.EXPLICIT) -> bytes:
    """Slice `number` of a series: what varies there varies here."""
    varying: dict[int, made.Change] = {
        0x0008002A: ("DT", f"20240311{number % 60:06d}"),
        0x00080018: ("UI", f"{made.ROOT}.7.{number}"),
        0x00080030: ("TM", f"1015{number % 60:02d}"),
        0x00200013: ("IS", str(number)),
        0x00200032: ("DS", f"-125.0\\-125.0\\{number * 2.5}"),
        0x00280106: ("US", made.us(number % 7)),
    }
    return made.ct_file(varying | dict(changes or {}), syntax)


def written(spliced: Spliced, source: bytes) -> bytes:
    pixels = spliced.pixels
    value = pixels.replaced if pixels.replaced is not None else source[pixels.start : pixels.stop]
    return spliced.header + bytes(value)


def told(splicer: Splicer, data: bytes) -> bytes | str:
    try:
        return written(splicer.clean(source_of(data)), data)
    except (Refused, Held) as stop:
        return f"{type(stop).__name__} {stop.code}"


def plainly(data: bytes, profile: Profile) -> bytes | str:
    try:
        return deidentify_instance(data, keys=KEYS, profile=profile).content
    except (Refused, Held) as stop:
        return f"{type(stop).__name__} {stop.code}"


@pytest.mark.parametrize("profile", [HEADERS, STRICT])
@pytest.mark.parametrize("syntax", [made.EXPLICIT, made.IMPLICIT, made.DEFLATED])
def test_a_series_comes_out_as_from_the_plain_engine(syntax: str, profile: Profile) -> None:
    splicer = Splicer(keys=KEYS, profile=profile)
    for number in range(12):
        data = slice_of(number, syntax=syntax)
        spliced = splicer.clean(source_of(data))
        plain = deidentify_instance(data, keys=KEYS, profile=profile)
        assert plain.record == spliced.record
        assert spliced.identity.sop_instance_uid == plain.sop_instance_uid
        assert spliced.facts.sop_instance_uid == f"{made.ROOT}.7.{number}"
        whole = data if syntax != made.DEFLATED else bytes(spliced.pixels.buffer)
        assert written(spliced, whole) == plain.content


def test_what_a_series_has_in_common_is_the_same_passage_in_every_instance() -> None:
    splicer = Splicer(keys=KEYS, profile=HEADERS)
    done = [splicer.clean(source_of(slice_of(number))) for number in range(6)]
    third, last = done[3].passages, done[5].passages
    shared = [one for one, other in zip(third, last, strict=True) if one is other]
    assert sum(len(one.original) for one in shared) > sum(len(one.original) for one in third) / 2
    assert done[3].record is done[5].record


def test_passages_laid_end_to_end_are_the_original_header_and_the_written_one() -> None:
    splicer = Splicer(keys=KEYS, profile=HEADERS)
    for number in range(5):
        data = slice_of(number) + b"bytes after the end"
        spliced = splicer.clean(source_of(data))
        pixels = spliced.pixels
        before = b"".join(passage.original for passage in spliced.passages)
        assert before == data[: pixels.start] + data[pixels.stop :]
        assert spliced.header == b"".join(passage.cleaned for passage in spliced.passages)


def test_native_pixels_are_never_read_by_a_profile_that_does_not_judge_them() -> None:
    splicer = Splicer(keys=KEYS, profile=HEADERS)
    for number in range(5):
        data = slice_of(number, {0x7FE00010: ("OW", made.native_pixels())})
        pixels_at = data.index(b"\xe0\x7f\x10\x00OW")

        def read(start: int, stop: int, limit: int = len(data)) -> bytes:
            raise AssertionError(f"{start}:{stop} of {limit} was read")

        spliced = splicer.clean(Source(data[: pixels_at + 12], len(data), read))
        assert (spliced.pixels.start, spliced.pixels.stop) == (pixels_at, len(data))


def test_a_header_longer_than_the_head_is_read_whole() -> None:
    for syntax in (made.EXPLICIT, made.IMPLICIT, made.DEFLATED):
        splicer = Splicer(keys=KEYS, profile=HEADERS)
        data = slice_of(1, syntax=syntax)
        spliced = splicer.clean(Source(data[:SHALLOW], len(data), lambda start, stop, data=data: data[start:stop]))
        assert spliced.header == splicer.clean(source_of(data)).header


def test_two_patients_in_turn_do_not_mix() -> None:
    splicer = Splicer(keys=KEYS, profile=HEADERS)
    for number in range(10):
        other = {0x00100020: ("LO", "UHIDQX99999"), 0x00100010: ("PN", "Yazbektar^Ximo")} if number % 2 else {}
        data = slice_of(number, other)
        assert told(splicer, data) == plainly(data, HEADERS)


def test_an_instance_cut_short_is_refused_after_its_series_was_learnt() -> None:
    splicer = Splicer(keys=KEYS, profile=HEADERS)
    for number in range(4):
        splicer.clean(source_of(slice_of(number)))
    data = slice_of(5)
    for length in range(len(data) - 1, 0, -37):
        assert told(splicer, data[:length]) == plainly(data[:length], HEADERS)


def test_every_byte_of_a_learnt_header_is_watched() -> None:
    """A flip anywhere gives what the plain engine gives: a template never takes over a byte it has not compared."""
    splicer = Splicer(keys=KEYS, profile=HEADERS)
    for number in range(4):
        splicer.clean(source_of(slice_of(number)))
    data = slice_of(5)
    for at in range(data.index(b"\xe0\x7f\x10\x00OW") + 12):
        flipped = data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]
        assert told(splicer, flipped) == plainly(flipped, HEADERS), at


CHANGES: st.SearchStrategy[dict[int, made.Change]] = st.dictionaries(
    st.sampled_from([*made.slice_elements(), 0x00081030, 0x00102000, 0x00181030, 0x00204000, 0x00290010, 0x00291001]),
    st.one_of(
        st.none(),
        st.tuples(st.sampled_from(["LO", "SH", "PN", "UT", "CS", "DA", "DS", "IS", "UI"]), st.text(max_size=12)),
        st.tuples(st.sampled_from(["OB", "UN", "US", "FD"]), st.binary(max_size=12)),
    ),
    max_size=3,
)


@given(
    st.lists(st.tuples(CHANGES, st.binary(max_size=3)), min_size=3, max_size=7),
    st.sampled_from([made.EXPLICIT, made.IMPLICIT]),
    st.sampled_from([HEADERS, STRICT]),
)
@settings(max_examples=60, deadline=None)
def test_any_mixture_of_instances_comes_out_as_from_the_plain_engine(
    instances: list[tuple[dict[int, made.Change], bytes]], syntax: str, profile: Profile
) -> None:
    splicer = Splicer(keys=KEYS, profile=profile)
    for number, (changes, behind) in enumerate(instances * 2):
        data = slice_of(number, changes, syntax) + behind
        assert told(splicer, data) == plainly(data, profile)


@pytest.mark.parametrize("name", profile_names())
def test_under_every_profile_names_that_vary_within_a_series_come_out_as_from_the_plain_engine(name: str) -> None:
    splicer = Splicer(keys=KEYS, profile=profile_named(name))
    for number in range(6):
        told_of: dict[int, made.Change] = {
            0x00081030: ("LO", "CT head Quirina" if number % 2 else "CT head"),
            0x00081070: ("PN", "Yazbektar^Head" if number % 3 else "Zorawar"),
            0x00080050: ("SH", f"RADQX{number}"),
        }
        data = slice_of(number, told_of)
        assert told(splicer, data) == plainly(data, profile_named(name))


def test_compressed_instances_come_out_as_from_the_plain_engine() -> None:
    splicer = Splicer(keys=KEYS, profile=HEADERS)
    for number in range(6):
        streams = [bytes([number] * (10 + number * 2)), b"more of it"]
        data = slice_of(number, made.eight_bit(made.encapsulated(*streams)), made.JPEG) + b"x" * number
        assert told(splicer, data) == plainly(data, HEADERS)


def test_frames_that_a_table_in_the_header_tells_apart_come_out_as_from_the_plain_engine() -> None:
    """Two frames of two fragments each: without the table they could not be told apart."""
    stream = bytes(range(1, 41))
    for profile in (HEADERS, STRICT):
        splicer = Splicer(keys=KEYS, profile=profile)
        for number in range(5):
            offsets = struct.pack("<2Q", 0, 56 if number < 4 else 57)
            changes: dict[int, made.Change] = {
                **made.eight_bit(made.encapsulated(*[stream[:20], stream[20:]] * 2)),
                0x00280008: ("IS", "2"),
                0x7FE00001: ("OV", offsets),
            }
            data = slice_of(number, changes, made.JPEG)
            assert told(splicer, data) == plainly(data, profile)


def test_what_is_remembered_of_a_series_has_an_end() -> None:
    """Bytes behind the data set and long elements may differ in every file of a hostile series."""
    splicer = Splicer(keys=KEYS, profile=HEADERS)
    for number in range(200):
        data = slice_of(number, {0x00204000: ("UT", f"{number:05}" * 2000)}) + bytes(number)
        assert told(splicer, data) == plainly(data, HEADERS)
    (series,) = splicer._templates
    assert len(series.records) <= 64
    slots = [slot for _, slot in series.template.steps if slot is not None]
    assert 0x00204000 in [slot.tag for slot in slots]
    assert max(len(raw) for slot in slots for raw in slot.remembered) <= 4096
