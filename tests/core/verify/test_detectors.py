"""Each format fires on a made-up example and stays quiet on what only resembles it."""

from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confrere.core.deidentify import HEADERS, Keys, deidentify_instance
from confrere.core.terms import Broken, Held, Refused
from confrere.core.verify.detectors import formats_in, has_verhoeff_check_digit
from confrere.core.verify.layout import layout_of
from confrere.core.verify.residuals import CODED, TEXT_VRS

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
        ("ABHA No: 91123456789012", "abha"),
        ("Aadhaar XXXX XXXX 2346", "aadhaar"),
        ("EPIC ABC1234567", "voter"),
        ("voter id is XYZ0000001.", "voter"),
        ("Passport No. K1234567", "passport"),
        ("passport: z not, m 7654321", "passport"),
        ("came in KA01AB1234", "vehicle"),
        ("MH 12 DE 1433", "vehicle"),
        ("DL-08-C-1234", "vehicle"),
        ("22 BH 1234 AA", "vehicle"),
        ("DL 14 2011 0149646", "licence"),
        ("MH1420110062821", "licence"),
        ("PIN 560001", "pin"),
        ("Pincode: 400 001", "pin"),
        ("12, Gandhi Nagar, Indore 452001", "pin"),
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
        "XXXX 2346",
        "ABC123456",
        "abc1234567",
        "ABCD1234567",
        "K1234567",
        "passport checked, series 1234567",
        "CT 01 AB 1234",
        "KA 1 2",
        "T2 BH 1234",
        "DL 14 2011",
        "PIN 012345",
        "pin hole 560",
        "series 560001",
        "Nagar 12345",
        "near 0.560001",
        "PAN",
        "SE000001 IM000123",
        "HFS 5.0 B31f THORAX 1 x 512",
        "LEFT 123456",
        "gmp_vct.42 2024",
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


def _shipped() -> list[Path]:
    folder = Path(str(files("pydicom.data"))) / "test_files"
    return sorted(folder.glob("*.dcm"))


def test_no_text_that_real_files_retain_looks_like_an_identifier() -> None:
    looked_at = 0
    for path in _shipped():
        try:
            cleaned = deidentify_instance(path.read_bytes(), keys=Keys(b"k" * 32, ""), profile=HEADERS).content
        except (Broken, Held, Refused):
            continue
        layout = layout_of(bytes(cleaned))
        for leaf in layout.leaves:
            if leaf.vr in TEXT_VRS and leaf.tag not in CODED:
                looked_at += 1
                text = layout.buffer[leaf.start : leaf.end].replace(b"\0", b"").decode("utf-8", "replace")
                assert formats_in(text) == (), (path.name, hex(leaf.tag))
    assert looked_at > 100
