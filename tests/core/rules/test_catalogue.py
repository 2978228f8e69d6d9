"""Every rule of the catalogue is in a pack, with the catalogue's mark of how well it is known."""

import re

import pytest

import make_rules_scenarios
from confrere.core.rules import shipped_packs
from confrere.core.rules.vocabulary import Evidence

ROW = re.compile(r"^\| ([a-z][a-z0-9-]+/[\w.-]+) \|")
# An example of a pack that quarrels with itself: the linter's test plants it, and it must not ship.
NOT_SHIPPED = {"akmg-2024/2.3"}


@pytest.fixture(scope="module")
def catalogue() -> dict[str, str]:
    """Rule id and the last cell of its row: sources and mark."""
    table = make_rules_scenarios.table_path()
    if table is None:
        pytest.skip("the catalogue is not beside the tree")
    lines = table.with_name("rules-catalogue.md").read_text("utf-8").splitlines()
    return {match[1]: line.strip("| ").rsplit("|", 1)[1] for line in lines if (match := ROW.match(line))}


def test_every_rule_of_the_catalogue_ships(catalogue: dict[str, str]) -> None:
    shipped = {rule.id for pack in shipped_packs() for rule in pack.rules}
    assert len(catalogue) == 137
    assert set(catalogue) - shipped == NOT_SHIPPED


def test_no_rule_is_better_known_than_the_catalogue_says(catalogue: dict[str, str]) -> None:
    better = list(Evidence)
    for pack in shipped_packs():
        for rule in pack.rules:
            marks = [Evidence(mark) for mark in re.findall(r"\b[VSGI]\b", catalogue.get(rule.id, ""))]
            if marks:
                assert rule.evidence in marks
            for case in rule.cases:
                assert better.index(case.evidence) >= better.index(rule.evidence), rule.id


def test_no_rule_is_the_catalogue_s_sentence(catalogue: dict[str, str]) -> None:
    """Our own words: no run of seven words stands in both."""
    table = make_rules_scenarios.table_path()
    assert table is not None
    text = " ".join(re.findall(r"\w+", table.with_name("rules-catalogue.md").read_text("utf-8").lower()))
    for pack in shipped_packs():
        for rule in pack.rules:
            words = re.findall(r"\w+", rule.says.lower())
            runs = [" ".join(words[start : start + 7]) for start in range(len(words) - 6)]
            assert not [run for run in runs if f" {run} " in text], rule.id
