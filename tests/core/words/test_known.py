"""What the upload said of this patient is found in any order, case, script and spacing."""

import pytest

from confrere.core.words import Known, find_identifiers, known_from

KNOWN = known_from(["WOOD^MARK^JOY", "A-10293/84", "19620814"])


def test_tokens_of_a_header_are_sorted() -> None:
    assert KNOWN == Known(("WOOD^MARK^JOY",), ("A-10293/84",), ("19620814",))


@pytest.mark.parametrize(
    "text",
    [
        "mark came again",
        "Joy Wood",
        "MARKWOODX is not he but markjoywood is",
        "w o o d m a r k j o y",
        "no. A1029384",
        "a-10293 84",
        "born 14 Aug 1962",
        "14.8.62",
        "1962-08-14",
        "August 14th",
        "14081962",
    ],
)
def test_every_trace_is_found(text: str) -> None:
    if text.startswith("w o"):
        known = known_from(["WOODMARKJOY"])
    else:
        known = KNOWN
    assert any(span.kind == "known" and span.sure for span in find_identifiers(text, known))


def test_another_script_is_no_hiding_place() -> None:
    known = known_from(["SHARMA^RAJESH"])
    assert any(span.kind == "known" for span in find_identifiers("कल राजेश आया", known))


def test_without_anything_known_these_words_are_ordinary() -> None:
    assert find_identifiers("mark the wood with joy") == ()
