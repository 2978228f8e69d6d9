"""The three ends of a text that arrives as a file."""

import pytest

from confrere.core.terms import Held, Refused
from confrere.core.words import judge_text


def no_network(text: str) -> list[object]:
    return []


def test_a_text_without_an_identity_is_clean() -> None:
    markup = "<img src=x onerror=canary()> ![](http://pixel.invalid/i.png) \u202etxt.exe\u202c {{7*7}} ${7*7}"
    assert judge_text(markup.encode(), no_network) == markup


def test_a_text_with_one_is_held_and_the_reason_holds_no_word_of_it() -> None:
    with pytest.raises(Held, match="looks-like-identifier") as told:
        judge_text(b"65M Mr Zqxtaba Sharma, MRN 005263179, Aadhaar 2345 6789 0123", no_network)
    assert "Sharma" not in str(told.value) and told.value.detail == "3 spans"


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(Refused, match="bad-text"):
        judge_text(b'{"title":"a\\u0000b","body":"\xff\xfe"}', no_network)
