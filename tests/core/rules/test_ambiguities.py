"""The open questions are named, each with readings of its own; the default is the strict one where law is unsettled."""

import re

import pytest

from confrere.core.rules.ambiguities import AMBIGUITIES, DEFAULTS, READINGS, readings
from confrere.core.rules.errors import RequestError
from confrere.core.rules.loader import shipped_packs


def test_there_are_eighteen_and_each_has_readings_of_its_own() -> None:
    assert list(AMBIGUITIES) == [f"A{number}" for number in range(1, 19)]
    for one in AMBIGUITIES.values():
        assert one.question.endswith("?")
        assert len(set(one.readings)) == len(one.readings) >= 2
        assert all(re.fullmatch(r"[a-z0-9_]+", reading) for reading in one.readings)


def test_the_first_reading_is_the_default_and_lets_neither_concealment_nor_consent_cure() -> None:
    assert {name: found[0] for name, found in READINGS.items()} == DEFAULTS
    assert (DEFAULTS["A3"], DEFAULTS["A4"]) == ("no_cure", "no_cure")


def test_every_ambiguity_hangs_on_a_rule_a_date_or_the_reading_of_consent() -> None:
    """A parameter that nothing reads would be a promise nobody keeps."""
    named = {name for pack in shipped_packs() for rule in pack.rules for name in rule.ambiguities}
    dated = {name for pack in shipped_packs() for period in pack.periods for name, _ in period.reading}
    assert named | dated | {"A14"} == set(AMBIGUITIES)


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        ({"A99": "yes"}, "'A99' is not one of A1, A2"),
        ({"A1": "maybe"}, "profile A1: 'maybe' is not one of closed_not_social, closed_is_social"),
        ({"A1": ["closed_is_social"]}, "no text"),
        ([], "must be an object"),
    ],
)
def test_an_unknown_reading_is_named_with_the_known_ones(raw: object, told: str) -> None:
    with pytest.raises(RequestError, match=re.escape(told)):
        readings(raw)
