"""A group's name stands for words of the vocabulary, each once."""

import pytest

from confrere.core.rules.groups import GROUPS, members
from confrere.core.rules.vocabulary import Action, Content, Destination, Identity


@pytest.mark.parametrize("kind", GROUPS, ids=lambda kind: kind.__name__)
def test_every_group_has_words_of_its_kind_and_none_twice(kind: type) -> None:
    for name, found in GROUPS[kind].items():
        assert name.startswith("@")
        assert all(isinstance(one, kind) for one in found)
        assert len(set(found)) == len(found) > 1
        assert members(kind, name) == found


def test_a_destination_is_social_closed_or_neither() -> None:
    assert not set(members(Destination, "@social")) & set(members(Destination, "@closed"))
    assert {one for one in Destination if one.startswith("closed_")} == set(members(Destination, "@closed"))


def test_every_action_discloses_speaks_to_the_patient_or_is_a_right() -> None:
    sorted_in = [*members(Action, "@disclosure"), *members(Action, "@toward_patient"), *members(Action, "@rights")]
    assert sorted(sorted_in) == sorted(Action)
    assert set(members(Action, "@speech")) < set(members(Action, "@disclosure"))


def test_every_identity_of_a_patient_is_recognisable_or_not() -> None:
    both = {*members(Identity, "@recognisable"), *members(Identity, "@unrecognisable")}
    assert both == set(Identity) - {Identity.NONE} == set(members(Identity, "@patient"))


def test_an_unknown_group_has_nobody() -> None:
    assert members(Content, "@everything") == ()
