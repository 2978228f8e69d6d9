"""A ledger line's seal covers every field, and the same line gives the same seal on every machine."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from confrere.apps.audit.chain import Line, seal

LINE = Line(7, datetime(2026, 11, 23, 9, 30, 0, 123456, UTC), "door", "intake.opened", "a1", {"files": 3}, "0" * 64)
OTHER = {
    "sequence": 8,
    "at": LINE.at + timedelta(microseconds=1),
    "actor": "doors",
    "event": "intake.open",
    "subject": "a2",
    "detail": {"files": 4},
    "previous": "1" * 64,
}


def test_a_seal_never_changes_between_versions() -> None:
    assert seal(LINE) == "33d6ff541e8ba9b58f8fee1b97cfd4073193763a3438076debeec8b67cbe92b7"


@pytest.mark.parametrize("field", [field.name for field in fields(Line)])
def test_every_field_is_under_the_seal(field: str) -> None:
    assert seal(replace(LINE, **{field: OTHER[field]})) != seal(LINE)


def test_what_moves_from_one_field_to_the_next_breaks_the_seal() -> None:
    moved = replace(LINE, actor="doo", event="rintake.opened")
    assert seal(moved) != seal(LINE)


def test_the_order_of_the_details_does_not_matter() -> None:
    one, two = replace(LINE, detail={"a": 1, "b": [2, "x"]}), replace(LINE, detail={"b": [2, "x"], "a": 1})
    assert seal(one) == seal(two)


def test_the_same_moment_in_another_time_zone_has_the_same_seal() -> None:
    india = timezone(timedelta(hours=5, minutes=30))
    assert seal(replace(LINE, at=LINE.at.astimezone(india))) == seal(LINE)


def test_letters_of_any_script_can_be_sealed() -> None:
    assert seal(replace(LINE, detail={"place": "ਅੰਮ੍ਰਿਤਸਰ"})) != seal(LINE)
