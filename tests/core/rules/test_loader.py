"""The loader refuses what it does not know: each seeded bad pack must stop it."""

import pytest

from confrere.core.rules import PackError, load_pack, shipped_packs

GOOD = """
[pack]
id = "good"
title = "A pack"
kind = "policy"
status = "in_force"
source = "made up"
dated = 2025-12-01
checked = 2026-06-30
binds_whom = "members"
consequence = "a talk"
periods = [{ from = 2026-01-01 }]
sources = { S1 = "a paper" }

[[rule]]
id = "good/1"
clause = "1"
says = "Colleagues may be asked."
evidence = "V"
strength = "hard"
sources = ["S1"]
ambiguity = ["A1"]
decision = "permit_with_obligation"
obligations = ["LOG"]
[rule.when]
actor = ["rmp"]
action = ["consult"]
destination = ["closed_institutional"]
identity = ["coded"]
"""
SECOND = '[[rule]]\nid = "good/1"\n' + GOOD.split('id = "good/1"\n')[1]
YAML = "pack: &a {id: good}\nrule: [*a, *a, !!python/object/apply:os.system ['true']]\n"


def test_a_good_pack_is_read() -> None:
    assert load_pack(GOOD, "good").rules[0].id == "good/1"


def test_every_shipped_pack_is_good_and_ids_are_unique() -> None:
    packs = shipped_packs()
    assert {
        *("imc-2002", "tpg-2020", "nmc-draft-2022", "nmc-2023", "jkmc-2025", "nmc-student-2023", "nmc-live-2025"),
        *("dpdp", "spdi-2011", "certin-2022", "stat-in", "pub-ethics", "way-out", "institution-policy"),
        *("gmc-uk", "ahpra-au", "hipaa-us", "ama-us", "gdpr-eu", "ccpa-2023", "view-once", "it-rules-2021"),
    } == {one.id for one in packs}
    assert [one.id for one in packs] == sorted(one.id for one in packs)
    ids = [rule.id for one in packs for rule in one.rules]
    assert len(ids) == len(set(ids))


def _with(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


BAD = {
    "an unknown key of the pack": _with('title = "A pack"', 'title = "A pack"\noverrides_floor = true'),
    "an unknown key of a rule": _with('clause = "1"', 'clause = "1"\npriority = 9'),
    "an unknown key of a condition": _with('actor = ["rmp"]', 'actor = ["rmp"]\nfloor = ["off"]'),
    "an unknown source": _with('["S1"]', '["S2"]'),
    "an unknown ambiguity": _with('["A1"]', '["A99"]'),
    "an unknown register": _with("sources = {", 'registers = ["nowhere"]\nsources = {'),
    "an unknown group": _with('["consult"]', '["@gossip"]'),
    "a word twice": _with('["consult"]', '["consult", "consult"]'),
    "cases and a decision": _with('decision = "p', 'cases = []\ndecision = "p'),
    "a decision of a standing rule": _with('decision = "p', 'standing = true\ndecision = "p'),
    "a rule that neither decides nor stands": _with('decision = "permit_with_obligation"', "").replace(
        'obligations = ["LOG"]', ""
    ),
    "a default that is no truth": _with("dated", 'default = "yes"\ndated'),
    "no day of its text": _with("dated = 2025-12-01", ""),
    "no day of checking": _with("checked = 2026-06-30", ""),
    "nobody bound": _with('binds_whom = "members"', ""),
    "no consequence": _with('consequence = "a talk"', ""),
    "a second document": GOOD + "\n---\n" + GOOD,
    "a second pack": GOOD + '\n[[pack]]\nid = "good"\n',
    "an unknown table": GOOD + "\n[floor]\nidentity = true\n",
    "an unknown word": _with('action = ["consult"]', 'action = ["gossip"]'),
    "an unknown status": _with('"in_force"', '"always"'),
    "an unknown obligation": _with('["LOG"]', '["LOGS"]'),
    "a word of the wrong type": _with('["rmp"]', "[1]"),
    "a list that is none": _with('["rmp"]', '"rmp"'),
    "an empty list": _with('["rmp"]', "[]"),
    "a duplicate id": GOOD + SECOND,
    "a duplicate key": _with('clause = "1"', 'clause = "1"\nclause = "2"'),
    "an id of another pack": _with('"good/1"', '"imc-2002/7.14"'),
    "another name than its folder": _with('id = "good"', 'id = "better"'),
    "no rule": GOOD.split("[[rule]]")[0],
    "no title": _with('title = "A pack"', 'title = " "'),
    "no dates though in force": _with("periods = [{ from = 2026-01-01 }]", ""),
    "dates though a draft": _with('"in_force"', '"draft"'),
    "a time instead of a day": _with("from = 2026-01-01", "from = 2026-01-01T00:00:00"),
    "a period with an unknown key": _with("from = 2026-01-01", "from = 2026-01-01, mood = 1"),
    "a forbid without an alternative": _with("permit_with_obligation", "forbid").replace('obligations = ["LOG"]', ""),
    "an obligation without duty": _with('obligations = ["LOG"]', ""),
    "a duty of a plain permit": _with("permit_with_obligation", "permit"),
    "a duty of silence": _with("permit_with_obligation", "silent"),
    "an empty condition": GOOD.split("[rule.when]")[0] + "[rule.when]\n",
    "no condition": GOOD.split("[rule.when]")[0],
    "an exception that always holds": GOOD + "[[rule.unless]]\n",
    "an unknown reading": GOOD + 'reading = { A1 = "anything" }\n',
    "a permission for every action": _with('action = ["consult"]', ""),
    "a permission for the recognisable": _with('["coded"]', '["direct"]'),
    "the same with consent or none": _with('["coded"]', '["direct"]\nconsent = ["none", "written"]'),
    "YAML with aliases and tags": YAML,
    "brackets without end": "a = " + "[" * 5000,
    "an endless pack": GOOD + "#" * (1 << 20),
    "nothing": "",
}


STANDING = _with('decision = "permit_with_obligation"\nobligations = ["LOG"]\n', "standing = true\n").split(
    "[rule.when]"
)[0]


def test_a_standing_rule_is_read_and_has_no_case() -> None:
    assert load_pack(STANDING, "good").rules[0].cases == ()


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_a_bad_pack_is_refused(text: str) -> None:
    with pytest.raises(PackError):
        load_pack(text, "good")


def test_no_pack_may_call_itself_the_floor() -> None:
    with pytest.raises(PackError):
        load_pack(GOOD.replace('"good', '"floor'), "floor")
