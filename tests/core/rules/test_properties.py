"""The nine properties that hold of any request whatever, tried over the whole vocabulary and every reading."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from confrere.core.rules import Decision, Request, decide, shipped_packs
from confrere.core.rules.ambiguities import DEFAULTS, READINGS
from confrere.core.rules.groups import SOCIAL
from confrere.core.rules.registers import REGISTERS
from confrere.core.rules.request import ConsentGiven
from confrere.core.rules.vocabulary import (
    Action,
    Actor,
    ConsentForm,
    ConsentGiver,
    Content,
    DecisionValue,
    Destination,
    Evidence,
    Flag,
    Identity,
    Purpose,
    Strength,
)

PACKS = shipped_packs()
NAMES = [one.id for one in PACKS]
HOME = "it-rules-2021"  # it has no rule that speaks: what it changes is only whose question it is
# Short on purpose: the whole vocabulary is met again in every run of the suite, with another seed.
tried = settings(max_examples=60, deadline=None)
days = st.dates(date(2020, 1, 1), date(2030, 1, 1))
FALLING = (Identity.DIRECT, Identity.INDIRECT, Identity.CODED, Identity.ANONYMOUS)
consents = st.builds(
    ConsentGiven,
    purpose=st.sampled_from(Purpose),
    form=st.sampled_from(ConsentForm),
    giver=st.sampled_from(ConsentGiver),
    is_valid=st.booleans(),
    withdrawn_at=st.none() | days,
)
profiles = st.fixed_dictionaries({}, optional={name: st.sampled_from(found) for name, found in READINGS.items()}).map(
    lambda found: tuple(sorted(found.items()))
)
requests = st.builds(
    Request,
    actor=st.sampled_from([Actor.RMP, *Actor]),
    action=st.sampled_from(Action),
    content=st.frozensets(st.sampled_from(Content), max_size=3),
    destination=st.sampled_from(Destination),
    identity=st.sampled_from(Identity),
    consent=st.lists(consents, max_size=2).map(tuple),
    flags=st.frozensets(st.sampled_from(Flag), max_size=4),
    register=st.sampled_from(["", "JK", *sorted(REGISTERS)]),
    modality=st.sampled_from(["", "CT", "MR", "US"]),
    profile=st.just(()) | profiles,
)


def values(decision: Decision) -> dict[str, int]:
    """Every value of a decision as strictness: the packs', law now and default."""
    told = {name: value.strictness for name, value in decision.packs}
    return told | {"law_now": decision.law_now.strictness, "default": decision.default.strictness}


def never_stricter(than: Decision, decisions: Iterable[Decision]) -> None:
    for one in decisions:
        risen = {name: value for name, value in values(one).items() if value > values(than).get(name, 0)}
        assert not risen


@tried
@given(requests, days)
def test_1_more_concealment_is_never_stricter(request: Request, on: date) -> None:
    ladder = [decide(replace(request, identity=one), PACKS, on=on) for one in FALLING]
    for open_one, concealed in pairwise(ladder):
        never_stricter(open_one, [concealed])


@tried
@given(requests, days, st.sampled_from(ConsentForm), st.sampled_from(ConsentGiver))
def test_2_a_matching_consent_is_never_stricter_and_gone_it_is_as_if_never_given(
    request: Request, on: date, form: ConsentForm, giver: ConsentGiver
) -> None:
    without = decide(request, PACKS, on=on)
    consent = ConsentGiven(request.needed_purpose, form, giver)
    never_stricter(without, [decide(replace(request, consent=(*request.consent, consent)), PACKS, on=on)])
    for gone in (replace(consent, is_valid=False), replace(consent, withdrawn_at=on)):
        left = decide(replace(request, consent=(*request.consent, gone)), PACKS, on=on)
        assert values(left) == values(without)
        assert left.obligations == without.obligations


@tried
@given(requests, days, st.sampled_from(SOCIAL))
def test_3_view_once_and_urgency_lift_no_prohibition_on_social_media(
    request: Request, on: date, destination: Destination
) -> None:
    plain = replace(request, destination=destination, flags=request.flags - {Flag.VIEW_ONCE, Flag.URGENT})
    before = decide(plain, PACKS, on=on)
    for flags in ({Flag.VIEW_ONCE}, {Flag.URGENT}, {Flag.VIEW_ONCE, Flag.URGENT}):
        after = values(decide(replace(plain, flags=plain.flags | flags), PACKS, on=on))
        for name, value in values(before).items():
            assert value != DecisionValue.FORBID.strictness or after[name] == value


@tried
@given(requests, days)
def test_3_urgency_lifts_no_prohibition_but_that_of_a_consult(request: Request, on: date) -> None:
    calm = replace(request, flags=request.flags - {Flag.URGENT})
    hurried = decide(replace(calm, flags=calm.flags | {Flag.URGENT}), PACKS, on=on)
    if request.action is not Action.CONSULT:
        never_stricter(hurried, [decide(calm, PACKS, on=on)])


@tried
@given(requests, days, st.sampled_from([Flag.PROMOTIONAL, Flag.HAS_CONTACT_OR_BOOKING]))
def test_4_promotion_never_loosens(request: Request, on: date, flag: Flag) -> None:
    modest = decide(replace(request, flags=request.flags - {flag}), PACKS, on=on)
    never_stricter(decide(replace(request, flags=request.flags | {flag}), PACKS, on=on), [modest])


