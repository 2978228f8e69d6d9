"""When a clause speaks: its cases, conditions and exceptions, and the days and registers its instrument binds."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confrere.core.rules.ambiguities import DEFAULTS
from confrere.core.rules.facts import Facts, facts_of
from confrere.core.rules.pack import Case, Condition, Pack, Period, Rule
from confrere.core.rules.request import ConsentGiven, Request
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
    PackKind,
    Purpose,
    Status,
    Strength,
)

TODAY = date(2026, 11, 23)
ASKED = Request(
    actor=Actor.RMP,
    action=Action.TEACH,
    content=frozenset({Content.SCAN_IMAGE, Content.TREATMENT_DISCUSSION}),
    destination=Destination.CLOSED_CLASS,
    identity=Identity.CODED,
    consent=(ConsentGiven(Purpose.TEACHING, ConsentForm.WRITTEN),),
    flags=frozenset({Flag.URGENT, Flag.MINOR}),
    register="PB",
    modality="mr",
)
TEACHING = Condition(action=frozenset({Action.TEACH}))
CASE = Case(DecisionValue.FORBID, TEACHING, Evidence.VERIFIED, Strength.HARD)
RULE = Rule("house/1", "1", "An example.", Evidence.VERIFIED, Strength.HARD, (CASE,))
PACK = Pack(
    "house",
    "House rules",
    PackKind.LAW,
    Status.IN_FORCE,
    "an example",
    (RULE,),
    dated=date(2019, 1, 1),
    checked=date(2026, 1, 1),
    periods=(Period(date(2020, 1, 1)),),
)
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


def facts(request: Request = ASKED, on: date = TODAY, **readings: str) -> Facts:
    return facts_of(request, on, DEFAULTS | readings)


def holds(request: Request = ASKED, **condition: Any) -> bool:
    return Condition(**condition).holds(facts(request))


def test_a_condition_that_asks_for_nothing_holds() -> None:
    assert holds()


@pytest.mark.parametrize(
    ("field", "fitting", "other"),
    [
        ("actor", {Actor.RMP, Actor.STUDENT}, {Actor.STUDENT}),
        ("action", {Action.TEACH}, {Action.POST, Action.PUBLISH}),
        ("content_any", {Content.SCAN_IMAGE, Content.TESTIMONIAL}, {Content.TESTIMONIAL}),
        ("content_none", {Content.TESTIMONIAL}, {Content.SCAN_IMAGE, Content.TESTIMONIAL}),
        ("destination", {Destination.CLOSED_CLASS}, {Destination.JOURNAL}),
        ("identity", {Identity.CODED}, {Identity.ANONYMOUS}),
        ("consent", {ConsentForm.WRITTEN}, {ConsentForm.NONE, ConsentForm.VERBAL}),
        ("flags_any", {Flag.MINOR, Flag.LIVE}, {Flag.LIVE}),
        ("flags_all", {Flag.MINOR, Flag.URGENT}, {Flag.MINOR, Flag.LIVE}),
        ("flags_none", {Flag.LIVE}, {Flag.LIVE, Flag.MINOR}),
        ("modality", {"MR", "CT"}, {"CT"}),
    ],
)
def test_each_field_decides_by_itself(field: str, fitting: set[Any], other: set[Any]) -> None:
    assert holds(**{field: frozenset(fitting)})
    assert not holds(**{field: frozenset(other)})


def test_whether_it_is_care_and_whether_a_consent_was_pressed_can_be_asked() -> None:
    assert holds(care=False, invalid_consent=False)
    assert not holds(care=True)
    pressed = replace(ASKED, consent=(replace(ASKED.consent[0], is_valid=False),))
    assert holds(pressed, invalid_consent=True, consent=frozenset({ConsentForm.NONE}))


def test_a_condition_may_ask_whose_consent_it_is() -> None:
    by_parent = {"giver": frozenset({ConsentGiver.GUARDIAN}), "consent": frozenset({ConsentForm.WRITTEN})}
    assert not holds(**by_parent)
    parent = ConsentGiven(Purpose.TEACHING, ConsentForm.WRITTEN, ConsentGiver.GUARDIAN)
    assert holds(replace(ASKED, consent=(*ASKED.consent, parent)), **by_parent)


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
    assert not written.holds(facts(withdrawn))
    assert written.holds(facts(withdrawn, TODAY - timedelta(days=1)))


def test_a_case_speaks_unless_one_of_its_exceptions_holds() -> None:
    for_minors, for_editors = (
        Condition(flags_any=frozenset({Flag.MINOR})),
        Condition(actor=frozenset({Actor.JOURNAL_EDITOR})),
    )
    assert CASE.holds(facts())
    assert replace(CASE, unless=(for_editors,)).holds(facts())
    assert not replace(CASE, unless=(for_editors, for_minors)).holds(facts())
    assert not CASE.holds(facts(replace(ASKED, action=Action.POST)))


def test_the_first_case_that_holds_is_the_rule_s_answer() -> None:
    later = replace(CASE, decision=DecisionValue.PERMIT)
    never = replace(CASE, when=Condition(actor=frozenset({Actor.PATIENT})))
    assert replace(RULE, cases=(never, CASE, later)).answer(facts()) is CASE
    assert replace(RULE, cases=(never,)).answer(facts()) is None
    assert replace(RULE, cases=()).answer(facts()) is None


def test_a_clause_younger_than_its_instrument_waits_for_its_day() -> None:
    young = replace(RULE, since=TODAY)
    assert young.answer(facts()) is CASE
    assert young.answer(facts(on=TODAY - timedelta(days=1))) is None


def test_a_pack_finds_the_same_cases_as_asking_each_rule() -> None:
    elsewhere = replace(CASE, when=Condition(destination=frozenset({Destination.JOURNAL})))
    rules = (
        RULE,
        replace(RULE, id="house/2", cases=(elsewhere,)),
        replace(RULE, id="house/3", cases=(elsewhere, CASE)),
    )
    pack = replace(PACK, rules=rules)
    for destination in Destination:
        asked = facts(replace(ASKED, destination=destination))
        told = [(one, case) for one in rules if (case := one.answer(asked)) is not None]
        assert [tuple(one) for one in pack.spoken(asked)] == told


@given(DAYS, DAYS, DAYS)
def test_a_period_has_its_first_day_and_not_its_last(start: date, until: date, on: date) -> None:
    assert Period(start, until).covers(on, DEFAULTS) is (start <= on < until)
    assert Period(start).covers(on, DEFAULTS) is (start <= on)


def test_a_period_may_hang_on_a_reading() -> None:
    period = Period(date(2020, 1, 1), reading=(("A16", "from_2027_05_14"),))
    assert not period.covers(TODAY, DEFAULTS)
    assert period.covers(TODAY, DEFAULTS | {"A16": "from_2027_05_14"})


def test_an_instrument_may_lapse_and_come_back() -> None:
    pack = replace(PACK, periods=(Period(date(2020, 1, 1), date(2021, 1, 1)), Period(date(2023, 1, 1))))
    days = [date(2019, 12, 31), date(2020, 1, 1), date(2020, 12, 31), date(2021, 1, 1), date(2023, 1, 1)]
    force = [pack.in_force(day, DEFAULTS) for day in days]
    assert force == [False, True, True, False, True]
    status = [pack.status_on(day, in_force=yes) for day, yes in zip(days, force, strict=True)]
    assert status == [Status.NOT_IN_FORCE, Status.IN_FORCE, Status.IN_FORCE, Status.NOT_IN_FORCE, Status.IN_FORCE]


@pytest.mark.parametrize("status", [Status.DRAFT, Status.ADVISORY])
def test_a_draft_and_advice_keep_their_status(status: Status) -> None:
    pack = replace(PACK, status=status, periods=())
    assert not pack.in_force(TODAY, DEFAULTS)
    assert pack.status_on(TODAY, in_force=False) is status


def test_a_suspended_text_was_in_force_before_and_a_phased_one_will_be() -> None:
    suspended = replace(PACK, status=Status.ABEYANCE, periods=(Period(date(2023, 8, 3), date(2023, 8, 23)),))
    days = (date(2023, 8, 2), date(2023, 8, 3), date(2023, 8, 23))
    told = [suspended.status_on(day, in_force=suspended.in_force(day, DEFAULTS)) for day in days]
    assert told == [Status.NOT_IN_FORCE, Status.IN_FORCE, Status.ABEYANCE]
    assert replace(PACK, status=Status.PHASED).status_on(date(2019, 6, 1), in_force=False) is Status.PHASED


def test_a_council_binds_its_own_register_and_everyone_is_bound_where_none_is_named() -> None:
    council = replace(PACK, registers=frozenset({"PB", "MH"}))
    assert council.reaches(ASKED)
    for register in ("KA", ""):
        stranger = replace(ASKED, register=register)
        assert not council.reaches(stranger)
        assert PACK.reaches(stranger)
