"""What the gate and the de-identifier say, in the doctor's words."""

from confrere.apps.rooms.words import no_of, removed_lines
from confrere.core.rules.vocabulary import Alternative

RULE = {"id": "a/1", "pack": "a", "clause": "G6", "decision": "forbid", "binding": False}


def test_a_missing_consent_is_named_in_the_sentence():
    no = no_of({"rules": [RULE], "alternatives": ["closed_consult", "obtain_consent"]})
    assert "consent" in no.sentence
    assert no.rules[0].clause == "G6"
    assert len(no.alternatives) == 2


def test_a_broken_floor_comes_before_every_rule():
    assert "verified members" in no_of({"alternatives": ["obtain_consent"]}, ("audience",)).sentence


def test_every_alternative_the_rules_know_has_words():
    for one in Alternative:
        assert not any("_" in words for words in no_of({"alternatives": [one.value]}).alternatives)


def test_rules_that_permit_are_not_shown_as_the_reason():
    assert no_of({"rules": [{**RULE, "decision": "permit"}]}).rules == ()


def test_actions_of_one_kind_are_summed_and_kept_elements_are_not_told():
    assert removed_lines({"X": 3, "X/Z": 2, "Z": 1, "K": 99}) == [(5, "removed"), (1, "emptied")]
