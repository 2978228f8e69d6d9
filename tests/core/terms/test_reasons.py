"""One table of reasons: every code the product says stands in it, in words a doctor can read as they are."""

import ast
import re
from collections.abc import Iterator
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

import confrere
from confrere.core.terms import REASONS, Reason, reason

SOURCE = Path(confrere.__file__).parent
SAID_FIRST = {"Refused", "Held", "Stopped", "reason"}
SAID_LAST = {"Rejection"}
SAID_BY_NAME = {"code", "reason_code"}


def codes_said(source: str) -> Iterator[str]:
    """Every code that `source` writes out when it stops something, also behind a condition."""
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call):
            continue
        name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        told: list[ast.expr] = call.args[:1] if name in SAID_FIRST else call.args[-1:] if name in SAID_LAST else []
        told = told + [each.value for each in call.keywords if each.arg in SAID_BY_NAME]
        for words in told:
            yield from said_by(words)


def said_by(words: ast.expr) -> Iterator[str]:
    """The string itself, or both ends of a condition."""
    if isinstance(words, ast.Constant) and isinstance(words.value, str):
        yield words.value
    elif isinstance(words, ast.IfExp):
        yield from said_by(words.body)
        yield from said_by(words.orelse)


def test_every_code_said_anywhere_stands_in_the_table() -> None:
    said = {code for file in SOURCE.rglob("*.py") for code in codes_said(file.read_text())}
    assert said - set(REASONS) == set()
    assert len(said) > 40, "the search finds the codes no longer"


@pytest.mark.parametrize(
    "source",
    [
        "raise Refused('invented')",
        "raise terms.Held('invented', 'detail')",
        "raise Refused('truncated' if cut else 'invented') from None",
        "NO = Rejection(1, 1, 3, 'invented')",
        "row.update(reason_code='invented')",
    ],
)
def test_an_invented_code_is_caught(source: str) -> None:
    assert set(codes_said(source)) - set(REASONS) == {"invented"}


@pytest.mark.parametrize("entry", REASONS.values(), ids=lambda entry: entry.code)
def test_a_reason_is_whole_sentences_that_are_shown_as_they_stand(entry: Reason) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", entry.code)
    for sentence in (entry.message, entry.remedy):
        assert re.fullmatch(r"[A-Z].*\.", sentence)
        assert not set("{}%$<>_\n") & set(sentence), "a placeholder, markup or code where words belong"


def test_no_two_reasons_say_the_same() -> None:
    assert len({entry.message for entry in REASONS.values()}) == len(REASONS)


def test_a_reason_is_found_by_its_code_and_none_can_be_invented_or_altered() -> None:
    assert reason("truncated") is REASONS["truncated"]
    with pytest.raises(KeyError):
        reason("invented")
    with pytest.raises(FrozenInstanceError):
        reason("truncated").message = "All is well."  # type: ignore[misc]  # this is what is tested
