"""Each thing the linter looks for, planted once into a pack that is good otherwise."""

from dataclasses import replace
from datetime import date

import pytest

from confrere.core.rules.errors import PackError
from confrere.core.rules.lint import complaints, lint_pack
from confrere.core.rules.loader import load_pack, shipped_packs
from confrere.core.rules.pack import Condition, Pack, Period, Rule
from confrere.core.rules.vocabulary import (
    Action,
    Actor,
    Alternative,
    ConsentForm,
    ConsentGiver,
    DecisionValue,
    Destination,
    Identity,
    Obligation,
    Status,
)

HEAD = """
[pack]
id = "group"
title = "Rules of a group"
kind = "foreign"
status = "in_force"
source = "made up"
dated = 2024-01-01
checked = 2026-06-30
binds_whom = "its members"
consequence = "leaving the group"
periods = [{ from = 2024-01-01 }]
"""
RULES = """
[[rule]]
id = "group/2.3"
clause = "2.3"
says = "Nothing of patients is posted, even without identifiers."
evidence = "V"
strength = "hard"
decision = "forbid"
alternatives = ["closed_consult"]
[rule.when]
action = ["post", "discuss"]
identity = ["@patient"]
UNLESS

[[rule]]
id = "group/3.1"
clause = "3.1"
says = "Cases are discussed without identifiers."
evidence = "V"
strength = "hard"
decision = "permit"
[rule.when]
action = ["discuss"]
identity = ["anonymous"]
"""
GOOD = load_pack(HEAD + RULES.replace("UNLESS", '[[rule.unless]]\naction = ["discuss"]'), "group")
FORBID, PERMIT = GOOD.rules


def told(pack: Pack) -> str:
    return " | ".join(complaints(pack))


def with_case(rule: Rule, **changes: object) -> Pack:
    changed = replace(rule, cases=(replace(rule.cases[0], **changes),))  # type: ignore[arg-type]
    return replace(GOOD, rules=tuple(changed if one is rule else one for one in GOOD.rules))


def test_the_good_one_and_every_shipped_one_have_no_complaint() -> None:
    for pack in (GOOD, *shipped_packs()):
        assert told(pack) == ""


def test_a_pack_that_quarrels_with_itself_is_refused() -> None:
    """Modelled on a real group's rules: one line bans what another allows."""
    with pytest.raises(PackError, match=r"group/3\.1: permits what group/2\.3 forbids, and neither gives way"):
        load_pack(HEAD + RULES.replace("UNLESS", ""), "group")


def test_a_prohibition_within_a_permission_is_no_quarrel() -> None:
    narrow = replace(FORBID.cases[0].when, actor=frozenset({Actor.STUDENT}))
    assert told(with_case(FORBID, when=narrow, unless=())) == ""


@pytest.mark.parametrize(
    "wider",
    [
        {"care": False},
        {"invalid_consent": True},
        {"consent": frozenset({ConsentForm.NONE})},
        {"flags_all": frozenset()},
        {"destination": frozenset({Destination.JOURNAL})},
        {"reading": (("A1", "closed_is_social"),)},
    ],
)
def test_what_narrows_the_prohibition_ends_the_quarrel(wider: dict[str, object]) -> None:
    when = replace(FORBID.cases[0].when, **wider)  # type: ignore[arg-type]
    quarrels = "permits what" in told(with_case(FORBID, when=when, unless=()))
    assert quarrels is (wider == {"flags_all": frozenset()})


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"rules": ()}, "no rule"),
        ({"rules": (FORBID, FORBID)}, "two rules of one id"),
        ({"id": "floor"}, "no pack may take the floor's name"),
        ({"periods": ()}, "an instrument in force has dates"),
        ({"status": Status.DRAFT}, "in force on no day"),
        ({"status": Status.ADVISORY}, "in force on no day"),
        ({"checked": date(2023, 1, 1)}, "checked before it was made"),
        ({"periods": (Period(date(2024, 1, 1), date(2024, 1, 1)),)}, "ends before it starts"),
        ({"periods": (Period(date(2024, 1, 1)), Period(date(2025, 1, 1)))}, "overlap"),
        ({"rules": (replace(FORBID, sources=("S9",)), PERMIT)}, "cited and not named"),
    ],
)
def test_each_fault_of_a_pack_is_told(changes: dict[str, object], complaint: str) -> None:
    bad = replace(GOOD, **changes)  # type: ignore[arg-type]
    assert complaint in told(bad)
    with pytest.raises(PackError):
        lint_pack(bad)


@pytest.mark.parametrize(
    ("rule", "changes", "complaint"),
    [
        (FORBID, {"alternatives": ()}, "names what can be done instead"),
        (PERMIT, {"decision": DecisionValue.PERMIT_WITH_OBLIGATION}, "names the obligation"),
        (PERMIT, {"obligations": frozenset({Obligation.LOG})}, "ask for nothing"),
        (PERMIT, {"alternatives": (Alternative.MASK,)}, "ask for nothing"),
        (PERMIT, {"when": Condition(identity=frozenset({Identity.ANONYMOUS}))}, "names the action"),
        (PERMIT, {"when": Condition(action=frozenset({Action.DISCUSS}))}, "and what, where, who"),
        (
            PERMIT,
            {"when": Condition(action=frozenset({Action.TEACH}), identity=frozenset({Identity.DIRECT}))},
            "a recognisable patient needs a consent",
        ),
        (
            PERMIT,
            {
                "when": Condition(
                    action=frozenset({Action.TEACH}),
                    identity=frozenset({Identity.DIRECT}),
                    consent=frozenset({ConsentForm.NONE, ConsentForm.WRITTEN}),
                )
            },
            "a recognisable patient needs a consent",
        ),
        (
            FORBID,
            {"when": Condition(action=frozenset({Action.TEACH}), giver=frozenset({ConsentGiver.GUARDIAN}))},
            "a giver without a form",
        ),
    ],
)
def test_each_fault_of_an_answer_is_told(rule: Rule, changes: dict[str, object], complaint: str) -> None:
    assert complaint in told(with_case(rule, **changes))


def test_periods_under_different_readings_do_not_overlap() -> None:
    first = Period(date(2024, 1, 1), reading=(("A16", "from_2027_05_13"),))
    assert told(replace(GOOD, periods=(first, Period(date(2025, 1, 1), reading=(("A16", "from_2027_05_14"),))))) == ""
