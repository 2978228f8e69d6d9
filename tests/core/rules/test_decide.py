"""The evaluator: strictest wins, duties add up, dates count, and the same question gets the same answer."""

import json
from datetime import date
from typing import Any

import pytest

from confrere.core.rules import DecisionValue, Request, RequestError, decide, load_pack, shipped_packs
from confrere.core.rules.decide import strictest

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


@pytest.mark.parametrize("identity", ["coded", "anonymous"])
def test_colleagues_may_be_asked_in_a_closed_room(identity: str) -> None:
    answer = ask(identity=identity)
    assert answer["default"] == "permit_with_obligation"
    assert {"DEID", "AUD_RMP", "CARE", "RECORD", "LOG"} <= set(answer["obligations"])


def test_teaching_without_consent_is_forbidden_and_offers_a_way() -> None:
    """Coded data is personal to whoever keeps the key: the act, followed before its day, asks for consent."""
    answer = ask(action="teach")
    assert (answer["law_now"], answer["default"]) == ("permit", "forbid")
    assert answer["alternatives"] == ["closed_consult", "obtain_consent"]


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
    assert answer["obligations"] == ["CONSENT_W", "DEID", "AUD_RMP", "NOTICE", "WITHDRAW", "LOG", "SEC"]


@pytest.mark.parametrize("destination", ["closed_institutional", "closed_class", "closed_federated"])
@pytest.mark.parametrize("identity", ["direct", "indirect"])
@pytest.mark.parametrize("action", ["post", "share", "discuss", "teach", "present", "publish", "export"])
def test_nobody_recognisable_enters_a_closed_room_without_permission(
    destination: str, identity: str, action: str
) -> None:
    answer = ask(destination=destination, identity=identity, action=action)
    assert (answer["law_now"], answer["default"]) == ("forbid", "forbid")


def test_the_draft_shadows_and_does_not_bind() -> None:
    answer = ask(action="post", destination="public_social", identity="anonymous")
    assert (answer["law_now"], answer["default"]) == ("warn", "forbid")
    assert {rule["id"]: rule for rule in answer["rules"]}["nmc-draft-2022/box1-3"] == {
        "id": "nmc-draft-2022/box1-3",
        "pack": "nmc-draft-2022",
        "clause": "Guideline 6 (Box 1, point 3)",
        "decision": "forbid",
        "strength": "hard",
        "evidence": "V",
        "status": "draft",
        "binding": False,
    }
    assert answer["alternatives"] == ["closed_consult", "case_report"]


def test_secrecy_binds_now_and_lifts_only_for_its_exceptions() -> None:
    secret: dict[str, Any] = {"action": "share", "destination": "messaging_1to1", "identity": "direct"}
    assert ask(**secret)["law_now"] == "forbid"
    lifted = ask(**secret, flags=["court_order"])
    assert (lifted["law_now"], lifted["default"]) == ("permit_with_obligation", "permit_with_obligation")
    assert lifted["obligations"] == ["LOG", "REVIEW"]


def test_the_three_weeks_of_2023_are_covered_by_the_text_that_was_then_in_force() -> None:
    secret: dict[str, Any] = {"action": "share", "destination": "messaging_1to1", "identity": "direct"}
    for day, council in (
        (date(2023, 8, 2), "imc-2002"),
        (date(2023, 8, 10), "nmc-2023"),
        (date(2023, 8, 23), "imc-2002"),
    ):
        answer = ask(on=day, **secret)
        assert answer["law_now"] == "forbid"
        assert {rule["pack"] for rule in answer["rules"] if rule["binding"]} == {council, "spdi-2011"}


@pytest.mark.parametrize(
    ("day", "profile", "status", "is_binding"),
    [
        (date(2027, 5, 12), {}, "phased", False),
        (date(2027, 5, 13), {}, "in_force", True),
        (date(2027, 5, 13), {"A16": "from_2027_05_14"}, "phased", False),
        (date(2027, 5, 14), {"A16": "from_2027_05_14"}, "in_force", True),
        (date(2026, 11, 13), {"A16": "from_2026_11_13"}, "in_force", True),
    ],
)
def test_the_data_act_binds_from_its_day_and_the_old_rules_until_then(
    day: date, profile: dict[str, str], status: str, is_binding: bool
) -> None:
    answer = ask(on=day, action="teach", identity="direct", profile=profile)
    spoken = {rule["id"]: rule for rule in answer["rules"]}
    assert (spoken["dpdp/4"]["status"], spoken["dpdp/4"]["binding"]) == (status, is_binding)
    assert spoken["spdi-2011/6"]["binding"] is not is_binding
    assert answer["packs"]["dpdp"] == "forbid"


