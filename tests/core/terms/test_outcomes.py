"""Clearance ends in one of three ways, and the command line says which by its exit code."""

import pytest

from confrere.core.terms import Outcome


@pytest.mark.parametrize(("word", "exit_code"), [("clean", 0), ("held", 3), ("refused", 4)])
def test_an_outcome_is_its_word_and_has_its_exit_code(word: str, exit_code: int) -> None:
    assert Outcome(word) == word
    assert Outcome(word).exit_code == exit_code


def test_there_is_no_fourth_outcome() -> None:
    assert [outcome.value for outcome in Outcome] == ["clean", "held", "refused"]
    with pytest.raises(ValueError, match="probably"):
        Outcome("probably fine")


def test_only_clean_is_success_and_the_worst_of_several_has_the_highest_code() -> None:
    assert [outcome for outcome in Outcome if outcome.exit_code == 0] == [Outcome.CLEAN]
    assert max(Outcome, key=lambda outcome: outcome.exit_code) is Outcome.REFUSED


def test_no_exit_code_is_one_that_shells_and_python_use_for_errors_of_their_own() -> None:
    assert not {outcome.exit_code for outcome in Outcome} & {1, 2, 126, 127}
