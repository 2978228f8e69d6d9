"""When a clause speaks: its condition, its exceptions, and the days and registers its instrument binds."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confrere.core.rules.pack import Condition, Pack, Period, Rule
from confrere.core.rules.request import ConsentGiven, Request
from confrere.core.rules.vocabulary import (
    Action,
    Actor,
    ConsentForm,
    Content,
    DecisionValue,
    Destination,
    Evidence,
    Flag,
    Identity,
    PackKind,
    Purpose,
    Status,
    Strength,
)

TODAY = date(2026, 11, 23)
PROFILE = {"A1": "closed_not_social", "A3": "no_cure"}
ASKED = Request(
    actor=Actor.RMP,
    action=Action.TEACH,
    content=frozenset({Content.SCAN_IMAGE, Content.TREATMENT_DISCUSSION}),
    destination=Destination.CLOSED_CLASS,
    identity=Identity.CODED,
    consent=(ConsentGiven(Purpose.TEACHING, ConsentForm.WRITTEN),),
    flags=frozenset({Flag.URGENT, Flag.MINOR}),
    register="PB",
)
RULE = Rule(
    id="house/1",
    clause="1",
    says="An example.",
    evidence=Evidence.VERIFIED,
    strength=Strength.HARD,
    decision=DecisionValue.FORBID,
    when=Condition(action=frozenset({Action.TEACH})),
)
PACK = Pack(
    "house",
    "House rules",
    PackKind.LAW,
    Status.IN_FORCE,
    "an example",
    (RULE,),
    periods=(Period(date(2020, 1, 1)),),
)
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


def holds(request: Request = ASKED, **fields: Any) -> bool:
    return Condition(**fields).holds(request, TODAY, PROFILE)


def test_a_condition_that_asks_for_nothing_holds() -> None:
    assert holds()


@pytest.mark.parametrize(
    ("field", "fitting", "other"),
    [
        ("actor", {Actor.RMP, Actor.STUDENT}, {Actor.STUDENT}),
        ("action", {Action.TEACH}, {Action.POST, Action.PUBLISH}),
        ("content_any", {Content.SCAN_IMAGE, Content.TESTIMONIAL}, {Content.TESTIMONIAL}),
        ("destination", {Destination.CLOSED_CLASS}, {Destination.JOURNAL}),
        ("identity", {Identity.CODED}, {Identity.ANONYMOUS}),
        ("consent", {ConsentForm.WRITTEN}, {ConsentForm.NONE, ConsentForm.VERBAL}),
        ("flags_any", {Flag.MINOR, Flag.LIVE}, {Flag.LIVE}),
        ("flags_none", {Flag.LIVE}, {Flag.LIVE, Flag.MINOR}),
    ],
)
def test_each_field_decides_by_itself(field: str, fitting: set[Any], other: set[Any]) -> None:
    assert holds(**{field: frozenset(fitting)})
    assert not holds(**{field: frozenset(other)})


def test_one_field_that_does_not_fit_is_enough() -> None:
    fitting = {"actor": frozenset({Actor.RMP}), "action": frozenset({Action.TEACH})}
    assert holds(**fitting)
    assert not holds(**fitting, identity=frozenset({Identity.DIRECT}))


def test_a_condition_may_hang_on_how_an_ambiguity_is_read() -> None:
    assert holds(reading=(("A1", "closed_not_social"), ("A3", "no_cure")))
    assert not holds(reading=(("A1", "closed_not_social"), ("A3", "concealment_cures")))


def test_a_consent_withdrawn_that_day_no_longer_counts() -> None:
    withdrawn = replace(ASKED, consent=(replace(ASKED.consent[0], withdrawn_at=TODAY),))
    written = Condition(consent=frozenset({ConsentForm.WRITTEN}))
    assert not written.holds(withdrawn, TODAY, PROFILE)
    assert written.holds(withdrawn, TODAY - timedelta(days=1), PROFILE)


def test_a_rule_speaks_unless_one_of_its_exceptions_holds() -> None:
    for_minors, for_editors = (
        Condition(flags_any=frozenset({Flag.MINOR})),
        Condition(actor=frozenset({Actor.JOURNAL_EDITOR})),
    )
    assert RULE.fires(ASKED, TODAY, PROFILE)
    assert replace(RULE, unless=(for_editors,)).fires(ASKED, TODAY, PROFILE)
    assert not replace(RULE, unless=(for_editors, for_minors)).fires(ASKED, TODAY, PROFILE)
    assert not RULE.fires(replace(ASKED, action=Action.POST), TODAY, PROFILE)


@given(DAYS, DAYS, DAYS)
def test_a_period_has_its_first_day_and_not_its_last(start: date, until: date, on: date) -> None:
    assert Period(start, until).covers(on) is (start <= on < until)
    assert Period(start).covers(on) is (start <= on)


def test_an_instrument_may_lapse_and_come_back() -> None:
    pack = replace(PACK, periods=(Period(date(2020, 1, 1), date(2021, 1, 1)), Period(date(2023, 1, 1))))
    days = [date(2019, 12, 31), date(2020, 1, 1), date(2020, 12, 31), date(2021, 1, 1), date(2023, 1, 1)]
    assert [pack.in_force(day) for day in days] == [False, True, True, False, True]


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.IN_FORCE])
def test_a_draft_a_suspended_and_an_advisory_one_never_bind(status: Status) -> None:
    pack = replace(PACK, status=status)
    assert not pack.in_force(TODAY)
    assert not pack.binds(ASKED, TODAY)


def test_an_instrument_without_a_period_is_in_force_on_no_day() -> None:
    assert not replace(PACK, periods=()).in_force(TODAY)


def test_a_council_binds_its_own_register_and_everyone_is_bound_where_none_is_named() -> None:
    council = replace(PACK, registers=frozenset({"PB", "MH"}))
    assert council.binds(ASKED, TODAY)
    for register in ("KA", ""):
        stranger = replace(ASKED, register=register)
        assert not council.binds(stranger, TODAY)
        assert council.in_force(TODAY)
        assert PACK.binds(stranger, TODAY)
