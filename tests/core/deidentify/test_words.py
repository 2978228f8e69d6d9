"""A cleaned description says what was imaged and how, and never who."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confrere.core.deidentify.words import (
    cleaned,
    cleaned_value,
    holds_own,
    own_date,
    own_number,
    own_words,
    tells_own,
    vocabulary,
)

NOBODY: frozenset[bytes] = frozenset()
UTF8 = ("ISO_IR 192",)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("NCCT head for Quirina Zaveriwal", "NCCT head for"),
        ("CT ABDOMEN+PELVIS C+ 5mm", "CT ABDOMEN PELVIS C+ 5mm"),
        ("CT brain w/o contrast", "CT brain w/o contrast"),
        ("abdomen C- then C+", "abdomen C- C+"),
        ("T2W_TSE_TRA 3.0 mm", "T2W TSE TRA 3.0 mm"),
        ("L-spine, ref. Dr Zaveriwal 12/03/63", "L spine ref"),
        ("call 9876543210", ""),
        ("call 987 654 321 0", ""),
        ("UHID 4417", ""),
        ("0.625mm STD 120kV", "0.625mm STD 120kV"),
        ("1250 mm", ""),
        ("headache?", "headache"),
        ("CT head, Dr Hand Long, axial", "CT head axial"),
        ("MR head", "MR head"),
        ("45 M", ""),
        ("Zaveriwalhead", ""),
        ("hëad CT", "CT"),
    ],
)
def test_words_of_imaging_and_measures_stay_and_all_else_goes(text: str, left: str) -> None:
    masked = "".join(each if each.isascii() else "ÿ" for each in text)
    assert cleaned(masked, NOBODY) == left


def test_a_word_of_the_list_that_is_the_patients_own_goes_too() -> None:
    taboo = frozenset(own_words(b"Hand^Rose T1") | own_words(b"123"))
    assert cleaned("MR HAND axial T1 Hand_left 123 mm 12 mm", taboo) == "MR axial left 12 mm"


def test_values_are_cleaned_one_by_one_and_long_text_as_a_whole() -> None:
    assert cleaned_value(b"LO", b"CT head\\Quirina\\5 mm", UTF8, NOBODY) == b"CT head\\\\5 mm"
    assert cleaned_value(b"LO", b"Quirina\\Zaveriwal", UTF8, NOBODY) == b""
    assert cleaned_value(b"LT", b"CT head\r\nfor Quirina\\chest", UTF8, NOBODY) == b"CT head for chest"


def test_a_description_in_another_script_loses_it_and_keeps_the_words_of_the_list() -> None:
    assert cleaned_value(b"LO", "CT 誠 head".encode("gbk"), ("GB18030",), NOBODY) == b"CT head"
    japanese = "山田太郎 CT head".encode("iso2022_jp")
    assert cleaned_value(b"LO", japanese, ("", "ISO 2022 IR 87"), NOBODY) == b"CT head"
    inside = b"\x1b$B" + b"CTCT" + b"\x1b(B MR"  # two Japanese characters whose bytes read "CTCT"
    assert cleaned_value(b"LO", inside, ("", "ISO 2022 IR 87"), NOBODY) == b"MR"


def test_what_cannot_be_decoded_is_dropped_and_not_cleaned() -> None:
    assert cleaned_value(b"LO", b"CT head \xff", UTF8, NOBODY) == b""
    assert cleaned_value(b"LO", b"CT head", ("ISCII",), NOBODY) == b""


def test_what_is_left_fits_its_vr() -> None:
    assert len(cleaned_value(b"SH", b"axial " * 20, UTF8, NOBODY)) <= 16
    assert cleaned_value(b"LO", b"axial " * 20, UTF8, NOBODY).split() == [b"axial"] * 10


@given(st.text(max_size=60))
def test_every_word_that_is_left_is_on_the_list_or_a_measure(text: str) -> None:
    known = vocabulary()
    for word in cleaned("".join(each if each.isascii() else "ÿ" for each in text), NOBODY).lower().split():
        measure = re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,3})?([a-z]*)", word)
        assert word in known.words or (measure and (not measure[2] or measure[2] in known.units))


def test_the_list_holds_no_month_title_or_number() -> None:
    words = vocabulary().words
    months = "jan feb mar apr may jun jul aug sep sept oct nov dec january march april june july august".split()
    assert not words.intersection(months) - {"oct"}  # optical coherence tomography
    assert not words.intersection("dr mr mrs ms shri smt prof sir kumar singh devi".split()) - {
        "mr",
        "ms",
    }  # a modality, a unit
    assert not [word for word in words if word.isdigit()]


def test_own_words_are_told_in_a_kept_text() -> None:
    own = frozenset(own_words("Zaveriwal^Q=शर्मा^राजेश".encode()) | own_words(b"UH 4417 12"))
    assert holds_own(b"Shri ZAVERIWAL hospital", own)
    assert holds_own("शर्मा अस्पताल".encode(), own)
    assert holds_own(b"bed 4417", own)
    assert not holds_own(b"Q 12 UH", own)
    assert not holds_own(b"City hospital", own)


def test_a_foreign_name_is_known_as_people_type_it_too() -> None:
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in "Liver")  # as Japanese keyboards write Latin letters
    own = own_words(f"Händ^{wide}".encode())
    assert {b"hand", b"liver"} <= own
    assert b"hand" in own_words("Händ".encode("latin-1"))
    assert cleaned("MR hand liver axial", frozenset(own)) == "MR axial"


def test_a_very_long_name_is_split_at_once() -> None:
    assert own_words(b"a" * 60_000) == {b"a" * 60_000}
    assert len(own_words(b"a" * 60_000 + b"\xe4")) >= 2


def test_an_identifier_is_told_with_and_without_what_stands_between_its_parts() -> None:
    own = frozenset(own_words(b"UH 4417 12") | own_number(b"UH 4417 12") | own_date(b"19630227"))
    for text in (b"UH441712", b"xUH-4417.12x", b"1963-02-27", b"born 27/02/1963", b"02.27.1963", b"19630227"):
        assert tells_own(text, own)
    for text in (b"UH4418", b"1963", b"27.02.", b"City hospital"):
        assert not tells_own(text, own)


def test_what_is_no_date_or_too_short_tells_nothing() -> None:
    assert not own_date(b"196302")
    assert not own_date(b"")
    assert not own_number(b"A 12")
