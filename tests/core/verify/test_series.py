"""The second look at a series: what any original holds is found in any cleaned instance."""

from collections.abc import Callable, Iterable
from copy import deepcopy
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID, JPEG2000Lossless
from support.passages import Told, tell

from confrere.core.deidentify import HEADERS, Keys, deidentify_instance
from confrere.core.dicom.passages import Passage, joined
from confrere.core.terms import Broken
from confrere.core.verify import PixelPart, Residual, SeriesLook, harvest, residuals

Write = Callable[[Dataset], bytes]

SIZE = 40


def judged(instances: Iterable[Told]) -> dict[str, tuple[Residual, ...]]:
    """What a look tells of instances, by their number."""
    told = list(instances)
    look = SeriesLook(implicit=told[0].is_implicit)
    for number, one in enumerate(told):
        look.read(str(number), one.passages, one.pixels)
    return look.judge()


def in_runs(told: list[Told]) -> list[Told]:
    """The same instances, each but the first with what is the same in all of them joined to runs."""
    first = told[0].passages
    assert all(len(one.passages) == len(first) for one in told)
    same = [all(one.passages[k] == first[k] for one in told) for k in range(len(first))]
    runs: dict[int, Passage] = {}
    out = [told[0]]
    for one in told[1:]:
        passages, k = [], 0
        while k < len(first):
            stop = k
            while stop < len(first) and same[stop]:
                stop += 1
            if stop > k:
                passages.append(runs.setdefault(k, joined(first[k:stop])))
            else:
                passages.append(one.passages[k])
                stop = k + 1
            k = stop
        out.append(Told(passages, one.pixels, one.is_implicit))
    return out


@pytest.fixture
def series(identified: Dataset, clean: Dataset, write: Write) -> Callable[..., list[Told]]:
    """Makes a series; `change` may alter the original and the cleaned data set of each instance."""

    def make(change: Callable[[int, Dataset, Dataset], None] = lambda *_: None) -> list[Told]:
        told = []
        for number in range(SIZE):
            before, after = deepcopy(identified), deepcopy(clean)
            before.SOPInstanceUID = before.file_meta.MediaStorageSOPInstanceUID = UID(f"1.2.356.9.1.7.{number + 1000}")
            after.SOPInstanceUID = after.file_meta.MediaStorageSOPInstanceUID = UID(f"2.25.{10**30 + number}")
            before.InstanceNumber = after.InstanceNumber = number
            before.SliceLocation = after.SliceLocation = f"{number * 2.5 - 60}"
            change(number, before, after)
            told.append(tell(write(before), write(after)))
        return in_runs(told)

    return make


def test_a_clean_series_gives_none(series: Callable[..., list[Told]]) -> None:
    assert judged(series()) == {}


def test_a_name_left_in_a_constant_run_is_told_of_every_instance(series: Callable[..., list[Told]]) -> None:
    def leave(_: int, __: Dataset, after: Dataset) -> None:
        after.ImageComments = "for Rajesh Sharma"

    found = judged(series(leave))
    assert len(found) == SIZE
    assert set(found.values()) == {(Residual("name", "top", 0x00204000),)}


def test_a_name_left_in_one_instance_is_told_of_that_one(series: Callable[..., list[Told]]) -> None:
    def leave(number: int, _: Dataset, after: Dataset) -> None:
        after.ImageComments = "for Rajesh Sharma" if number == 37 else f"slice {number}"

    assert judged(series(leave)) == {"37": (Residual("name", "top", 0x00204000),)}


def test_a_name_first_read_in_one_instance_is_found_in_the_run_of_all(series: Callable[..., list[Told]]) -> None:
    def leave(number: int, before: Dataset, after: Dataset) -> None:
        before.PatientComments = "sister of Zainab Ansari" if number == 37 else f"none {number}"
        after.ProtocolName = "ask Zainab"

    assert len(judged(series(leave))) == SIZE


def test_a_name_of_another_script_read_in_a_private_blob_is_told_where_it_stands(
    series: Callable[..., list[Told]],
) -> None:
    def leave(number: int, before: Dataset, after: Dataset) -> None:
        held = "शर्मा राजेश".encode("utf-16-le") if number == 37 else bytes(12)
        before.add_new(0x00291011, "OB", b"\1\0\0\0" + held + bytes(4))
        after.SpecificCharacterSet = "ISO_IR 192"
        after.ImageComments = "for राजे\u200dश" if number == 12 else f"slice {number}"

    assert judged(series(leave)) == {"12": (Residual("private", "top", 0x00204000),)}


def test_a_uid_kept_is_told(series: Callable[..., list[Told]]) -> None:
    def leave(number: int, before: Dataset, after: Dataset) -> None:
        before.FrameOfReferenceUID = f"1.2.356.9999.44.{number + 5000}"
        after.FrameOfReferenceUID = before.FrameOfReferenceUID if number == 12 else f"2.25.{10**31 + number}"

    assert judged(series(leave)) == {"12": (Residual("uid", "top", 0x00200052),)}


