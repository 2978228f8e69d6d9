"""Single values are read or are absent; only the numbers that sizes hang on refuse the instance."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import dicom_bytes as made

from confrere.core.dicom.attributes import Attributes, decoded
from confrere.core.dicom.walk import walk
from confrere.core.terms import Refused

ROWS, PALETTE, WINDOW, NUMBER, TYPE, SHARED = 0x00280010, 0x00281101, 0x00281050, 0x00200013, 0x00080008, 0x52009229


def read(body: bytes) -> Attributes:
    return Attributes(body, walk(body, 0, implicit=False).elements)


def one(tag: int, vr: str, value: bytes | str) -> Attributes:
    return read(made.element(tag, vr, value))


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        ("ORIGINAL\\PRIMARY\\AXIAL", ("ORIGINAL", "PRIMARY", "AXIAL")),
        (" ORIGINAL \\ PRIMARY ", ("ORIGINAL", "PRIMARY")),
        ("ORIGINAL\\\\AXIAL", ("ORIGINAL", "", "AXIAL")),
        ("AXIAL\0\0", ("AXIAL",)),
        ("  ", ()),
        ("", ()),
    ],
)
def test_several_values_are_told_apart_and_padding_is_none(value: str, texts: tuple[str, ...]) -> None:
    attributes = one(TYPE, "CS", value)
    assert attributes.texts(TYPE) == texts
    assert attributes.text(TYPE) == (texts[0] if texts else "")


@pytest.mark.parametrize(
    ("value", "numbers"),
    [
        ("40\\400", (40.0, 400.0)),
        (" -1.5e2 ", (-150.0,)),
        ("40\\wide", ()),
        ("40\\nan", ()),
        ("1_0", ()),
        ("\u0661\u0662", ()),
        ("1e999", ()),
        ("", ()),
    ],
)
def test_numbers_are_all_finite_or_none_is_read(value: str, numbers: tuple[float, ...]) -> None:
    attributes = one(WINDOW, "DS", value)
    assert attributes.numbers(WINDOW) == numbers
    assert attributes.number(WINDOW) == (numbers[0] if numbers else None)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (" 7 ", 7),
        ("-3\\4", -3),
        ("+12", 12),
        ("1.5", None),
        ("many", None),
        ("1_0", None),
        ("\u0661\u0662", None),
        ("", None),
    ],
)
def test_a_whole_number_is_read_or_is_none(value: str, number: int | None) -> None:
    assert one(NUMBER, "IS", value).integer(NUMBER) == number


def test_what_is_absent_reads_as_nothing() -> None:
    attributes = read(b"")
    assert attributes.raw(TYPE) is None
    assert (attributes.texts(TYPE), attributes.text(TYPE), attributes.numbers(TYPE)) == ((), "", ())
    assert (attributes.number(TYPE), attributes.integer(TYPE), attributes.item(SHARED)) == (None, None, None)
    assert attributes.shorts(PALETTE) == ()
    assert attributes.unsigned_or(ROWS, 5) == 5


def test_a_structural_number_is_read_exactly() -> None:
    assert one(ROWS, "US", made.us(0xFFFE)).unsigned(ROWS) == 0xFFFE
    assert one(ROWS, "US", made.us(8)).unsigned_or(ROWS, 5) == 8


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "missing-element"),
        (made.element(ROWS, "US", b""), "missing-element"),
        (made.element(ROWS, "US", made.us(8, 8)), "wrong-vr"),
        (made.element(ROWS, "SS", made.us(8)), "wrong-vr"),
        (made.element(ROWS, "IS", "8 "), "wrong-vr"),
    ],
)
def test_a_structural_number_in_any_other_form_is_refused_by_tag_alone(body: bytes, code: str) -> None:
    with pytest.raises(Refused) as caught:
        read(body).unsigned(ROWS)
    assert (caught.value.code, caught.value.detail) == (code, "(0028,0010)")


def test_a_default_stands_in_for_an_absent_number_only() -> None:
    with pytest.raises(Refused, match="wrong-vr"):
        one(ROWS, "US", made.us(8, 8)).unsigned_or(ROWS, 5)


def test_items_of_a_sequence_are_read_one_by_one() -> None:
    items = [made.item(made.element(NUMBER, "IS", number)) for number in ("4", "5")]
    attributes = read(made.element(SHARED, "SQ", b"".join(items)))
    found = [attributes.item(SHARED, index) for index in range(3)]
    assert [each.integer(NUMBER) if each else None for each in found] == [4, 5, None]
    assert one(TYPE, "CS", "AXIAL").item(TYPE) is None


def test_words_of_a_palette_are_read_unsigned() -> None:
    assert one(PALETTE, "SS", made.us(256, 0xFFFF, 16)).shorts(PALETTE) == (256, 0xFFFF, 16)
    assert read(made.element(PALETTE, "OB", b"\1\2\3\4")).shorts(PALETTE) == (0x0201, 0x0403)


@given(st.binary(max_size=40), st.binary(max_size=40))
def test_bytes_that_are_no_utf_8_become_text_all_the_same_and_stay_apart(first: bytes, second: bytes) -> None:
    assert decoded(b"\xff" + first) != decoded(b"\xff" + second) or first == second


@given(st.text(max_size=20))
def test_utf_8_reads_as_it_was_written(words: str) -> None:
    assert decoded(words.encode()) == words
