"""Formats that identify by their shape alone: Aadhaar, telephone, e-mail, hospital number, PAN, ABHA.

They run over one text value at a time, never over numbers, dates, times or UIDs.
Source: UIDAI (twelve digits, Verhoeff check digit); Income-tax Department (PAN structure); ABDM (ABHA number
and address); ITU-T E.164 and the Indian numbering plan (mobile numbers start with 6 to 9).
"""

import re


# The dihedral group D5 and its permutation, by which Verhoeff's check digit is defined (1969).
def _product(a: int, b: int) -> int:
    turned = (a + b) % 5 if a < 5 else (a - b) % 5
    return turned + 5 * ((a < 5) != (b < 5))


_MULTIPLY = tuple(tuple(_product(a, b) for b in range(10)) for a in range(10))
_STEP = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)

_AADHAAR = re.compile(r"(?<![0-9A-Za-z.])([2-9][0-9]{3})([ -]?)([0-9]{4})\2([0-9]{4})(?![0-9A-Za-z]|\.[0-9])")
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
    r"|[a-z0-9][\w.]{2,}@(?:abdm|sbx)\b"
)


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


def formats_in(text: str) -> tuple[str, ...]:
    """The kinds of identifier whose shape occurs in `text`, sorted."""
    found = set()
    if "@" in text:
        if _EMAIL.search(text):
            found.add("email")
    if any(letter.isdigit() for letter in text) or "@" in text:
        if _has_aadhaar(text):
            found.add("aadhaar")
        if _MOBILE.search(text) or _ABROAD.search(text):
            found.add("phone")
        for kind, shape in (("uhid", _UHID), ("pan", _PAN), ("abha", _ABHA)):
            if shape.search(text):
                found.add(kind)
    return tuple(sorted(found))
