"""How long ago, in few letters."""

from datetime import UTC, datetime, timedelta

import pytest

from confrere.server.templatetags.ago import time_since

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(seconds=-5), "now"),
        (timedelta(seconds=59), "now"),
        (timedelta(minutes=3), "3 min"),
        (timedelta(hours=23), "23 h"),
        (timedelta(days=6), "6 d"),
        (timedelta(days=8), "15 Nov 2026"),
    ],
)
def test_the_time_is_told_in_the_largest_unit_that_fits(before, words):
    assert time_since(AT - before, AT) == words
