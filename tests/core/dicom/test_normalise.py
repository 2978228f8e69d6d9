"""Every accepted encoding becomes the same little-endian elements; the rest is refused with its reason."""

import pytest
from support import dicom_bytes as made

from confrere.core.dicom.attributes import Attributes
from confrere.core.dicom.normalise import is_uid, normalise
from confrere.core.dicom.walk import walk
from confrere.core.terms import Refused


def values(source: bytes) -> dict[int, bytes]:
    plain = normalise(source)
    walked = walk(plain.buffer, plain.start, implicit=plain.implicit)
    attributes = Attributes(plain.buffer, walked.elements)
    return {tag: attributes.raw(tag) or b"" for tag in attributes.by_tag}


def refusal(source: bytes) -> str:
    with pytest.raises(Refused) as caught:
        normalise(source)
    return caught.value.code


@pytest.mark.parametrize("syntax", [made.IMPLICIT, made.DEFLATED])
def test_implicit_and_deflated_hold_the_same_values_as_explicit(syntax: str) -> None:
    assert values(made.ct_file(syntax=syntax)) == values(made.ct_file())


@pytest.mark.parametrize("implicit", [False, True])
def test_a_bare_data_set_is_recognised_by_its_first_element(implicit: bool) -> None:
    body = made.dataset(implicit=implicit)
    assert normalise(body).implicit is implicit
    assert values(body) == values(made.ct_file())


def test_file_meta_without_preamble_is_taken() -> None:
    assert values(made.ct_file()[132:]) == values(made.ct_file())


def test_a_used_preamble_is_noticed_and_nothing_more() -> None:
    assert normalise(made.part10(made.dataset(), preamble=b"MZ" + bytes(126))).preamble_used
    assert not normalise(made.ct_file()).preamble_used


@pytest.mark.parametrize(
    "junk",
    [b"GET / HTTP/1.1\r\n\r\n", b"\x89PNG\r\n\x1a\n", b"PK\3\4" + bytes(200), bytes(4000), b"\x08\x00"],
)
def test_other_files_are_not_dicom(junk: bytes) -> None:
    assert refusal(junk) == "not-dicom"


def test_nothing_is_an_empty_file() -> None:
    assert refusal(b"") == "empty-file"


def test_a_syntax_off_the_list_is_refused() -> None:
    assert refusal(made.part10(b"", "1.2.840.10008.1.2.4.94")) == "transfer-syntax-not-allowed"
    assert refusal(made.part10(b"", "1.2.840.10008.1.2.4.100")) == "transfer-syntax-not-allowed"


def test_a_deflate_bomb_is_refused_at_the_bound() -> None:
    bomb = made.dataset({0x7FE00010: made.element(0x7FE00010, "OW", bytes(66 << 20))})
    assert refusal(made.part10(bomb, made.DEFLATED)) == "expands-too-much"


def test_a_cut_or_broken_deflate_stream_is_refused() -> None:
    whole = made.ct_file(syntax=made.DEFLATED)
    assert refusal(whole[:-20]) == "truncated"
    start = len(made.part10(b"", made.EXPLICIT)) + 5  # the deflated syntax's UID is longer
    assert refusal(whole[:start] + b"\xff" * 60) in {"bad-header", "truncated"}


@pytest.mark.parametrize(
    ("uid", "good"),
    [
        ("1.2.3", True),
        ("2.25.0", True),
        ("1.02", False),
        ("1..2", False),
        ("1." + "2" * 63, False),
        ("../1", False),
    ],
)
def test_uids_are_dotted_numbers_of_at_most_64_characters(uid: str, good: bool) -> None:
    assert is_uid(uid) is good
