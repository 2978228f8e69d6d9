"""Made-up identifiers as Indian hospitals write them, never the same one twice.

Source: the check digit of an Aadhaar number is Verhoeff's (J. Verhoeff, Error Detecting Decimal Codes, 1969).
"""

import random
from collections.abc import Callable

GIVEN = (
    "Rajesh Priya Anil Sunita Vikram Kavita Suresh Lakshmi Mohammed Fatima Gurpreet Harjit Ananya Deepak Meenakshi "
    "Karthik Nandini Sanjay Rekha Arjun Ishaan Zainab Thomas Mary Bhaskar"
).split()
FAMILY = (
    "Sharma Patel Iyer Nair Reddy Chatterjee Khan Singh Kulkarni Deshpande Banerjee Yadav Pillai Bhattacharya "
    "Choudhury Joseph Ansari Gowda Rathore Subramanian Mukherjee Naidu Tiwari"
).split()
TOWNS = "Vellore Pune Kozhikode Ludhiana Guwahati Mysuru Bhubaneswar Jaipur Ranchi Madurai".split()
SYLLABLES = "ka ra vi na ma la sha ta pu dha ro be ji su".split()

UID_ROOT = "1.2.356.9999."

# The dihedral group of order ten, and the permutation of each position.
_TIMES = [
    "0123456789",
    "1234067895",
    "2340178956",
    "3401289567",
    "4012395678",
    "5987604321",
    "6598710432",
    "7659821043",
    "8765932104",
    "9876543210",
]
_MOVED = [
    "0123456789",
    "1576283094",
    "5803796142",
    "8916043527",
    "9453126870",
    "4286573901",
    "2793806415",
    "7046913258",
]
_INVERSE = "0432156789"


def check_digit(digits: str) -> str:
    """The digit that, written after `digits`, makes Verhoeff's sum zero."""
    total = 0
    for place, digit in enumerate(reversed(digits), start=1):
        total = int(_TIMES[total][int(_MOVED[place % 8][int(digit)])])
    return _INVERSE[total]


class Values:
    """A source of identifiers: the same `seed` gives the same ones in the same order."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - it must be repeatable, not secret
        self._given: set[str] = set()

    def _once(self, make: Callable[[], str]) -> str:
        while (value := make()) in self._given:
            pass
        self._given.add(value)
        return value

    def _digits(self, count: int) -> str:
        return f"{self._random.randrange(10**count):0{count}d}"

    def name(self) -> str:
        """A person's name in the form of VR PN; its middle word of four syllables belongs to nobody else."""
        choose = self._random.choice

        def make() -> str:
            middle = "".join(choose(SYLLABLES) for _ in range(4)).title()
            return f"{choose(FAMILY)}^{choose(GIVEN)} {middle}"

        return self._once(make)

    def said(self) -> str:
        """A name as it stands in a sentence."""
        family, given = self.name().split("^")
        return f"{given} {family}"

    def phone(self) -> str:
        """A mobile number with +91."""
        return self._once(lambda: f"+91 {self._random.choice('6789')}{self._digits(9)}")

    def aadhaar(self) -> str:
        """Twelve digits in fours with a true check digit."""

        def make() -> str:
            digits = self._random.choice("23456789") + self._digits(10)
            digits += check_digit(digits)
            return f"{digits[:4]} {digits[4:8]} {digits[8:]}"

        return self._once(make)

    def uhid(self) -> str:
        """A hospital's number of the patient."""
        return self._once(lambda: f"UHID{self._random.randrange(2015, 2026)}{self._digits(7)}")

    def accession(self) -> str:
        """A number of the radiology department."""
        return self._once(lambda: f"RAD{self._digits(9)}")

    def email(self) -> str:
        """An address in the domain that is kept for examples."""
        return self._once(lambda: f"{self.said().replace(' ', '.').lower()}@example.in")

    def address(self) -> str:
        """House, road, town and PIN code."""
        pick = self._random.randrange
        return self._once(
            lambda: f"{pick(1, 999)}/{pick(1, 99)} Gandhi Road {self._random.choice(TOWNS)} {pick(110001, 855118)}"
        )

    def date(self, first: int, last: int) -> str:
        """A date as VR DA in the years from `first` to the one before `last`."""
        pick = self._random.randrange
        return self._once(lambda: f"{pick(first, last)}{pick(1, 13):02d}{pick(1, 29):02d}")

    def uid(self) -> str:
        """A UID below the root of this corpus."""
        return self._once(lambda: f"{UID_ROOT}{self._random.randrange(10**29, 10**30)}")
