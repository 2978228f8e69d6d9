"""Values are kept only when they fit their VR; dates move together; ages over 89 are one."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confrere.core.deidentify.values import capped_age, fits, padded, shifted

DAYS = st.dates(date(1910, 1, 1), date(2090, 1, 1))
SHIFTS = st.integers(-1460, 1460).filter(bool)


def da(day: date) -> bytes:
    return day.isoformat().replace("-", "").encode()


@given(DAYS, DAYS, SHIFTS)
def test_the_days_between_two_dates_survive_the_shift(one: date, other: date, days: int) -> None:
    moved = [shifted(b"DA", da(each), days) for each in (one, other)]
    assert moved == [da(one + timedelta(days)), da(other + timedelta(days))]


@given(DAYS, SHIFTS, st.sampled_from([b"", b"10", b"101530", b"101530.123456", b"101530.1+0530"]))
def test_an_instant_keeps_its_time_and_moves_its_day(day: date, days: int, rest: bytes) -> None:
    assert shifted(b"DT", da(day) + rest, days) == da(day + timedelta(days)) + rest


@pytest.mark.parametrize(
    "value",
    [
        b"2024",
        b"202401",
        b"20240230",
        b"2024.01.01",
        b"2024-01-1",
        b"20240101-20240301",
        b"0000",
        b"20240101\\x",
        b"\xef\xbc\x92\xef\xbc\x90",
        b"99991231",
        b"00010101",
    ],
)
def test_what_is_not_a_day_is_given_up_and_not_guessed(value: bytes) -> None:
    assert shifted(b"DA", value, 400 if value.startswith(b"9") else -400) is None


@pytest.mark.parametrize("value", [b"2024", b"202401", b"20240101103", b"20240101T10", b"20240101+05"])
def test_what_is_not_an_instant_is_given_up(value: bytes) -> None:
    assert shifted(b"DT", value, 3) is None


def test_several_days_move_together_and_nothing_stays_nothing() -> None:
    assert shifted(b"DA", b"20240228\\20240301 ", 1) == b"20240229\\20240302"
    assert shifted(b"DA", b"  ", 1) == b""


def test_times_of_day_stay_and_other_text_does_not() -> None:
    assert shifted(b"TM", b"101530.25 ", 5) == b"101530.25"
    assert shifted(b"TM", b"10:15", 5) is None


@pytest.mark.parametrize(
    ("age", "capped"),
    [
        (b"089Y", b"089Y"),
        (b"090Y", b"090Y"),
        (b"104Y", b"090Y"),
        (b"999M", b"999M"),
        (b"999W", b"999W"),
        (b"018M", b"018M"),
        (b"old ", None),
        (b"", None),
        (b"45Y", None),
    ],
)
def test_ages_over_eighty_nine_are_one_age(age: bytes, capped: bytes | None) -> None:
    assert capped_age(age) == capped


@pytest.mark.parametrize(
    ("tag", "vr", "value", "good"),
    [
        (0x00080060, b"CS", b"CT", True),
        (0x00080060, b"CS", b"CT\x10\x00\x10\x00PN\x0a\x00Zaveriwal^", False),
        (0x00180050, b"DS", b"2.5 ", True),
        (0x00180050, b"DS", b"2.5mm", False),
        (0x00280010, b"US", b"\0\1", True),
        (0x00280010, b"US", b"\0\1\0\2", False),
        (0x00280030, b"DS", b"0.5\\0.5", True),
        (0x00080070, b"LO", "Müller".encode(), True),
        (0x00080070, b"LO", b"\x1b$B;3ED\x1b(B^", True),
        (0x00080070, b"LO", b"x" * 300, False),
        (0x00189087, b"FD", bytes(8), True),
        (0x00189087, b"FD", bytes(7), False),
        (0x00180060, b"DS", b"", True),
    ],
)
def test_a_value_that_does_not_fit_its_vr_is_seen(tag: int, vr: bytes, value: bytes, good: bool) -> None:
    assert fits(tag, vr, value) is good


@given(
    st.binary(max_size=60),
    st.sampled_from([b"AS", b"CS", b"DA", b"DS", b"DT", b"IS", b"LO", b"SH", b"TM", b"US"]),
)
def test_no_value_makes_a_check_crash(value: bytes, vr: bytes) -> None:
    fits(0x00080060, vr, value)
    shifted(vr, value, 7)
    capped_age(value)


def test_padding_is_a_space_for_text_and_a_zero_for_uids() -> None:
    assert padded(b"LO", b"abc") == b"abc "
    assert padded(b"UI", b"1.2") == b"1.2\0"
    assert padded(b"UI", b"1.22") == b"1.22"


@pytest.mark.parametrize("vr", [b"TM", b"DT", b"DA", b"UI"])
@pytest.mark.parametrize("value", [b"1" * 60_000 + b"x", b"12." * 20_000 + b"x", b"10\\" * 20_000 + b"x"])
def test_a_long_run_of_digits_is_judged_at_once(vr: bytes, value: bytes) -> None:
    assert not fits(0x00080030, vr, value)
    assert vr == b"UI" or shifted(vr, value, 5) is None


@pytest.mark.parametrize(
    ("vr", "value", "fitting"),
    [
        (b"TM", b"101530.5\\1015 ", True),
        (b"TM", b"10153", False),
        (b"DA", b"20240311\\20240312", True),
        (b"DA", b"2024", False),
        (b"DT", b"20240311101530.5+0530", True),
        (b"DT", b"March", False),
        (b"UI", b"1.2.3\\1.2.4\0", True),
        (b"UI", b"1.2.x", False),
        (b"UI", b"1" * 65, False),
        (b"ST", b"two\r\nlines \x1b(B", True),
        (b"ST", b"\x10\0PN", False),
    ],
)
def test_times_uids_and_long_text_are_judged_by_their_form(vr: bytes, value: bytes, fitting: bool) -> None:
    assert fits(0x00080020, vr, value) is fitting


def test_words_under_a_numeric_representation_are_not_kept() -> None:
    assert not fits(0x00205000, b"AT", b"Seen with Qbrotherx ")
    assert not fits(0x00283006, b"US", b"Zaveriwalq Quirinax ")
    assert fits(0x00283006, b"US", bytes(range(0x20, 0x2A)))
    assert fits(0x00283006, b"US", bytes(range(256)))