def test_a_uid_of_our_own_form_that_is_an_original_is_told(series: Callable[..., list[Told]]) -> None:
    def leave(number: int, before: Dataset, after: Dataset) -> None:
        before.FrameOfReferenceUID = f"2.25.{10**31 + number}"
        after.FrameOfReferenceUID = f"2.25.{10**31 + 5}" if number == 12 else f"2.25.{10**32 + number}"

    assert set(judged(series(leave))) == {"12"}


def test_an_unshifted_date_is_told(series: Callable[..., list[Told]]) -> None:
    def leave(number: int, before: Dataset, after: Dataset) -> None:
        before.ContentDate, after.ContentDate = "20240117", "20240426" if number != 3 else "20240117"

    assert judged(series(leave)) == {"3": (Residual("date", "top", 0x00080023),)}


def test_a_date_shifted_like_the_others_is_none_even_where_it_meets_an_original(
    series: Callable[..., list[Told]],
) -> None:
    def leave(_: int, before: Dataset, after: Dataset) -> None:
        before.ContentDate, after.ContentDate = "20231009", "20240117"

    assert judged(series(leave)) == {}


def test_a_date_shifted_otherwise_onto_an_original_is_told(series: Callable[..., list[Told]]) -> None:
    def leave(number: int, before: Dataset, after: Dataset) -> None:
        before.ContentDate, after.ContentDate = "20231010", "20240118" if number != 9 else "20240117"

    assert judged(series(leave)) == {"9": (Residual("date", "top", 0x00080023),)}


def test_text_in_the_place_of_a_date_is_told(series: Callable[..., list[Told]]) -> None:
    told = series()
    whole = told[5].passages
    whole.insert(1, Passage(b"", b"\x08\x00\x23\x00DA\x08\x00Meenaksh".replace(b"Meenaksh", b"A4711   ")))
    assert set(judged(told)) == {"5"}


def test_text_in_the_trailing_padding_is_told(series: Callable[..., list[Told]]) -> None:
    told = series()
    told[8].passages.append(Passage(b"", b"\xfc\xff\xfc\xffOB\0\0\x14\0\0\0" + bytes(12) + b"Sharma\0\0"))
    assert set(judged(told)) == {"8"}


def test_text_behind_the_end_of_a_value_is_told(series: Callable[..., list[Told]]) -> None:
    def leave(number: int, _: Dataset, after: Dataset) -> None:
        after.ProtocolName = "HELIX" + ("\0\0\0Sharma" if number == 8 else "\0" * 9)

    assert judged(series(leave)) == {"8": (Residual("name", "top", 0x00181030),)}


def test_text_in_numbers_is_told(series: Callable[..., list[Told]]) -> None:
    for value, kind in (("9876543210", "phone"), ("29.02.1956", "date"), ("Sharma", "name"), ("19560229", "date")):

        def leave(number: int, _: Dataset, after: Dataset, value: str = value) -> None:
            after.add_new(0x00181150, "SH", value if number == 21 else "12")

        told = series(leave)
        for one in told:
            one.passages[:] = [
                each._replace(cleaned=each.cleaned.replace(b"P\x11SH", b"P\x11IS")) for each in one.passages
            ]
        assert {(name, one.kind) for name, found in judged(told).items() for one in found} == {("21", kind)}


def test_a_name_across_passages_is_told(identified: Dataset, clean: Dataset, write: Write) -> None:
    told = tell(write(identified), write(clean))
    told.passages.extend([Passage(b"", b"\0\0Rajesh "), Passage(b"", b"Kav"), Passage(b"", b"ina\0\0\0")])
    assert {one.place for one in judged([told])["0"] if one.kind == "name"} == {"trailing"}


def test_what_stands_before_and_behind_the_data_set_is_harvested(
    identified: Dataset, clean: Dataset, write: Write
) -> None:
    clean.ImageComments = "Bhaskaran"
    for raw in (b"left by Bhaskaran", b"Bhaskaran".ljust(128, b"\0") + b"DICM"):
        told = tell(write(identified), write(clean))
        told.passages.append(Passage(raw, b"", raw=True))
        assert judged([told])["0"] == (Residual("private", "top", 0x00204000),)


def test_a_preamble_left_is_told(identified: Dataset, clean: Dataset, write: Write) -> None:
    clean.preamble = b"made by somebody".ljust(128, b"\0")
    assert judged([tell(write(identified), write(clean))])["0"] == (Residual("text", "preamble"),)


def test_a_native_value_longer_than_its_picture_is_told(series: Callable[..., list[Told]]) -> None:
    told = series()
    header = told[0].pixels.header
    assert len(header) == 12
    for number, length in ((4, 129), (6, 130)):
        told[number] = told[number]._replace(pixels=PixelPart(header, length))
    assert judged(told) == {"6": (Residual("text", "pixel_tail", 0x7FE00010),)}


