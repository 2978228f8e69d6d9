"""What is worked out of a request once: whose consent counts, who acts, and whether it is care."""

from dataclasses import replace
from datetime import date

import pytest

from confrere.core.rules.ambiguities import DEFAULTS
from confrere.core.rules.facts import UNSAID, facts_of
from confrere.core.rules.request import ConsentGiven, Request
from confrere.core.rules.vocabulary import (
    Action,
    Actor,
    ConsentForm,
    ConsentGiver,
    Destination,
    Flag,
    Identity,
    Purpose,
)

TODAY = date(2026, 11, 23)
ASKED = Request(Actor.RMP, Action.TEACH, frozenset(), Destination.CLOSED_CLASS, Identity.CODED)
WRITTEN = ConsentGiven(Purpose.TEACHING, ConsentForm.WRITTEN)


def form(*consents: ConsentGiven, flags: frozenset[Flag] = frozenset(), **readings: str) -> ConsentForm:
    return facts_of(replace(ASKED, consent=consents, flags=flags), TODAY, DEFAULTS | readings).form


def test_only_a_standing_consent_for_this_purpose_counts() -> None:
    assert form(WRITTEN) is ConsentForm.WRITTEN
    for other in (
        replace(WRITTEN, purpose=Purpose.CARE),
        replace(WRITTEN, is_valid=False),
        replace(WRITTEN, withdrawn_at=TODAY),
    ):
        assert form(other) is ConsentForm.NONE


def test_the_strongest_form_counts() -> None:
    assert form(replace(WRITTEN, form=ConsentForm.VERBAL), WRITTEN) is ConsentForm.WRITTEN


def test_the_next_of_kin_speak_for_the_dead_and_only_if_read_so() -> None:
    kin = replace(WRITTEN, giver=ConsentGiver.NEXT_OF_KIN)
    dead = frozenset({Flag.DECEASED})
    assert form(kin) is ConsentForm.NONE
    assert form(kin, flags=dead) is ConsentForm.WRITTEN
    assert form(kin, flags=dead, A14="nominee_only") is ConsentForm.NONE


def test_the_form_by_a_named_giver_leaves_the_others_out() -> None:
    facts = facts_of(replace(ASKED, consent=(WRITTEN,)), TODAY, DEFAULTS)
    assert facts.form_by(frozenset({ConsentGiver.GUARDIAN})) is ConsentForm.NONE
    assert facts.form_by(frozenset({ConsentGiver.GUARDIAN, ConsentGiver.PATIENT})) is ConsentForm.WRITTEN
    assert facts.form_by(frozenset()) is ConsentForm.WRITTEN


def test_who_acts_for_a_practitioner_is_judged_as_her_too() -> None:
    agent = replace(ASKED, actor=Actor.PR_STAFF, flags=frozenset({Flag.FOR_RMP}))
    assert facts_of(agent, TODAY, DEFAULTS).actors == {Actor.PR_STAFF, Actor.RMP}
    assert facts_of(replace(agent, flags=frozenset()), TODAY, DEFAULTS).actors == {Actor.PR_STAFF}


@pytest.mark.parametrize("destination", list(Destination))
def test_care_is_a_consultation_where_known_people_are_asked(destination: Destination) -> None:
    consult = replace(ASKED, action=Action.CONSULT, destination=destination)
    is_known = destination.startswith("closed_") or destination is Destination.MESSAGING_1TO1
    assert facts_of(consult, TODAY, DEFAULTS).is_care is is_known
    assert not facts_of(replace(consult, action=Action.SHARE), TODAY, DEFAULTS).is_care


def test_a_standing_group_is_care_only_if_read_so() -> None:
    group = replace(ASKED, action=Action.CONSULT, destination=Destination.MESSAGING_GROUP)
    assert not facts_of(group, TODAY, DEFAULTS).is_care
    assert facts_of(group, TODAY, DEFAULTS | {"A6": "group_is_telemedicine"}).is_care


def test_a_pressed_consent_is_remembered_and_does_not_count() -> None:
    pressed = replace(ASKED, consent=(replace(WRITTEN, is_valid=False),))
    facts = facts_of(pressed, TODAY, DEFAULTS)
    assert facts.has_invalid_consent
    assert facts.form is ConsentForm.NONE
    assert facts.modality == UNSAID
