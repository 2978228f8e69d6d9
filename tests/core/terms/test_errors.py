"""A reasoned stop names a reason of the table, and every error of ours survives the way between processes."""

import copy
import pickle
import re
from pathlib import Path

import pytest

import confrere
from confrere.adapters.keybox.client import KeyDestroyed
from confrere.adapters.objects import ObjectConflict, ObjectMissing, StoreFull
from confrere.core.terms import REASONS, Broken, ConfrereError, Held, Refused

SOURCE = Path(confrere.__file__).parent
OWN_KINDS_OF_BROKEN = [KeyDestroyed(), ObjectConflict(), ObjectMissing(), StoreFull()]


@pytest.mark.parametrize("kind", [Refused, Held])
@pytest.mark.parametrize(("code", "detail"), [("truncated", "(0028,0010)"), ("too-large", "")])
def test_a_stop_comes_back_from_a_worker_with_its_code_and_detail(
    kind: type[Refused] | type[Held], code: str, detail: str
) -> None:
    before = kind(code, detail)
    for back in (pickle.loads(pickle.dumps(before)), copy.copy(before)):
        assert type(back) is kind
        assert (back.code, back.detail, back.reason) == (code, detail, REASONS[code])
        assert str(back) == str(before)


@pytest.mark.parametrize("retryable", [True, False])
def test_damage_comes_back_from_a_worker_and_still_says_whether_to_try_again(retryable: bool) -> None:
    back = pickle.loads(pickle.dumps(Broken("the disk went away", retryable=retryable)))
    assert (type(back), str(back), back.retryable) == (Broken, "the disk went away", retryable)


@pytest.mark.parametrize("before", OWN_KINDS_OF_BROKEN, ids=lambda error: type(error).__name__)
def test_every_kind_of_damage_comes_back_as_itself(before: Broken) -> None:
    back = pickle.loads(pickle.dumps(before))
    assert (type(back), str(back), back.retryable) == (type(before), str(before), before.retryable)


def test_no_kind_of_damage_or_stop_is_left_out_of_these_tests() -> None:
    declared = re.compile(r"^class (\w+)\((?:Broken|Refused|Held|Stopped)\)", re.MULTILINE)
    found = {name for file in SOURCE.rglob("*.py") for name in declared.findall(file.read_text())}
    assert found == {"Refused", "Held"} | {type(error).__name__ for error in OWN_KINDS_OF_BROKEN}


@pytest.mark.parametrize("kind", [Refused, Held])
def test_a_stop_cannot_be_made_with_a_code_that_is_not_in_the_table(kind: type[Refused] | type[Held]) -> None:
    with pytest.raises(KeyError):
        kind("because-i-say-so")


def test_the_message_is_the_code_and_the_detail_where_there_is_one() -> None:
    assert str(Refused("wrong-vr", "(0028,0010)")) == "wrong-vr: (0028,0010)"
    assert str(Held("burned-in-text")) == "burned-in-text"


def test_the_families_are_caught_apart_and_together() -> None:
    assert all(issubclass(kind, ConfrereError) for kind in (Refused, Held, Broken))
    for kind in (Refused, Held, Broken):
        assert not any(issubclass(kind, other) for other in (Refused, Held, Broken) if other is not kind)


def test_damage_must_say_whether_trying_again_makes_sense() -> None:
    with pytest.raises(TypeError):
        Broken("nobody thought about it")  # type: ignore[call-arg]  # this is what is tested
