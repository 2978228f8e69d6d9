"""Numbers that name a person, and numbers that do not."""

import pytest

from confrere.core.words.numbers import find_numbers, verhoeff_holds
from confrere.core.words.tokens import cut


def kinds(text: str) -> list[str]:
    return [span.kind for span in find_numbers(cut(text))]


def test_the_check_digit_of_an_aadhaar_number_is_proven() -> None:
    assert verhoeff_holds("236") and not verhoeff_holds("237")
    (low,) = {span.score for span in find_numbers(cut("2345 6789 0124"))}
    good = next(f"23456789012{digit}" for digit in range(10) if verhoeff_holds(f"23456789012{digit}"))
    assert max(span.score for span in find_numbers(cut(good))) == 0.99 > low or low == 0.99


@pytest.mark.parametrize(
    "text",
    [
        "4991 1866 5246",
        "4991-1866-5246",
        "91-2345-6789-0123",
        "UHID: 20231104-55871",
        "MRN 00412987",
        "IP No. IP/2024/008812",
        "OPD no 2024/33871",
        "23/114578",
        "BNZPM2501F",
        "bnzpm2501f",
        "ABC1234567",
        "M6190785",
        "KA 05 MH 2345",
        "22 BH 1234 AA",
        "DL-0420110149646",
        "S-4456/23",
        "#7781234",
        "192.168.12.44",
        "356938035643809",
        "xxxx xxxx 1234",
        "Reg No KMC 45123",
    ],
)
def test_numbers_of_people_are_found(text: str) -> None:
    assert "id" in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "98450 12345",
        "+91-99876 54321",
        "9 8 4 5 0 1 2 3 4 5",
        "98450\n12345",
        "080-26991234",
        "+971 50 123 4567",
        "nine eight four five zero one two three four five",
        "call 26991234",
    ],
)
def test_phones_are_found_also_split_and_spelled(text: str) -> None:
    assert "phone" in kinds(text)


@pytest.mark.parametrize("text", ["a.devi@abdm", "dr.anjali@example.com", "ramesh@okbank", "anjali at example dot com"])
def test_addresses_of_mail_and_payment_are_found(text: str) -> None:
    assert "email" in kinds(text)


@pytest.mark.parametrize("text", ["https://facebook.com/ramesh.k", "instagram.com/ramesh", "@ramesh_k"])
def test_links_to_a_person_are_found(text: str) -> None:
    assert "url" in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "BP 140/90, SpO2 98 %",
        "WBC 12400, platelets 98000",
        "platelets 1500000/cumm",
        "TR 4500 TE 102, matrix 512x512",
        "Cr 1.8, CA 19-9 1250 U/ml",
        "L4-L5, T2-FLAIR, CA-125",
        "12 x 14 x 9 mm",
        "DLP 850 mGy.cm, CTDIvol 18.4",
        "case 3 of 12, slice 45/120",
        "viral load 12345678 copies/ml",
        "see https://radiopaedia.org/articles/moyamoya",
    ],
)
def test_measurements_are_left_alone(text: str) -> None:
    assert kinds(text) == []
