"""The reader of the tables: unknown moves are refused, and no walk leaves a table."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confrere.core.lifecycle import INTAKE, TABLES, Actor, IllegalMove, Table, Transition, can_move, move


def test_a_move_gives_the_row_with_new_state_and_event() -> None:
    row = move(INTAKE, "received", "take_up")
    assert (row.to_state, row.event) == ("clearing", "intake.taken_up")


def test_a_move_that_the_table_lacks_is_illegal() -> None:
    with pytest.raises(IllegalMove) as caught:
        move(INTAKE, "ended", "take_up")
    assert (caught.value.table, caught.value.from_state, caught.value.verb) == ("intake", "ended", "take_up")


def test_an_illegal_move_survives_the_way_between_processes() -> None:
    again = pickle.loads(pickle.dumps(IllegalMove("case", "draft", "withdraw")))
    assert str(again) == "case: no way to withdraw from draft"


def test_only_the_named_actors_may_move() -> None:
    assert can_move(INTAKE, "held", "resume", Actor.MODERATOR)
    assert not can_move(INTAKE, "held", "resume", Actor.CLOCK)
    assert not can_move(INTAKE, "ended", "resume", Actor.MODERATOR)


def test_a_table_with_two_answers_is_refused() -> None:
    row = Transition("a", "go", "b", (Actor.CLOCK,), "x.gone")
    with pytest.raises(ValueError, match="two rows"):
        Table("x", "a", (row, Transition("a", "go", "c", (Actor.CLOCK,), "x.went")))


@given(st.sampled_from(TABLES), st.lists(st.sampled_from([r.verb for t in TABLES for r in t.rows]), max_size=30))
def test_no_walk_leaves_the_table(table: Table, verbs: list[str]) -> None:
    state = table.initial
    for verb in verbs:
        try:
            state = move(table, state, verb).to_state
        except IllegalMove:
            assert verb not in {row.verb for row in table.rows_from(state)}
        assert state in table.states
        if state in table.terminal:
            assert table.rows_from(state) == ()