@tried
@given(requests, days, st.sets(st.sampled_from(NAMES), min_size=1), st.sampled_from(NAMES))
def test_5_one_more_pack_never_loosens_and_one_less_never_tightens(
    request: Request, on: date, loaded: set[str], extra: str
) -> None:
    """Once a pack of this country is loaded; foreign ones answer for themselves only where nothing else is asked."""
    loaded |= {HOME}
    fewer = decide(replace(request, packs=tuple(sorted(loaded - {extra} | {HOME}))), PACKS, on=on)
    more = decide(replace(request, packs=tuple(sorted(loaded | {extra}))), PACKS, on=on)
    never_stricter(more, [fewer])
    assert set(more.obligations) >= set(fewer.obligations)
    never_stricter(decide(replace(request, packs=None), PACKS, on=on), [fewer, more])


@tried
@given(requests, days)
def test_5_what_is_neither_in_force_nor_followed_changes_no_answer(request: Request, on: date) -> None:
    followed = [one for one in PACKS if not one.is_default]
    decision = decide(request, followed, on=on)
    idle = [one for one in followed if not one.in_force(on, DEFAULTS | dict(request.profile))]
    without = decide(request, [one for one in followed if one not in idle], on=on)
    assert (decision.law_now, decision.default) == (without.law_now, without.default)


@tried
@given(requests, days, st.sampled_from(Destination), st.sampled_from(Destination))
def test_6_a_change_of_destination_is_a_request_of_its_own(
    request: Request, on: date, first: Destination, then: Destination
) -> None:
    """Nothing is remembered: what was answered for one place changes no answer for the next."""
    alone = decide(replace(request, destination=then), PACKS, on=on)
    decide(replace(request, destination=first), PACKS, on=on)
    assert decide(replace(request, destination=then), PACKS, on=on) == alone


def test_6_a_permit_in_the_hall_implies_nothing_for_the_net() -> None:
    hall = Request(
        Actor.RMP, Action.PRESENT, frozenset({Content.SCAN_IMAGE}), Destination.CONFERENCE_ROOM, Identity.ANONYMOUS
    )
    on = date(2026, 11, 23)
    assert decide(hall, PACKS, on=on).default is DecisionValue.PERMIT_WITH_OBLIGATION
    for place in (Destination.FILE_HOST, Destination.PUBLIC_SOCIAL, Destination.CONFERENCE_ONLINE):
        assert decide(replace(hall, destination=place), PACKS, on=on).default is DecisionValue.FORBID


@tried
@given(requests, days)
def test_7_the_modality_changes_nothing_when_the_list_is_illustrative(request: Request, on: date) -> None:
    illustrative = replace(request, profile=tuple(one for one in request.profile if one[0] != "A2"))
    found = [decide(replace(illustrative, modality=one), PACKS, on=on) for one in ("CT", "MR", "CR", "US", "NM", "")]
    assert all(one == found[0] for one in found)


def test_7_the_modality_matters_when_the_list_is_the_whole() -> None:
    mri = Request(
        Actor.RMP,
        Action.POST,
        frozenset({Content.SCAN_IMAGE}),
        Destination.PUBLIC_SOCIAL,
        Identity.ANONYMOUS,
        modality="MR",
        profile=(("A2", "exhaustive"),),
    )
    for modality, value in (("MR", "silent"), ("CT", "forbid"), ("PT", "forbid"), ("", "forbid")):
        packs = dict(decide(replace(mri, modality=modality), PACKS, on=date(2026, 11, 23)).packs)
        assert (packs["nmc-draft-2022"], packs["nmc-2023"]) == (value, value)


@tried
@given(requests, days, st.permutations(PACKS))
def test_8_the_same_question_gets_the_same_answer_in_the_same_order(
    request: Request, on: date, shuffled: list[object]
) -> None:
    assert decide(request, shuffled, on=on) == decide(request, PACKS, on=on)  # type: ignore[arg-type]


@tried
@given(requests, days, st.none() | st.lists(st.sampled_from(NAMES), min_size=1).map(tuple))
def test_9_every_no_rests_on_a_hard_rule_and_offers_a_way(
    request: Request, on: date, packs: tuple[str, ...] | None
) -> None:
    decision = decide(replace(request, packs=packs), PACKS, on=on)
    hard = [one for one in decision.rules if one.decision is DecisionValue.FORBID and one.strength is Strength.HARD]
    if DecisionValue.FORBID in (decision.default, decision.law_now):
        assert hard
        assert decision.alternatives


@tried
@given(requests, days)
@example(
    Request(Actor.RMP, Action.BUY_REACH, frozenset(), Destination.PUBLIC_SOCIAL, Identity.NONE), date(2026, 11, 23)
)
def test_9_every_reading_that_decided_and_was_not_seen_is_flagged(request: Request, on: date) -> None:
    decision = decide(request, PACKS, on=on)
    unseen = [one for one in decision.rules if one.evidence in (Evidence.GENERAL, Evidence.INFERRED)]
    decided = {one.id for one in unseen if one.is_binding and one.decision is decision.default}
    assert decided <= set(decision.unverified_readings)
    assert set(decision.unverified_readings) <= {one.id for one in unseen}


@pytest.mark.parametrize("identity", list(Identity))
def test_the_ladder_of_concealment_and_no_patient_are_all_identities(identity: Identity) -> None:
    assert identity in (*FALLING, Identity.NONE)
