"""What would make it allowed: found by asking the rules again, so that nothing is offered that they refuse."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from confrere.core.rules import DecisionValue, Request, decide, shipped_packs
from confrere.core.rules.remedies import Remedy, ways_out
from confrere.core.rules.vocabulary import Action, Actor, Content, Destination, Flag, Identity

ON = date(2026, 11, 23)
PACKS = shipped_packs()
ALLOWED = (DecisionValue.PERMIT, DecisionValue.PERMIT_WITH_OBLIGATION)
TEACH: dict[str, Any] = {
    "actor": "rmp",
    "action": "teach",
    "content": ["scan_image"],
    "destination": "closed_class",
    "identity": "coded",
}
FACE = TEACH | {"content": ["clinical_photo"], "identity": "direct"}
POST = TEACH | {"action": "post", "destination": "public_social", "identity": "anonymous"}
INFORM = {
    "actor": "rmp",
    "action": "post",
    "content": ["health_information"],
    "destination": "public_social",
    "identity": "none",
    "flags": ["within_expertise"],
}


def found(asked: dict[str, Any]) -> list[tuple[str, ...]]:
    ways = ways_out(Request.from_json(asked), PACKS, on=ON)
    return [tuple(remedy.value for remedy in way.remedies) for way in ways]


@pytest.mark.parametrize(
    ("asked", "ways"),
    [
        (TEACH, [("obtain_consent",), ("anonymise",), ("ask_as_consult",)]),
        (FACE, [("obtain_consent",), ("anonymise",), ("ask_as_consult",)]),
        (POST, [("ask_as_consult",), ("teach_in_class",), ("obtain_consent", "case_report")]),
        (POST | {"consent": [{"purpose": "social", "form": "written"}]}, None),
        (INFORM, [("cite_source",)]),
        (INFORM | {"flags": ["within_expertise", "has_contact_or_booking"]}, [("cite_source", "remove_promotion")]),
        (
            TEACH | {"identity": "anonymous", "flags": ["fetal_sex_visible"]},
            [("mask",)],
        ),
        (
            TEACH | {"identity": "anonymous", "flags": ["outsider_in_group"]},
            [("remove_outsider",), ("ask_as_consult",), ("obtain_consent", "case_report")],
        ),
        (INFORM | {"action": "buy_reach", "content": []}, []),
        (TEACH | {"action": "consult"}, []),
    ],
)
def test_what_helps_is_told_and_nothing_else(asked: dict[str, Any], ways: list[tuple[str, ...]] | None) -> None:
    if ways is None:  # a consent cures no post (A4): the ways are those without it
        ways = found(POST)
    assert found(asked) == ways


def test_a_child_s_parent_and_the_kin_of_the_dead_are_asked() -> None:
    for flag in ("minor", "deceased"):
        assert ("obtain_consent",) in found(FACE | {"flags": [flag]})


def test_a_consent_that_was_withdrawn_may_be_asked_for_again() -> None:
    gone = [{"purpose": "teaching", "form": "written", "withdrawn_at": "2026-01-01"}]
    assert ("obtain_consent",) in found(TEACH | {"consent": gone})


requests = st.builds(
    Request,
    actor=st.sampled_from([Actor.RMP, *Actor]),
    action=st.sampled_from(Action),
    content=st.frozensets(st.sampled_from(Content), max_size=2),
    destination=st.sampled_from(Destination),
    identity=st.sampled_from(Identity),
    flags=st.frozensets(st.sampled_from(Flag), max_size=3),
)


@settings(max_examples=25, deadline=None)
@given(requests)
def test_every_way_out_is_allowed_is_the_smallest_and_is_found_again(request: Request) -> None:
    ways = ways_out(request, PACKS, on=ON)
    assert ways == ways_out(request, reversed(PACKS), on=ON)
    assert all(way.decision.default in ALLOWED for way in ways)
    sets = [set(way.remedies) for way in ways]
    assert not [(one, other) for one in sets for other in sets if one < other]
    if decide(request, PACKS, on=ON).default in ALLOWED:
        assert ways == ()


def test_the_remedies_are_few_enough_to_try_them_all() -> None:
    assert len(Remedy) * (len(Remedy) + 1) / 2 < 100
