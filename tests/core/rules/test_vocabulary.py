"""The vocabulary is closed and ordered, and other modules count on both."""

import re
from enum import StrEnum

import pytest

from confrere.core.rules import vocabulary
from confrere.core.rules.vocabulary import ConsentForm, DecisionValue, Evidence

WORDS = [kind for kind in vars(vocabulary).values() if isinstance(kind, type) and issubclass(kind, StrEnum)]
WORDS.remove(StrEnum)


@pytest.mark.parametrize("kind", WORDS, ids=lambda kind: kind.__name__)
def test_each_word_is_its_own_and_written_as_its_name(kind: type[StrEnum]) -> None:
    """A value given twice would quietly become another name of the first."""
    assert len(kind.__members__) == len(list(kind)) > 1
    for name, word in kind.__members__.items():
        if kind is not Evidence:
            assert word.value.upper() == name
        assert re.fullmatch(r"[A-Za-z0-9_]+", word.value)


@pytest.mark.parametrize("kind", WORDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("word", ["", "robot", "POST ", "Scan_image"])
def test_a_word_that_is_not_listed_does_not_exist(kind: type[StrEnum], word: str) -> None:
    with pytest.raises(ValueError, match="not a valid"):
        kind(word)


def test_forbidding_is_strictest_and_silence_says_nothing() -> None:
    ordered = ["forbid", "warn", "permit_with_obligation", "permit", "silent"]
    assert sorted(DecisionValue, key=lambda value: -value.strictness) == ordered
    assert DecisionValue.SILENT.strictness == 0
    assert len({value.strictness for value in DecisionValue}) == len(DecisionValue)


def test_the_forms_of_consent_stand_from_strong_to_none() -> None:
    """`Facts.form` is the first that is on file."""
    assert list(ConsentForm) == ["written", "verbal", "none"]
