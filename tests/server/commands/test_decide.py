"""`confrere decide`: JSON in, an answer of the same shape out, and nothing guessed."""

import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from support.commands import confrere

from confrere.server.cli import main

SOURCE = Path(__file__).resolve().parents[3] / "src"
SCENARIOS = Path(__file__).resolve().parents[2] / "core/rules/scenarios.json"
EXAMPLE: dict[str, Any] = {
    "actor": "rmp",
    "register": "PB",
    "action": "post",
    "content": ["scan_image"],
    "destination": "public_social",
    "identity": "anonymous",
    "consent": [{"purpose": "teaching", "form": "written", "giver": "patient", "valid": True}],
    "flags": ["urgent"],
    "modality": "CT",
    "date": "2026-11-23",
}


class Asked:
    """One way to ask: words of the command line, and what lies on standard input."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.monkeypatch, self.capsys = monkeypatch, capsys

    def __call__(self, *words: str, stdin: object = None) -> tuple[int, str, str]:
        text = stdin if isinstance(stdin, str) else json.dumps(stdin)
        self.monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        code = main(["decide", *words])
        out, err = self.capsys.readouterr()
        return code, out, err

    def json(self, *words: str, stdin: object = None) -> Any:
        code, out, err = self(*words, "--json", stdin=stdin)
        assert (code, err) == (0, "")
        return json.loads(out)


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Asked:
    return Asked(monkeypatch, capsys)


def test_the_example_of_the_contract_is_answered_in_its_shape(ask: Asked) -> None:
    answer = ask.json(stdin=EXAMPLE)
    assert list(answer) == [
        *("law_now", "default", "packs", "rules", "obligations", "alternatives", "unverified_readings"),
    ]
    assert (answer["law_now"], answer["default"]) == ("warn", "forbid")
    assert answer["packs"]["nmc-draft-2022"] == "forbid"
    shown = {"id", "pack", "clause", "decision", "strength", "evidence", "status", "binding"}
    assert all(set(rule) == shown for rule in answer["rules"])


def test_a_list_is_answered_by_a_list_and_files_by_a_list_of_answers(ask: Asked, tmp_path: Path) -> None:
    one, many = tmp_path / "one.json", tmp_path / "many.json"
    one.write_text(json.dumps(EXAMPLE))
    many.write_text(json.dumps([EXAMPLE, EXAMPLE | {"destination": "closed_class", "action": "teach"}]))
    single, pair = ask.json(str(one)), ask.json(str(many))
    assert [answer["default"] for answer in pair] == ["forbid", "permit_with_obligation"]
    assert pair[0] == single == ask.json("-", stdin=EXAMPLE)
    assert ask.json(str(one), str(many)) == [single, pair]
    assert ask.json(stdin=[]) == []


def test_every_scenario_is_answered_as_the_table_says(ask: Asked) -> None:
    rows = json.loads(SCENARIOS.read_text("utf-8"))["rows"]
    for day in ("2026-11-23", "2026-12-31"):
        answers = ask.json("--date", day, stdin=[row["request"] for row in rows])
        for row, answer in zip(rows, answers, strict=True):
            assert (answer["law_now"], answer["default"]) == (row["law_now"], row["default"]), row["id"]
            assert answer["packs"] | row["packs"] == answer["packs"], row["id"]
            assert set(row["clauses"]) <= {rule["id"] for rule in answer["rules"]}, row["id"]
            assert set(row["obligations"]) <= set(answer["obligations"]), row["id"]
            assert set(row["alternatives"]) <= set(answer["alternatives"]), row["id"]


def test_the_day_and_the_packs_of_the_command_line_go_first(ask: Asked) -> None:
    teach = EXAMPLE | {"action": "teach", "destination": "closed_class", "identity": "coded", "consent": []}
    for day, law in (("2027-05-12", "permit"), ("2027-05-13", "forbid")):
        assert ask.json("--date", day, stdin=teach)["law_now"] == law
    assert ask.json("--packs", "gmc-uk, imc-2002", stdin=EXAMPLE)["packs"] == {
        "gmc-uk": "permit_with_obligation",
        "imc-2002": "warn",
    }


def test_without_a_day_it_is_today(ask: Asked) -> None:
    undated = {key: value for key, value in EXAMPLE.items() if key != "date"}
    assert ask.json(stdin=undated)["default"] == "forbid"


@pytest.mark.parametrize(
    ("stdin", "told"),
    [
        (EXAMPLE | {"actor": "robot"}, "actor: 'robot' is not in the vocabulary; allowed: rmp, student"),
        ([EXAMPLE, EXAMPLE | {"flags": ["famous"]}], "request 2: flags: 'famous' is not in the vocabulary"),
        (EXAMPLE | {"packs": ["imc-1956"]}, "packs: 'imc-1956' is not loaded; allowed: ahpra-au"),
        (EXAMPLE | {"profile": {"A1": "perhaps"}}, "'perhaps' is not one of closed_not_social, closed_is_social"),
        (EXAMPLE | {"audience": 7}, "unknown key 'audience'"),
        ({}, "actor: nothing is said"),
        ("[1]", "a request is an object"),
        ("nonsense", "not JSON"),
        ("{} {}", "more than one document"),
        ('{"actor": "rmp", "actor": "patient"}', "the key 'actor' stands twice"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_what_cannot_be_read_is_named_and_nothing_is_answered(ask: Asked, stdin: object, told: str) -> None:
    code, out, err = ask("--json", stdin=stdin)
    assert (code, out) == (2, "")
    assert told in err


def test_a_file_that_is_not_there_not_text_or_without_end_is_named(ask: Asked, tmp_path: Path) -> None:
    latin, long = tmp_path / "latin.json", tmp_path / "long.json"
    latin.write_bytes(b'{"actor": "\xff"}')
    long.write_bytes(b" " * ((16 << 20) + 1))
    for path, told in ((tmp_path / "none.json", "No such file"), (latin, "not UTF-8"), (long, "longer than")):
        code, out, err = ask(str(path))
        assert (code, out) == (2, "")
        assert told in err
    assert ask("--date", "soon", stdin=EXAMPLE)[0] == 2
    assert ask("--packs", "", stdin=EXAMPLE)[0] == 2


def test_without_json_it_speaks_in_words(ask: Asked) -> None:
    code, out, _ = ask(stdin=[EXAMPLE, EXAMPLE | {"action": "buy_reach", "packs": ["imc-2002"]}])
    assert code == 0
    assert out.startswith("No.\n  law now: warn\n")
    assert "nmc-draft-2022 Guideline 6 (Box 1, point 3) (draft): Patients' photographs" in out
    assert "instead: closed consult, case report" in out
    assert "imc-2002 7.19 (binding; unverified reading)" in out
    assert "jkmc-2025" not in out  # another register's order is no reason for this doctor
    assert out.count("Not legal advice; sources checked to 20") == 2


def test_it_runs_without_a_home_a_database_or_a_server(tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_text(json.dumps(EXAMPLE))
    said = confrere("decide", str(file), "--json", CONFRERE_HOME=str(tmp_path / "nowhere"))
    assert (said.returncode, said.stderr) == (0, "")
    assert json.loads(said.stdout)["default"] == "forbid"
    assert not (tmp_path / "nowhere").exists()


FOREIGN = """
[pack]
id = "mc-nz"
title = "A council of another country"
kind = "foreign"
status = "in_force"
source = "made up for a test"
dated = 2025-01-01
checked = 2025-06-01
binds_whom = "doctors on its register"
consequence = "a hearing"
periods = [{ from = 2025-01-01 }]

