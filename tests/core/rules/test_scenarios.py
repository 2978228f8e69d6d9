"""The scenario table, row by row: every pack's column, law now, default, duties, ways out and clauses.

The rows are made from the paper by `tools/make_rules_scenarios.py`; a row is never bent here.
"""

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import make_rules_scenarios
from confrere.core.rules import Request, decide, shipped_packs

ROWS = json.loads(make_rules_scenarios.TARGET.read_text("utf-8"))["rows"]
IDS = [row["id"] for row in ROWS]
TODAY = "2026-11-23"
every_row = pytest.mark.parametrize("row", ROWS, ids=IDS)


@cache
def _answer(asked: str, day: str) -> str:
    found = decide(Request.from_json(json.loads(asked)), shipped_packs(), on=date.fromisoformat(day))
    return json.dumps(found.as_json())


def answers(row: dict[str, Any]) -> list[dict[str, Any]]:
    """One answer for each day the row names, or for an ordinary day."""
    return [json.loads(_answer(json.dumps(row["request"]), day)) for day in row["days"] or [TODAY]]


def test_every_scenario_of_the_paper_is_here_once() -> None:
    assert IDS == [f"SC-{number:02}" for number in range(1, 60)]


def test_the_rows_are_what_the_paper_says() -> None:
    table = make_rules_scenarios.table_path()
    if table is None:
        pytest.skip("the paper is not beside the tree")
    assert make_rules_scenarios.TARGET.read_text("utf-8") == make_rules_scenarios.rendered(table)


@every_row
def test_each_pack_says_what_its_column_says(row: dict[str, Any]) -> None:
    for answer in answers(row):
        assert {pack: answer["packs"].get(pack) for pack in row["packs"]} == row["packs"]


@every_row
def test_law_now_and_default_are_the_row_s(row: dict[str, Any]) -> None:
    for answer in answers(row):
        assert (answer["law_now"], answer["default"]) == (row["law_now"], row["default"])


@every_row
def test_every_clause_of_the_row_speaks(row: dict[str, Any]) -> None:
    for answer in answers(row):
        spoken = {rule["id"]: rule["decision"] for rule in answer["rules"]}
        assert set(row["clauses"]) <= set(spoken)
        assert {rule: spoken.get(rule) for rule in row["rules"]} == row["rules"]


@every_row
def test_every_duty_and_way_out_of_the_row_is_told(row: dict[str, Any]) -> None:
    for answer in answers(row):
        assert set(row["obligations"]) <= set(answer["obligations"])
        assert set(row["alternatives"]) <= set(answer["alternatives"])


@every_row
def test_a_bare_consent_to_care_weighs_the_same_in_every_form(row: dict[str, Any]) -> None:
    """The paper names no form for it; so none may decide."""
    for form in ("verbal", "none"):
        bare = [one | {"form": form} if one["purpose"] == "care" else one for one in row["request"]["consent"]]
        changed = answers(row | {"request": row["request"] | {"consent": bare}})
        assert [one["packs"] for one in changed] == [one["packs"] for one in answers(row)]


def test_only_what_is_in_force_on_the_day_binds() -> None:
    """SC-57: one set of facts on three days."""
    binding = []
    for answer in answers(ROWS[IDS.index("SC-57")]):
        laws = {rule["pack"] for rule in answer["rules"] if rule["binding"]} - {"institution-policy"}
        binding.append(laws)
    assert binding == [{"nmc-2023", "spdi-2011"}, {"imc-2002", "spdi-2011"}, {"imc-2002", "dpdp"}]


def test_the_maker_refuses_an_engine_input_it_cannot_read() -> None:
    """The seeded failure of the maker: nothing is left out in silence."""
    for cell in ("rmp post scan", "`rmp·post·scan_image→public_social` id=anonymous consent=none famous"):
        with pytest.raises((SystemExit, ValueError)):
            make_rules_scenarios.request_of(cell)
    with pytest.raises(SystemExit):
        make_rules_scenarios.consent_of("teaching/whispered")


def test_the_file_beside_this_one_is_the_maker_s() -> None:
    assert Path(__file__).with_name("scenarios.json") == make_rules_scenarios.TARGET
