"""Half of a character is never taken for a letter, and what cannot be read is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import dicom_bytes as made

from confrere.core.deidentify.character_sets import OTHER, ascii_view, character_set
from confrere.core.dicom.attributes import Attributes
from confrere.core.dicom.walk import walk


def masked(text: str) -> str:
    return "".join(each if each.isascii() else OTHER for each in text)


@pytest.mark.parametrize(
    ("text", "codec", "terms"),
    [
        ("CT head", "ascii", ()),
        ("CT head", "ascii", ("ISO_IR 6",)),
        ("Schädel CT", "latin-1", ("ISO_IR 100",)),
        ("Schädel CT", "latin-1", ("ISO 2022 IR 100",)),
        ("череп CT", "iso8859-5", ("ISO_IR 144",)),
        ("शर्मा CT", "utf-8", ("ISO_IR 192",)),
        ("王小东 CT 頭", "gb18030", ("GB18030",)),
        ("誠 CT", "gbk", ("GBK",)),
        ("CT 頭部", "iso2022_jp", ("", "ISO 2022 IR 87")),
    ],
)
def test_ascii_stays_and_every_other_character_is_one_mark(text: str, codec: str, terms: tuple[str, ...]) -> None:
    assert ascii_view(text.encode(codec), terms) == masked(text)


def test_a_backslash_inside_a_character_is_no_backslash() -> None:
    raw = "誠CT".encode("gbk")
    assert 0x5C in raw  # what this test is about
    assert ascii_view(raw, ("GB18030",)) == f"{OTHER}CT"
    switched = b"\x1b$B" + b"\x3a\x5c" + b"\x1b(B" + b"\\CT"
    assert ascii_view(switched, ("", "ISO 2022 IR 87")) == f"{OTHER}\\CT"


def test_korean_and_chinese_in_the_upper_half_are_pairs_until_the_value_ends() -> None:
    assert ascii_view(b"\x1b$)C\xc7\xd1 CT", ("", "ISO 2022 IR 149")) == f"{OTHER} CT"
    assert ascii_view(b"\x1b$)A\xcd\xf5 CT", ("", "ISO 2022 IR 58")) == f"{OTHER} CT"
    assert ascii_view(b"\x1b$)C\xc7\xd1\\\xc7\xd1", ("", "ISO 2022 IR 149")) is None


@pytest.mark.parametrize(
    ("raw", "terms"),
    [
        (b"Sch\xe4del", ()),
        (b"Sch\xe4del", ("ISO_IR 192",)),
        (b"\x81", ("GB18030",)),
        (b"CT\x92", ("ISO_IR 100",)),
        (b"\x1b$Z!!", ("", "ISO 2022 IR 87")),
        (b"\x1b$B!", ("", "ISO 2022 IR 87")),
        (b"\x1b$B! !", ("", "ISO 2022 IR 87")),
        (b"CT", ("ISCII",)),
        (b"CT", ("ISO_IR 87",)),
        (b"CT", ("ISO_IR 192", "ISO 2022 IR 87")),
        (b"CT\0\1CT", ()),
        (b"CT\x01", ("ISO_IR 192",)),
    ],
)
def test_what_is_not_of_its_character_set_is_not_guessed(raw: bytes, terms: tuple[str, ...]) -> None:
    assert ascii_view(raw, terms) is None


@given(st.binary(max_size=40), st.sampled_from([(), ("ISO_IR 100",), ("GB18030",), ("", "ISO 2022 IR 87")]))
def test_any_bytes_are_read_or_told(raw: bytes, terms: tuple[str, ...]) -> None:
    text = ascii_view(raw, terms)
    assert text is None or all(each.isascii() or each == OTHER for each in text)


def test_the_terms_are_those_of_the_data_set() -> None:
    encoded = made.element(0x00080005, "CS", "\\ISO 2022 IR 87")
    attributes = Attributes(encoded, walk(encoded, 0, implicit=False).elements)
    assert character_set(attributes) == ("", "ISO 2022 IR 87")
    assert character_set(Attributes(b"", ())) == ()
