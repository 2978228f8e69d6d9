"""The tables hold together: all reachable, ends are ends, every row is told to the ledger."""

import re

import pytest

from confrere.core.lifecycle import CASE, INTAKE, RELEASE, SERIES, TABLES, Actor, Table

by_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)


@by_table
def test_every_state_is_reachable(table: Table) -> None:
    reached, frontier = {table.initial}, [table.initial]
    while frontier:
        for row in table.rows_from(frontier.pop()):
            if row.to_state not in reached:
                reached.add(row.to_state)
                frontier.append(row.to_state)
    assert reached == set(table.states)


@by_table
def test_every_state_can_come_to_an_end(table: Table) -> None:
    ends = set(table.terminal)
    for _ in table.states:
        ends |= {row.from_state for row in table.rows if row.to_state in ends}
    assert ends == set(table.states)


@by_table
def test_every_row_names_its_actors_and_its_event(table: Table) -> None:
    for row in table.rows:
        assert row.who and set(row.who) <= set(Actor)
        assert re.fullmatch(rf"{table.name}\.[a-z_]+", row.event)


def test_the_ends_are_those_of_the_design() -> None:
    assert set(INTAKE.terminal) == {"ended", "expired", "abandoned"}
    assert set(SERIES.terminal) == {"released", "discarded", "refused", "expired"}
    assert set(CASE.terminal) == {"withdrawn", "discarded"}
    assert set(RELEASE.terminal) == {"revoked", "expired"}


def test_nothing_unverified_can_be_released() -> None:
    assert {row.from_state for row in SERIES.rows if row.to_state == "released"} == {"verified"}


def test_only_the_conveyor_verifies() -> None:
    assert {row.who for row in SERIES.rows if row.to_state == "verified"} == {(Actor.CONVEYOR,)}