def test_an_ambiguity_can_be_read_the_other_way() -> None:
    strict = {"A1": "closed_is_social"}
    shown: dict[str, Any] = {"action": "teach", "identity": "anonymous"}
    assert ask(**shown)["default"] == "permit_with_obligation"
    assert ask(**shown, readings=strict)["default"] == "forbid"
    assert ask(**shown, profile=strict)["default"] == "forbid"
    assert ask(action="consult", readings=strict)["default"] == "permit_with_obligation"


def test_an_unknown_reading_refuses() -> None:
    with pytest.raises(RequestError):
        decide(Request.from_json(CONSULT), shipped_packs(), on=TODAY, profile={"A1": "whatever"})


def test_readings_that_are_inferred_are_named() -> None:
    assert {"nmc-draft-2022/closed", "nmc-2023/closed"} < set(ask()["unverified_readings"])


def test_no_pack_in_force_forbids() -> None:
    for packs in ((), tuple(one for one in shipped_packs() if one.id == "nmc-draft-2022")):
        answer = decide(Request.from_json(CONSULT), packs, on=TODAY).as_json()
        assert (answer["law_now"], answer["default"]) == ("forbid", "forbid")


def test_a_pack_that_is_not_there_is_an_error_and_no_answer() -> None:
    with pytest.raises(RequestError, match="'no-such-pack' is not loaded; allowed: ahpra-au, ama-us"):
        ask(packs=["no-such-pack"])


def test_only_the_packs_asked_for_answer() -> None:
    answer = ask(packs=["imc-2002"])
    assert answer["packs"] == {"imc-2002": "permit_with_obligation"}
    assert {rule["pack"] for rule in answer["rules"]} == {"imc-2002"}


def test_a_question_to_a_draft_alone_is_answered_by_it() -> None:
    answer = ask(packs=["nmc-draft-2022"], action="post", destination="public_social")
    assert (answer["law_now"], answer["default"]) == ("silent", "forbid")


def test_a_register_binds_its_own_practitioners_only() -> None:
    local = load_pack(
        LOCAL.replace("REGISTERS", 'registers = ["JK"]'),
        "local",
    )
    for register, value in (("JK", "forbid"), ("PB", "silent"), ("", "silent")):
        request = Request.from_json(CONSULT | {"register": register})
        assert decide(request, (local,), on=TODAY).law_now == value


def test_a_foreign_pack_is_shown_and_not_counted() -> None:
    foreign = load_pack(LOCAL.replace("REGISTERS", "").replace('"law"', '"foreign"'), "local")
    answer = decide(Request.from_json(CONSULT), (*shipped_packs(), foreign), on=TODAY).as_json()
    assert answer["packs"]["local"] == "forbid"  # type: ignore[index]
    assert (answer["law_now"], answer["default"]) == ("permit_with_obligation", "permit_with_obligation")


def test_a_foreign_pack_counts_where_nothing_else_is_asked() -> None:
    foreign = load_pack(LOCAL.replace("REGISTERS", "").replace('"law"', '"foreign"'), "local")
    for named, value in ((["local"], "forbid"), (["imc-2002", "local"], "permit_with_obligation")):
        request = Request.from_json(CONSULT | {"packs": named})
        answer = decide(request, (*shipped_packs(), foreign), on=TODAY)
        assert (answer.law_now, answer.default) == (value, value)
        assert dict(answer.packs)["local"] == "forbid"


LOCAL = """
[pack]
id = "local"
title = "A local order"
kind = "law"
status = "in_force"
source = "made up"
dated = 2025-07-24
checked = 2026-06-30
binds_whom = "those on its register"
consequence = "misconduct"
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


def test_an_answer_can_be_written_as_json() -> None:
    assert json.loads(json.dumps(ask())) == ask()


def test_the_order_of_strictness_is_the_catalogue_s() -> None:
    ordered = sorted(DecisionValue, key=lambda value: -value.strictness)
    assert [one.value for one in ordered] == ["forbid", "warn", "permit_with_obligation", "permit", "silent"]
    assert strictest([]) is DecisionValue.SILENT
