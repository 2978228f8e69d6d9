"""The evaluator: strictest wins, duties add up, dates count, and the same question gets the same answer."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confrere.core.rules import DecisionValue, Pack, Request, RequestError, decide, load_pack, shipped_packs
from confrere.core.rules.decide import strictest
from confrere.core.rules.vocabulary import Action, Actor, Content, Destination, Flag, Identity

TODAY = date(2026, 11, 23)
CONSULT: dict[str, Any] = {
    "actor": "rmp",
    "action": "consult",
    "content": ["scan_image"],
    "destination": "closed_institutional",
    "identity": "coded",
}
WRITTEN = {"purpose": "teaching", "form": "written", "giver": "patient", "valid": True}


def ask(on: date = TODAY, readings: dict[str, str] | None = None, **changes: Any) -> dict[str, Any]:
    request = Request.from_json(CONSULT | changes)
    return decide(request, shipped_packs(), on=on, profile=readings).as_json()


@pytest.mark.parametrize("action", ["consult", "discuss"])
@pytest.mark.parametrize("identity", ["coded", "anonymous"])
def test_colleagues_may_be_asked_in_a_closed_room(action: str, identity: str) -> None:
    answer = ask(action=action, identity=identity)
    assert answer["default"] == "permit_with_obligation"
    assert answer["obligations"] == ["DEID", "AUD_RMP", "LOG"]


def test_teaching_without_consent_is_forbidden_and_offers_a_way() -> None:
    answer = ask(action="teach")
    assert (answer["default"], answer["alternatives"]) == ("forbid", ["closed_consult", "obtain_consent"])


@pytest.mark.parametrize(
    "consent",
    [
        WRITTEN | {"purpose": "care"},
        WRITTEN | {"form": "verbal"},
        WRITTEN | {"valid": False},
        WRITTEN | {"withdrawn_at": "2026-11-23"},
    ],
)
def test_a_consent_that_does_not_fit_is_none(consent: dict[str, object]) -> None:
    assert ask(action="teach", consent=[consent])["default"] == "forbid"


def test_teaching_with_written_consent_is_permitted_with_its_duties() -> None:
    answer = ask(action="teach", consent=[WRITTEN])
    assert answer["default"] == "permit_with_obligation"
    assert answer["obligations"] == ["CONSENT_W", "DEID", "AUD_RMP", "LOG"]


@pytest.mark.parametrize("destination", ["closed_institutional", "closed_class", "closed_federated"])
@pytest.mark.parametrize("identity", ["direct", "indirect"])
@pytest.mark.parametrize("action", list(Action))
def test_nobody_recognisable_enters_a_closed_room(destination: str, identity: str, action: Action) -> None:
    answer = ask(destination=destination, identity=identity, action=action.value, consent=[WRITTEN])
    assert answer["default"] == "forbid"


def test_the_draft_shadows_and_does_not_bind() -> None:
    answer = ask(action="post", destination="public_social", identity="anonymous")
    assert (answer["law_now"], answer["default"]) == ("silent", "forbid")
    assert answer["rules"] == [
        {
            "id": "nmc-draft-2022/box1-3",
            "pack": "nmc-draft-2022",
            "clause": "Guideline 6 (Box 1, point 3)",
            "decision": "forbid",
            "strength": "hard",
            "evidence": "V",
            "status": "draft",
            "binding": False,
        }
    ]
    assert answer["alternatives"] == ["closed_consult", "case_report"]


def test_secrecy_binds_now_and_lifts_only_for_its_exceptions() -> None:
    secret: dict[str, Any] = {"action": "share", "destination": "messaging_1to1", "identity": "direct"}
    assert ask(**secret)["law_now"] == "forbid"
    lifted = ask(**secret, flags=["court_order"])
    assert (lifted["law_now"], lifted["obligations"]) == ("permit_with_obligation", ["LOG", "REVIEW"])


def test_the_three_weeks_of_2023_are_not_covered_by_the_old_regulations() -> None:
    secret: dict[str, Any] = {"action": "share", "destination": "messaging_1to1", "identity": "direct"}
    for day, value in ((date(2023, 8, 2), "forbid"), (date(2023, 8, 23), "forbid")):
        assert ask(on=day, **secret)["law_now"] == value
    assert ask(on=date(2023, 8, 10), **secret)["rules"][0]["id"] == "floor/no-pack-in-force"


def test_an_ambiguity_can_be_read_the_other_way() -> None:
    strict = {"A1": "closed_is_social"}
    assert ask(action="discuss", readings=strict)["default"] == "forbid"
    assert ask(action="discuss", profile=strict)["default"] == "forbid"
    assert ask(action="consult", readings=strict)["default"] == "permit_with_obligation"


def test_an_unknown_reading_refuses() -> None:
    with pytest.raises(RequestError):
        decide(Request.from_json(CONSULT), shipped_packs(), on=TODAY, profile={"A1": "whatever"})


def test_readings_that_are_inferred_are_named() -> None:
    assert ask()["unverified_readings"] == ["nmc-draft-2022/closed"]


def test_no_pack_in_force_forbids() -> None:
    for packs in ((), tuple(one for one in shipped_packs() if one.id == "nmc-draft-2022")):
        answer = decide(Request.from_json(CONSULT), packs, on=TODAY).as_json()
        assert (answer["law_now"], answer["default"]) == ("forbid", "forbid")
    assert ask(packs=["no-such-pack"])["default"] == "forbid"


def test_only_the_packs_asked_for_answer() -> None:
    assert ask(packs=["imc-2002"])["packs"] == {"imc-2002": "silent"}


def test_a_register_binds_its_own_practitioners_only() -> None:
    local = load_pack(
        LOCAL.replace("REGISTERS", 'registers = ["JK"]'),
        "local",
    )
    for register, value in (("JK", "forbid"), ("PB", "silent"), ("", "silent")):
        request = Request.from_json(CONSULT | {"register": register})
        assert decide(request, (local,), on=TODAY).law_now == value


def test_a_foreign_pack_is_shown_and_never_counted() -> None:
    foreign = load_pack(LOCAL.replace("REGISTERS", "").replace('"law"', '"foreign"'), "local")
    answer = decide(Request.from_json(CONSULT), (*shipped_packs(), foreign), on=TODAY).as_json()
    assert answer["packs"]["local"] == "forbid"  # type: ignore[index]
    assert (answer["law_now"], answer["default"]) == ("silent", "permit_with_obligation")


LOCAL = """
[pack]
id = "local"
title = "A local order"
kind = "law"
status = "in_force"
source = "made up"
periods = [{ from = 2025-07-24 }]
default = true
REGISTERS

