"""Which dates at DA and DT elements a patient's one shift explains."""

import pytest

from confrere.core.verify.dates import Moved, common_shift, days_of, is_explained, is_only_a_date


def _moved(now: int, before: int) -> Moved:
    return Moved(frozenset((now,)), frozenset((before,)))


def test_the_shift_must_explain_more_than_half() -> None:
    assert common_shift([_moved(110, 10), _moved(120, 20), _moved(7, 6)]) == 100
    assert common_shift([_moved(110, 10), _moved(7, 6)]) is None
    assert common_shift([]) is None


@pytest.mark.parametrize("by", [0, 1461, -1461])
def test_no_shift_is_zero_or_longer_than_four_years(by: int) -> None:
    assert common_shift([_moved(5000 + by, 5000)]) is None


def test_an_original_date_is_explained_by_its_own_original_alone() -> None:
    assert is_explained(_moved(110, 10), 100, {10, 110})
    assert is_explained(_moved(111, 10), None, {10})
    assert not is_explained(_moved(110, 11), 100, {110})
    assert not is_explained(_moved(110, 10), None, {110})
    assert not is_explained(Moved(frozenset((110,)), frozenset((10, 110))), 100, {110})


def test_a_value_with_text_is_more_than_a_date() -> None:
    assert is_only_a_date(b"20240131\\20240201 ")
    assert is_only_a_date(b"20240131101530.000000+0530")
    assert not is_only_a_date(b"Sharma")
    assert len(days_of(b"20240131\\20240201")) == 2
