"""Decimal values that are said to tell nothing hold nothing that the views could read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confrere.core.verify import views
from confrere.core.verify.numerals import values_can_tell
from confrere.core.verify.search import uids_like


@given(st.lists(st.text(alphabet="0123456789+-.eE \\", max_size=24).map(str.encode), max_size=4))
def test_what_cannot_tell_holds_no_number_no_date_and_no_uid(values: list[bytes]) -> None:
    if not values_can_tell(values):
        for raw in (*values, b"\\".join(values).lower()):
            assert views.digit_runs(raw) == (set(), set())
            assert views.written_days(raw) == set()
            assert uids_like(raw) == set()


@pytest.mark.parametrize(
    "value",
    [
        b"9876543210", b"98765 43210", b"98765-43210", b"1.2.840.113619", b"29.02.1956", b"1-2-24", b"1\\9876543",
        b"-1956022", b"Sharma", b"\x0019560229", b"12 345",
    ],
)  # fmt: skip
def test_what_could_be_a_number_a_date_or_text_can_tell(value: bytes) -> None:
    assert values_can_tell([b"1.5", value])


@pytest.mark.parametrize("value", [b"", b"-125.987654321", b"100002.001994 ", b"1\\0\\0\\-1.5e-05", b"512 ", b"1.0 "])
def test_ordinary_decimals_tell_nothing(value: bytes) -> None:
    assert not values_can_tell([value, b"3"])
