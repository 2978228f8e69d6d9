"""Formats that identify by their shape alone: Aadhaar, ABHA, PAN, voter, passport, vehicle, telephone and others.

They run over one text value at a time, never over numbers, dates, times or UIDs. A shape that occurs by chance counts
only beside a word that says what it is.
Source: UIDAI (twelve digits, Verhoeff check digit); Income-tax Department (PAN structure); ABDM (ABHA number
and address); Election Commission of India (EPIC: three letters, seven digits); Passports Act forms (a letter, seven
digits); Central Motor Vehicles Rules 50 and 47 (registration marks, BH series of 2021); India Post (PIN: six digits,
the first not zero); ITU-T E.164 and the Indian numbering plan (mobile numbers start with 6 to 9).
"""

import re
from collections.abc import Callable


# The dihedral group D5 and its permutation, by which Verhoeff's check digit is defined (1969).
def _product(a: int, b: int) -> int:
    turned = (a + b) % 5 if a < 5 else (a - b) % 5
    return turned + 5 * ((a < 5) != (b < 5))


_MULTIPLY = tuple(tuple(_product(a, b) for b in range(10)) for a in range(10))
_STEP = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)

_AADHAAR = re.compile(r"(?<![0-9A-Za-z.])([2-9][0-9]{3})([ -]?)([0-9]{4})\2([0-9]{4})(?![0-9A-Za-z]|\.[0-9])")
_MASKED_AADHAAR = re.compile(r"(?<![0-9A-Za-z])(?:[Xx]{4}|\*{4})([ -]?)(?:[Xx]{4}|\*{4})\1[0-9]{4}(?![0-9A-Za-z])")
_MOBILE = re.compile(r"(?<![0-9A-Za-z.])(?:(?:\+|00)?91[ -]?|0)?[6-9][0-9]{4}[ -]?[0-9]{5}(?![0-9A-Za-z]|\.[0-9])")
_ABROAD = re.compile(r"(?<![0-9A-Za-z.])\+[1-9][0-9]{0,2}(?:[ ().-]{0,2}[0-9]){7,12}(?![0-9A-Za-z]|\.[0-9])")
_EMAIL = re.compile(r"(?i)(?<![\w.+-])[a-z0-9][\w.+-]{0,63}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,4}\.[a-z]{2,24}\b")
_UHID = re.compile(
    r"(?i)(?<![a-z])(?:UHID|MRN|MRD|CRNO|(?:MR|CR|IP|OP|IPD|OPD|REG|HOSP)[ .]{0,2}NO)"
    r"[ .:#/-]{0,4}[a-z]{0,4}[/-]?[0-9][0-9/-]{2,}"
)
_PAN = re.compile(r"(?<![0-9A-Za-z])[A-Z]{3}[ABCFGHJLPT][A-Z][0-9]{4}[A-Z](?![0-9A-Za-z])")
_ABHA = re.compile(
    r"(?i)(?<![0-9a-z.])[0-9]{2}([ -])[0-9]{4}\1[0-9]{4}\1[0-9]{4}(?![0-9a-z])"
    r"|\b(?:ABHA|health ?id)\b[^0-9]{0,12}[0-9]{14}(?![0-9])"
)
_ABHA_ADDRESS = re.compile(r"(?i)[a-z0-9][\w.]{2,}@(?:abdm|sbx)\b")
_VOTER = re.compile(r"(?<![0-9A-Za-z])[A-Z]{3}[0-9]{7}(?![0-9A-Za-z])")
_PASSPORT = re.compile(r"(?i)\b(?:passport|ppt)\b[^0-9]{0,16}(?<![a-z])[a-pr-wy] ?[0-9]{7}(?![0-9a-z])")
_STATE = r"(?:A[NPRS]|BR|C[GH]|D[DLN]|G[AJ]|H[PR]|J[HK]|K[AL]|L[AD]|M[HLNPZ]|NL|O[DR]|P[BY]|RJ|SK|T[GNRS]|U[AKP]|WB)"
_VEHICLE = re.compile(
    r"(?<![0-9A-Za-z])(?:" + _STATE + r"([ -]?)[0-9]{2}\1[A-Z]{1,3}\1[0-9]{4}"
    r"|[0-9]{2}[ -]?BH[ -]?[0-9]{4}[ -]?[A-HJ-NP-Z]{1,2})(?![0-9A-Za-z])"
)
_LICENCE = re.compile(r"(?<![0-9A-Za-z])" + _STATE + r"[ -]?[0-9]{2}[ -]?(?:19|20)[0-9]{2}[ -]?[0-9]{7}(?![0-9A-Za-z])")
_PIN = re.compile(
    r"(?i)\bpin(?: ?code)?\b[ .:#-]{0,4}[1-9][0-9]{2} ?[0-9]{3}(?![0-9])"
    r"|\b(?:road|street|nagar|colony|sector|dist|district|taluk|tehsil|mandal|village|vill|marg|lane|chowk|bazaa?r"
    r"|h\.? ?no|flat|post|near|opp)\b[^\n]{0,60}?(?<![0-9.])[1-9][0-9]{2} ?[0-9]{3}(?![0-9]|\.[0-9])"
)
_NOT_DIGITS = re.compile(r"[^0-9]+")


def has_verhoeff_check_digit(digits: str) -> bool:
    """Whether the last of `digits` is the Verhoeff check digit of the others."""
    check = 0
    for position, digit in enumerate(reversed(digits)):
        permuted = int(digit)
        for _ in range(position % 8):
            permuted = _STEP[permuted]
        check = _MULTIPLY[check][permuted]
    return check == 0


def _has_aadhaar(text: str) -> bool:
    return any(has_verhoeff_check_digit(m[1] + m[3] + m[4]) for m in _AADHAAR.finditer(text))


# (fewest digits, kind, whether it is there): so few digits a text holds that most shapes are ruled out at once.
_SHAPES: tuple[tuple[int, str, Callable[[str], object]], ...] = (
    (2, "uhid", _UHID.search),
    (4, "aadhaar", _MASKED_AADHAAR.search),
    (4, "pan", _PAN.search),
    (6, "pin", _PIN.search),
    (6, "vehicle", _VEHICLE.search),
    (7, "voter", _VOTER.search),
    (7, "passport", _PASSPORT.search),
    (8, "phone", _ABROAD.search),
    (10, "phone", _MOBILE.search),
    (12, "aadhaar", _has_aadhaar),
    (13, "licence", _LICENCE.search),
    (14, "abha", _ABHA.search),
)


def formats_in(text: str) -> tuple[str, ...]:
    """The kinds of identifier whose shape occurs in `text`, sorted."""
    found = set()
    if "@" in text:
        if _EMAIL.search(text):
            found.add("email")
        if _ABHA_ADDRESS.search(text):
            found.add("abha")
    digits = len(_NOT_DIGITS.sub("", text))
    for fewest, kind, is_there in _SHAPES:
        if digits < fewest:
            break
        if is_there(text):
            found.add(kind)
    return tuple(sorted(found))
