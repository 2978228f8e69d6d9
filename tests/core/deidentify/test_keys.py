"""Tokens, UIDs and shifts are stable, keyed and not reversible by looking."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confrere.core.deidentify import Keys, date_shift_days, patient_label, patient_token, remap_uid
from confrere.core.dicom.normalise import is_uid
from confrere.core.terms import Held

KEYS = Keys(b"a secret of 32 bytes for testing", "north")
OTHERS = (Keys(b"another secret of 32 bytes here!", "north"), Keys(KEYS.secret, "south"))


@given(st.text(min_size=1, max_size=64))
def test_a_new_uid_is_valid_stable_and_differs_under_another_key(uid: str) -> None:
    new = remap_uid(KEYS, uid)
    assert is_uid(new)
    assert new.startswith("2.25.")
    assert new == remap_uid(KEYS, uid)
    assert all(new != remap_uid(other, uid) for other in OTHERS)


def test_the_mapping_never_changes_between_versions() -> None:
    assert remap_uid(KEYS, "1.2.3") == "2.25.327778323005670809066496333001814815309"
    assert patient_token(KEYS, "", "UHID1") == "161c5c45c6ab172b29f98cbdf128cf1c"
    assert date_shift_days(KEYS, patient_token(KEYS, "", "UHID1")) == 1460


@given(st.text("0123456789abcdef", min_size=32, max_size=32))
def test_a_shift_is_whole_days_within_four_years_and_never_none(token: str) -> None:
    days = date_shift_days(KEYS, token)
    assert days != 0
    assert -1460 <= days <= 1460
    assert days == date_shift_days(KEYS, token)


def test_issuer_and_id_are_kept_apart() -> None:
    assert patient_token(KEYS, "A", "B1") != patient_token(KEYS, "AB", "1")
    assert patient_token(KEYS, "A", "B1") == patient_token(KEYS, " A", "B1 ")


def test_a_patient_without_an_id_has_no_token() -> None:
    with pytest.raises(Held) as caught:
        patient_token(KEYS, "A", "  ")
    assert caught.value.code == "patient-unknown"


def test_a_label_is_letters_that_spell_nothing() -> None:
    label = patient_label(patient_token(KEYS, "", "UHID1"))
    assert len(label) == 16
    assert set(label) <= set("BCDFGHJKLMNPQRST")


def test_the_secret_is_not_printed_and_not_short() -> None:
    assert "secret" not in repr(KEYS)
    with pytest.raises(ValueError, match="16 bytes"):
        Keys(b"short", "north")
    assert remap_uid(Keys(b"x" * 100, "north"), "1.2.3") != remap_uid(Keys(b"x" * 101, "north"), "1.2.3")
