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
periods = [{ from = 2026-01-01 }]

[[rule]]
id = "good/1"
clause = "1"
says = "Colleagues may be asked."
evidence = "V"
strength = "hard"
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
    assert [one.id for one in packs] == ["imc-2002", "institution-policy", "nmc-draft-2022"]
    ids = [rule.id for one in packs for rule in one.rules]
    assert len(ids) == len(set(ids))


def _with(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


BAD = {
    "an unknown key of the pack": _with('title = "A pack"', 'title = "A pack"\noverrides_floor = true'),
    "an unknown key of a rule": _with('clause = "1"', 'clause = "1"\npriority = 9'),
    "an unknown key of a condition": _with('actor = ["rmp"]', 'actor = ["rmp"]\nfloor = ["off"]'),
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
    "a silent rule": _with("permit_with_obligation", "silent"),
    "an empty condition": GOOD.split("[rule.when]")[0] + "[rule.when]\n",
    "no condition": GOOD.split("[rule.when]")[0],
    "an exception that always holds": GOOD + "[[rule.unless]]\n",
    "an unknown reading": GOOD + 'reading = { A1 = "anything" }\n',
    "a permission for everybody": _with('actor = ["rmp"]', ""),
    "a permission for any identity": _with('identity = ["coded"]', ""),
    "a permission for the recognisable": _with('["coded"]', '["direct"]'),
    "the same with consent or none": _with('["coded"]', '["direct"]\nconsent = ["none", "written"]'),
    "YAML with aliases and tags": YAML,
    "brackets without end": "a = " + "[" * 5000,
    "an endless pack": GOOD + "#" * (1 << 20),
    "nothing": "",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_a_bad_pack_is_refused(text: str) -> None:
    with pytest.raises(PackError):
        load_pack(text, "good")


def test_no_pack_may_call_itself_the_floor() -> None:
    with pytest.raises(PackError):
        load_pack(GOOD.replace('"good', '"floor'), "floor")