[[rule]]
id = "mc-nz/7"
clause = "7"
says = "No picture of a patient is shown in a hall."
evidence = "V"
strength = "hard"
decision = "forbid"
alternatives = ["closed_class"]
[rule.when]
action = ["present"]
content_any = ["@pictures"]
destination = ["conference_room"]
"""


@pytest.mark.parametrize("kind", ["foreign", "law"])
def test_a_pack_of_another_country_is_one_folder_and_is_obeyed(tmp_path: Path, kind: str) -> None:
    ours = SOURCE / "confrere"
    shutil.copytree(ours, tmp_path / "src/confrere", ignore=shutil.ignore_patterns("static", "__pycache__", "tables"))
    facts = tmp_path / "facts.json"
    hall = EXAMPLE | {"action": "present", "destination": "conference_room"}
    facts.write_text(json.dumps([hall, hall | {"packs": ["institution-policy"]}]))
    words = ("decide", str(facts), "--json")
    before, _ = json.loads(confrere(*words, PYTHONPATH=str(tmp_path / "src")).stdout)
    assert (before["law_now"], before["default"]) == ("permit", "permit_with_obligation")

    folder = tmp_path / "src/confrere/core/rules/packs/mc-nz"
    folder.mkdir()
    (folder / "pack.toml").write_text(FOREIGN.replace('"foreign"', f'"{kind}"'))
    after, asked_elsewhere = json.loads(confrere(*words, PYTHONPATH=str(tmp_path / "src")).stdout)
    assert after["packs"] == before["packs"] | {"mc-nz": "forbid"}
    assert after["default"] == ("forbid" if kind == "law" else before["default"])
    assert "mc-nz" not in asked_elsewhere["packs"]
    named = json.loads(confrere(*words, "--packs", "mc-nz", PYTHONPATH=str(tmp_path / "src")).stdout)
    assert {(one["law_now"], one["default"]) for one in named} == {("forbid", "forbid")}
    assert "closed_class" in named[0]["alternatives"]


def test_a_folder_that_breaks_the_form_stops_every_answer(tmp_path: Path) -> None:
    ours = SOURCE / "confrere"
    shutil.copytree(ours, tmp_path / "src/confrere", ignore=shutil.ignore_patterns("static", "__pycache__", "tables"))
    folder = tmp_path / "src/confrere/core/rules/packs/mc-nz"
    folder.mkdir()
    (folder / "pack.toml").write_text(FOREIGN.replace('alternatives = ["closed_class"]', ""))
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps(EXAMPLE))
    said = confrere("decide", str(facts), "--json", PYTHONPATH=str(tmp_path / "src"))
    assert (said.returncode, said.stdout) == (1, "")
    assert "mc-nz/7: a forbid names what can be done instead" in said.stderr
