"""Cleaned elements are sorted by what could hide in them; the suspicion may be too great, never too small."""

import pytest

from confrere.core.terms import Broken
from confrere.core.verify import Harvest, harvest_known
from confrere.core.verify.hay import Hay
from confrere.core.verify.search import Search

NOTHING = Search(Harvest())


def _hay(*elements: bytes) -> Hay:
    hay = Hay(implicit=False)
    for element in elements:
        hay.take(element, {})
    hay.settle()
    return hay


def element(tag: bytes, vr: bytes, value: bytes) -> bytes:
    return tag + vr + len(value).to_bytes(2, "little") + value


@pytest.mark.parametrize(
    ("vr", "value"),
    [
        (b"DS", b"55012345"), (b"IS", b"55012345"), (b"LO", b"55012345"), (b"FD", b"55012345"), (b"UI", b"55012345"),
        (b"TM", b"55012345"), (b"CS", b"55012345"), (b"AT", b"55012345"),
    ],
)  # fmt: skip
def test_a_number_shows_in_values_of_any_kind(vr: bytes, value: bytes) -> None:
    same = element(b"\x18\x00\x50\x00", vr, b"1.5 ")
    hay = _hay(same, element(b"\x18\x00\x50\x00", vr, value))
    known = Search(harvest_known(["55012345"]))
    assert hay.shows(known, NOTHING)
    assert not _hay(same, same).shows(known, NOTHING)


def test_a_word_spelt_by_a_tag_shows() -> None:
    known = Search(harvest_known(["4MR1"]))
    assert _hay(element(b"4MR1", b"LO", b"512 ")).shows(known, NOTHING) is False
    assert _hay(element(b"4MR1", b"DS", b"512 ")).shows(Search(harvest_known(["4MR1DS"])), NOTHING)
    implicit = Hay(implicit=True)
    implicit.take(b"4MR1\x04\0\0\x00512 ", {})
    implicit.settle()
    assert implicit.shows(known, NOTHING)


def test_what_is_settled_is_asked_for_new_needles_only() -> None:
    hay = _hay(element(b"\x18\x00\x50\x00", b"LO", b"55012345"))
    hay.settle()
    known = Search(harvest_known(["55012345"]))
    assert not hay.shows(known, NOTHING)
    assert hay.shows(known, known)


def test_bytes_that_are_no_element_are_suspicious() -> None:
    assert _hay(b"Rajesh").is_suspicious
    assert not _hay(element(b"\x08\x00\x60\x00", b"CS", b"CT")).is_suspicious
    assert _hay(b"\xfc\xff\xfc\xffOB\0\0\x08\0\0\0Rajesh  ").is_suspicious


def test_a_short_element_whose_header_is_a_long_one_is_suspicious() -> None:
    assert _hay(element(b"\x20\x00\x0d\x00", b"UT", b"2.25.288490377593158773402559321372142295443")).is_suspicious


@pytest.mark.parametrize("syntax", [b"1.2.840.10008.1.2\0", b"1.2.840.10008.1.2.2\0", b"1.2.840.10008.1.2.1.99"])
def test_a_transfer_syntax_that_the_look_was_not_told_is_broken(syntax: bytes) -> None:
    with pytest.raises(Broken):
        _hay(element(b"\x02\x00\x10\x00", b"UI", syntax))