[[rule]]
id = "local/1"
clause = "1"
says = "No."
evidence = "V"
strength = "hard"
decision = "forbid"
alternatives = ["none"]
[rule.when]
actor = ["rmp"]
"""


def requests() -> st.SearchStrategy[Request]:
    return st.builds(
        Request,
        actor=st.sampled_from(Actor),
        action=st.sampled_from(Action),
        content=st.frozensets(st.sampled_from(Content), max_size=3),
        destination=st.sampled_from(Destination),
        identity=st.sampled_from(Identity),
        flags=st.frozensets(st.sampled_from(Flag), max_size=3),
    )


@given(requests(), st.permutations(shipped_packs()), st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_same_question_same_answer_whatever_the_order(request: Request, packs: list[Pack], on: date) -> None:
    assert decide(request, packs, on=on) == decide(request, shipped_packs(), on=on)
    json.dumps(decide(request, packs, on=on).as_json())


@given(requests(), st.sampled_from(shipped_packs()), st.dates(date(2026, 1, 1), date(2030, 1, 1)))
def test_one_more_pack_never_loosens(request: Request, left_out: Pack, on: date) -> None:
    anchor = load_pack(LOCAL.replace("REGISTERS", 'registers = ["nowhere"]'), "local")
    fewer = decide(request, [anchor, *(one for one in shipped_packs() if one != left_out)], on=on)
    more = decide(request, [anchor, *shipped_packs()], on=on)
    assert more.default.strictness >= fewer.default.strictness
    assert more.law_now.strictness >= fewer.law_now.strictness
    assert set(more.obligations) >= set(fewer.obligations)


@given(requests())
def test_every_forbid_offers_something(request: Request) -> None:
    decision = decide(request, shipped_packs(), on=TODAY)
    assert decision.default is not DecisionValue.FORBID or decision.alternatives


def test_the_order_of_strictness_is_the_catalogue_s() -> None:
    ordered = sorted(DecisionValue, key=lambda value: -value.strictness)
    assert [one.value for one in ordered] == ["forbid", "warn", "permit_with_obligation", "permit", "silent"]
    assert strictest([]) is DecisionValue.SILENT
