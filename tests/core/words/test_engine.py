"""The whole engine: offsets, hostile texts, the network as an argument, and time that grows with length alone."""

import time
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from confrere.core.words import NameGuess, find_identifiers

MEGABYTE = 1_000_000
HOSTILE = {
    "one word": "a",
    "figures": "1",
    "figures apart": "1 ",
    "initials": "A.",
    "titles": "Mr ",
    "mails": "a@",
    "carets": "A^",
    "dashes": "1-",
    "spoken mails": "a at ",
    "houses": "Hospital ",
    "labels": "Reg no ",
    "roads": "Ab Road ",
    "addresses": "H.No 1 ",
    "one script": "क",
    "invisible": "a\u200d",
    "full width": "９",
    "spaces": " ",
    "spelled": "one ",
    "months": "May 1 ",
    "feasts": "days after Diwali ",
}


def test_offsets_are_code_points_of_the_text_as_given() -> None:
    text = "😀 \u202eMr Ra\u200bmesh\u202c, 9845\u200d0 12345 😀"
    spans = find_identifiers(text)
    assert [text[span.start : span.end] for span in spans] == ["Mr Ra\u200bmesh", "9845\u200d0 12345"]


def test_markup_bidi_and_look_alikes_without_an_identity_are_left_alone() -> None:
    text = (
        "<img src=x onerror=canary()> [x](javascript:canary()) ![](http://pixel.invalid/i.png)\n"
        "\u202etxt.exe\u202c \u200b\u200d zero-width, \u0430\u0440\u0440\u04cfe homoglyph, {{7*7}} ${7*7} %s%n\n"
    )
    assert find_identifiers(text) == ()


def test_a_name_and_numbers_in_one_line_are_all_found() -> None:
    text = (
        "65M Mr Zqxtaba Sharma, MRN 005263179, ph +91 98765 43210, seen 29/02/2024 at City Hospital, "
        "Aadhaar 2345 6789 0123"
    )
    kinds = [span.kind for span in find_identifiers(text)]
    assert kinds == ["name", "id", "phone", "date", "hospital", "id"]


@pytest.mark.parametrize(
    "text", ["Rаjеsh Kumаr", "Ｒａｊｅｓｈ Ｋｕｍａｒ", "R\u00e1jesh Kum\u00e1r", "Ra\u00adjesh Ku\u2060mar"]
)
def test_a_disguised_name_is_found(text: str) -> None:
    (span,) = find_identifiers(text)
    assert (span.start, span.end) == (0, len(text))


def test_the_network_is_asked_and_ordinary_words_are_not_its_to_take() -> None:
    def network(text: str) -> Sequence[NameGuess]:
        return [NameGuess(0, 5, "name", 0.99), NameGuess(6, 11, "name", 0.99)]

    text = "Qzzrx liver"
    assert [text[one.start : one.end] for one in find_identifiers(text, names=network)] == ["Qzzrx"]


def test_a_network_that_fails_is_not_taken_for_one_that_found_nothing() -> None:
    def network(text: str) -> Sequence[NameGuess]:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        find_identifiers("liver", names=network)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_answered_with_spans_in_order_and_apart(text: str) -> None:
    end = 0
    for span in find_identifiers(text):
        assert end <= span.start < span.end <= len(text)
        end = span.end


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE.keys())
def test_time_grows_with_the_length_alone(piece: str) -> None:
    def spent(length: int) -> float:
        text = (piece * (length // len(piece) + 1))[:length]
        begin = time.process_time()
        find_identifiers(text)
        return time.process_time() - begin

    spent(2000)
    short = min(spent(MEGABYTE // 16) for _ in range(2))
    assert spent(MEGABYTE // 4) < 10 * max(short, 0.02)
