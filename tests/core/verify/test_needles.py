"""How values become needles, and how harvests join."""

import copy
from collections.abc import Callable

import pytest
from pydicom.dataset import Dataset

from confrere.core.verify import Harvest, Residual, harvest, harvest_known, residuals

Write = Callable[[Dataset], bytes]
MARKS = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\ufeff"


def test_each_line_becomes_needles_and_empty_lines_none() -> None:
    assert len(harvest_known(["", "  "])) == 0
    known = harvest_known(["Gurpreet Singh"])
    assert ("name", b"gurpreet") in known.phrases
    assert {word for _, word in known.words} == {b"singh", b"gsingh", b"singhg"}


def test_names_are_looked_for_in_every_order() -> None:
    phrases = {needle for _, needle in harvest_known(["Li^Na^Rao"]).phrases}
    assert phrases == set()
    phrases = {needle for _, needle in harvest_known(["Kaur^Li^Harjit"]).phrases}
    assert {b"kaurliharjit", b"harjitkaur", b"kaurharjit", b"liharjit"} <= phrases


def test_initials_glued_to_a_part_are_looked_for() -> None:
    known = harvest_known(["Sharma^Rajesh Kumar"])
    words = {word for _, word in (*known.words, *known.phrases)}
    assert {b"rksharma", b"sharmark", b"rsharma", b"sharmar"} <= words
    assert b"rk" not in words


def test_what_another_harvest_has_can_be_taken_out() -> None:
    one, two = harvest_known(["Gurpreet Singh"]), harvest_known(["MR-55012"])
    assert one.merge(two).without(one) == two.without(one)
    assert len(one.without(one)) == 0


def test_merging_is_a_union_and_changes_neither() -> None:
    one, two = harvest_known(["Gurpreet Singh"]), harvest_known(["MR-55012", "02/03/1961"])
    before = copy.copy(one)
    both = one.merge(two)
    assert one == before
    assert both.phrases == one.phrases | two.phrases
    assert both.days == two.days
    assert one.merge() == one
    assert one.merge(one) == one
    assert Harvest().merge(one) == one


SURNAMES = ("Rose", "Head", "Young", "Long", "Hand", "Bindu", "Asha", "Jain", "Gill", "Bedi")


@pytest.mark.parametrize("surname", SURNAMES)
def test_a_surname_that_is_a_word_too_is_found_in_free_text(
    surname: str, identified: Dataset, clean: Dataset, write: Write
) -> None:
    clean.BodyPartExamined, clean.StudyDescription = "CHEST", "CT chest"
    for name in (f"{surname}^Farida", f"Farida {surname}", f"{surname}^F"):
        identified.PatientName = name
        known = harvest(write(identified))
        clean.ImageComments = "seen before"
        assert residuals(write(clean), known) == ()
        for text in (f"Mrs {surname} seen", f"for {surname.upper()}", f"F. {surname.lower()}, aged"):
            clean.ImageComments = text
            assert residuals(write(clean), known) == (Residual("name", "top", 0x00204000),), text
    clean.ImageComments = "none"
    clean.private_block(0x0029, "ACME", create=True).add_new(0x10, "OB", f"\1Farida {surname}\0\0".encode()[:16])
    identified.PatientName = f"{surname}^Farida"
    assert residuals(write(clean), harvest(write(identified)))


def test_a_word_of_the_standard_that_is_a_name_too_counts_in_free_text(
    identified: Dataset, clean: Dataset, write: Write
) -> None:
    clean.BodyPartExamined, clean.ImageType = "PANCREAS", ["DERIVED", "PRIMARY", "PERFUSION", "RCBF"]
    for name in ("PANCREAS_0001", "Perfusion^MCA Stroke", "Pancreas"):
        identified.PatientName = identified.PatientID = name
        identified.BodyPartExamined = "PANCREAS"
        known = harvest(write(identified))
        assert residuals(write(clean), known) == (), name
        for text in (name, name.replace("^", " "), name.lower().split("^")[0].split("_")[0]):
            dirty = copy.deepcopy(clean)
            dirty.PatientComments = text
            assert residuals(write(dirty), known), text


