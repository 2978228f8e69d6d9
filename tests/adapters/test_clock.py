"""The clock tells UTC."""

from datetime import timedelta

from confrere.adapters import clock


def test_the_time_is_aware_and_utc() -> None:
    assert clock.now().utcoffset() == timedelta(0)


def test_the_time_does_not_stand_still_for_ever() -> None:
    first = clock.now()
    while clock.now() == first:
        pass
    assert clock.now() > first