def test_a_name_among_compressed_pixels_is_told(identified: Dataset, clean: Dataset, write: Write) -> None:
    clean.file_meta.TransferSyntaxUID = JPEG2000Lossless
    clean.PixelData = encapsulate([bytes((i * i * 7 + i) % 251 for i in range(4000)) + b"Rajesh Sharma\0"])
    clean["PixelData"].VR = "OB"
    assert judged([tell(write(identified), write(clean))])["0"] == (Residual("name", "pixel_tail", 0x7FE00010),)


def test_each_judgement_looks_at_the_new_against_everything(series: Callable[..., list[Told]]) -> None:
    def leave(number: int, before: Dataset, after: Dataset) -> None:
        before.PatientComments = "Zainab Ansari" if number == 37 else f"none {number}"
        after.PatientComments = "Zainab Ansari" if number == 2 else f"note {number}"

    told = series(leave)
    look = SeriesLook(implicit=False)
    for number in range(30):
        look.read(str(number), told[number].passages, told[number].pixels)
    assert look.judge() == {}
    for number in range(30, SIZE):
        look.read(str(number), told[number].passages, told[number].pixels)
    assert set(look.judge()) == {"2"}
    assert set(look.judge()) == {"2"}


def test_a_passage_that_its_parts_do_not_make_up_is_broken() -> None:
    for one in (
        Passage(b"ab", b"c", parts=(Passage(b"a", b"c"),)),
        Passage(b"a", b"cd", parts=(Passage(b"a", b"c"),)),
        joined([Passage(b"ab", b"c", parts=(Passage(b"a", b"c"),)), Passage(b"x", b"")]),
    ):
        with pytest.raises(Broken):
            SeriesLook(implicit=False).read("one", [one], PixelPart())


def test_parts_that_were_never_seen_are_looked_at(series: Callable[..., list[Told]]) -> None:
    def leave(_: int, __: Dataset, after: Dataset) -> None:
        after.ImageComments = "for Rajesh Sharma"

    told = series(leave)[1]
    assert any(one.parts for one in told.passages)
    assert set(judged([told])) == {"0"}


def test_an_empty_date_at_the_very_end_does_no_harm(identified: Dataset, clean: Dataset, write: Write) -> None:
    clean.ImageComments = "for Rajesh Sharma"
    told = tell(write(identified), write(clean))
    told.passages.append(Passage(b"", b"\x40\x00\x44\x02DA\0\0"))
    assert judged([told._replace(pixels=PixelPart())])["0"] == (Residual("name", "top", 0x00204000),)


def test_what_cannot_be_judged_is_broken(identified: Dataset, clean: Dataset, write: Write) -> None:
    with pytest.raises(Broken):
        judged([Told([Passage(b"", b"")], PixelPart(), False)])
    told = tell(write(identified), write(clean))
    with pytest.raises(Broken):
        judged([told._replace(is_implicit=True)])
    with pytest.raises(Broken):
        judged([told._replace(pixels=PixelPart(b"Rajesh Sharma", 5))])


REAL = ("CT_small.dcm", "MR_small.dcm", "MR_small_implicit.dcm", "JPEG2000.dcm", "US1_UNCI.dcm", "SC_rgb_small_odd.dcm")


def _pair(name: str) -> tuple[bytes, bytes]:
    path = get_testdata_file(name)
    assert isinstance(path, str)
    original = Path(path).read_bytes()
    return original, bytes(deidentify_instance(original, keys=Keys(b"k" * 32, ""), profile=HEADERS).content)


@pytest.mark.parametrize("name", REAL)
def test_real_files_are_clean_as_de_identified_and_dirty_as_they_were(name: str) -> None:
    original, cleaned = _pair(name)
    assert judged([tell(original, cleaned)]) == {}
    assert judged([tell(original, original)])


PAIRS = {name: _pair(name) for name in REAL}


def _mutated(told: Told, chance: Random) -> None:
    """Put pieces of the original into the cleaned bytes, and change some of them, a few times."""
    for _ in range(chance.randint(0, 4)):
        at = chance.randrange(len(told.passages))
        was = told.passages[at]
        text = chance.choice(told.passages).original
        cut = chance.randrange(len(text) + 1)
        piece = text[cut : cut + chance.randint(0, 40)]
        here = chance.randrange(len(was.cleaned) + 1)
        before, after = was.cleaned[:here], was.cleaned[here:]
        changes = (
            was.original,
            before + piece + after[len(piece) :],
            before + piece + after,
            before + bytes([chance.randrange(256)]) + after[1:],
        )
        told.passages[at] = was._replace(cleaned=chance.choice(changes))


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(REAL), st.integers(0, 1 << 32))
def test_a_look_finds_at_least_what_the_look_at_the_whole_file_finds(name: str, seed: int) -> None:
    original, cleaned = PAIRS[name]
    told = tell(original, cleaned)
    _mutated(told, Random(seed))
    header = b"".join(one.cleaned for one in told.passages)
    whole = {one for one in residuals(header, harvest(original)) if one.place != "pixel_tail"}
    try:
        found = set(judged([told._replace(pixels=PixelPart())]).get("0", ()))
    except Broken:
        return  # held, which is no leak
    assert whole <= found