def test_a_list_s_common_words_hold_no_text(clean: Dataset, write: Write) -> None:
    clean.StudyDescription = "head and hand"
    assert residuals(write(clean), harvest_known(["Shri Head Clinic, Long Road", "Hand"])) == ()


@pytest.mark.parametrize("mark", MARKS)
def test_marks_that_show_nothing_hide_no_name(mark: str, identified: Dataset, clean: Dataset, write: Write) -> None:
    identified.SpecificCharacterSet = clean.SpecificCharacterSet = "ISO_IR 192"
    for first, last in (("राजेश", "शर्मा"), ("علی", "خان"), ("Rajesh", "Bedi")):
        for marked in (f"{mark}{last}{mark}^{first}{mark}", f"{last[:2]}{mark}{last[2:]}^{first}"):
            for before, after in ((marked, f"{first} {last}"), (f"{last}^{first}", marked.replace("^", " "))):
                identified.PatientName = before
                known = harvest(write(identified))
                for text in (after, f"for {after} again"):
                    clean.ImageComments = text
                    assert residuals(write(clean), known), (before, after)


def test_names_are_compared_however_they_are_composed(identified: Dataset, clean: Dataset, write: Write) -> None:
    identified.SpecificCharacterSet = clean.SpecificCharacterSet = "ISO_IR 192"
    pairs = (
        ("Jos\u00e9\u00e1^M\u00fcller", "jose\u0301a\u0301"),
        ("Jose\u0301a\u0301^Mu\u0308ller", "JOS\u00c9\u00c1"),
        ("\u0958\u093f\u0938\u094d\u0938\u093e", "\u0915\u093c\u093f\u0938\u094d\u0938\u093e"),
        ("\uff33\uff28\uff21\uff32\uff2d\uff21^\u738b\u5c0f\u4e1c", "Sharma"),
        ("Rajesh\u00a0Bedi", "bedi"),
    )
    for before, after in pairs:
        identified.PatientName, clean.ImageComments = before, f"for {after}"
        assert residuals(write(clean), harvest(write(identified))), before


@pytest.mark.parametrize(
    ("terms", "escape", "codec", "name"),
    [
        (["", "ISO 2022 IR 58"], b"\x1b$)A", "gb2312", "\u5f20\u5c0f\u4e1c"),
        (["", "ISO 2022 IR 149"], b"\x1b$)C", "euc_kr", "\uae40\ud76c\uc911"),
        (["", "ISO 2022 IR 87"], b"\x1b$B", "iso2022_jp", "\u5c71\u7530\u592a"),
    ],
)
def test_a_name_between_escapes_is_found_without_them(
    terms: list[str], escape: bytes, codec: str, name: str, identified: Dataset, clean: Dataset, write: Write
) -> None:
    coded = name.encode(codec) if codec == "iso2022_jp" else escape + name.encode(codec)
    identified.SpecificCharacterSet = terms
    raw = write(identified).replace(b"Sharma^Rajesh Kavina", (b"Zhang=" + coded).ljust(20)[:20])
    clean.SpecificCharacterSet = "ISO_IR 192"
    clean.ImageComments = f"for {name}"
    assert residuals(write(clean), harvest(raw))


def test_initials_and_a_common_word_are_not_looked_for_across_spaces(
    identified: Dataset, clean: Dataset, write: Write
) -> None:
    identified.PatientName = "Patient^Nine"
    clean.DeidentificationMethod = "Retain Patient Characteristics"
    assert residuals(write(clean), harvest(write(identified))) == ()


def test_a_date_in_private_bytes_is_a_date(identified: Dataset, clean: Dataset, write: Write) -> None:
    identified.add_new(0x00291011, "OB", b"\1\0Taken=20160503\0\0\0\0")
    known = harvest(write(identified))
    clean.ImageComments = "on 20160503"
    assert residuals(write(clean), known) == (Residual("date", "top", 0x00204000),)
    clean.ImageComments, clean.ContentDate = "none", "20160503"
    assert residuals(write(clean), known) == (Residual("date", "top", 0x00080023),)
