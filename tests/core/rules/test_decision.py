"""The answer in plain words and lists, as `confrere decide` prints it."""

import json
from dataclasses import replace

from confrere.core.rules.decision import Decision, FiredRule
from confrere.core.rules.vocabulary import Alternative, DecisionValue, Evidence, Obligation, Status, Strength

FIRED = FiredRule(
    id="imc-2002/7.14",
    pack="imc-2002",
    clause="7.14",
    says="Our own words for the clause.",
    decision=DecisionValue.FORBID,
    strength=Strength.HARD,
    evidence=Evidence.INFERRED,
    status=Status.IN_FORCE,
    is_binding=True,
)
ANSWER = Decision(
    law_now=DecisionValue.WARN,
    default=DecisionValue.FORBID,
    packs=(("imc-2002", DecisionValue.FORBID), ("a-later-one", DecisionValue.SILENT)),
    rules=(FIRED, replace(FIRED, id="imc-2002/2.2", is_binding=False)),
    obligations=(Obligation.DEID, Obligation.LOG),
    alternatives=(Alternative.CLOSED_CONSULT, Alternative.NONE),
    unverified_readings=("imc-2002/7.14",),
)


def test_the_answer_survives_being_written_and_read_as_json() -> None:
    assert json.loads(json.dumps(ANSWER.as_json())) == ANSWER.as_json()


def test_the_law_and_the_default_are_not_mixed_up() -> None:
    told = ANSWER.as_json()
    assert (told["law_now"], told["default"]) == ("warn", "forbid")


def test_every_part_of_the_answer_is_told_in_its_order() -> None:
    told = ANSWER.as_json()
    assert json.dumps(told["packs"]) == '{"imc-2002": "forbid", "a-later-one": "silent"}'
    assert (told["obligations"], told["alternatives"]) == (["DEID", "LOG"], ["closed_consult", "none"])
    assert told["unverified_readings"] == ["imc-2002/7.14"]
    assert [rule["id"] for rule in ANSWER.as_json()["rules"]] == ["imc-2002/7.14", "imc-2002/2.2"]  # type: ignore[attr-defined]


def test_a_rule_shows_where_it_stands_how_well_it_is_known_and_whether_it_binds() -> None:
    assert FIRED.as_json() == {
        "id": "imc-2002/7.14",
        "pack": "imc-2002",
        "clause": "7.14",
        "decision": "forbid",
        "strength": "hard",
        "evidence": "I",
        "status": "in_force",
        "binding": True,
    }
    assert replace(FIRED, is_binding=False).as_json()["binding"] is False
