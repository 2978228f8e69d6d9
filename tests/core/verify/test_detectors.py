"""Each format fires on a made-up example and stays quiet on what only resembles it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confrere.core.verify.detectors import formats_in, has_verhoeff_check_digit

# 2341 2341 2346 is a number with a right check digit that belongs to nobody: a textbook example.
AADHAAR = "2341 2341 2346"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"Aadhaar {AADHAAR} verified", "aadhaar"),
        ("234123412346", "aadhaar"),
        ("2341-2341-2346", "aadhaar"),
        ("call +91 98765 43210 now", "phone"),
        ("09876543210", "phone"),
        ("98765-43210", "phone"),
        ("+44 20 7946 0958", "phone"),
        ("meena.k@example.in", "email"),
        ("UHID: 2019/0001234", "uhid"),
        ("MR No. 55012", "uhid"),
        ("mrn55012", "uhid"),
        ("PAN ABCPE1234F", "pan"),
        ("ABHA 91-1234-5678-9012", "abha"),
        ("meena.k@abdm", "abha"),
    ],
)
def test_a_telling_format_fires(text: str, kind: str) -> None:
    assert kind in formats_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "CT BRAIN PLAIN 5mm",
        "234123412345",
        "1234 5678 9012",
        "1.2.840.113619.2.5.1762583153.215519.978957063",
        "-125.9876543210",
        "9.876543210",
        "8765432109876543",
        "abed20f1c9876543210fade7",
        "gmp_vct.42",
        "T2 TSE 3D @ 1.5 T",
        "MR NONE 3",
        "ABCDE1234F",
        "20240229101530.000000",
        "+12.5",
    ],
)
def test_what_only_looks_like_it_does_not(text: str) -> None:
    assert formats_in(text) == ()


@given(st.text(alphabet="0123456789", min_size=11, max_size=11), st.integers(0, 10), st.integers(1, 9))
def test_the_check_digit_sees_every_wrong_digit(digits: str, place: int, change: int) -> None:
    fitting = [digits + str(check) for check in range(10) if has_verhoeff_check_digit(digits + str(check))]
    assert len(fitting) == 1
    wrong = digits[:place] + str((int(digits[place]) + change) % 10) + digits[place + 1 :] + fitting[0][-1]
    assert not has_verhoeff_check_digit(wrong)
