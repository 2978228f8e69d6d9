"""Coded entries: a code of a public scheme stays, with the meaning its scheme gives it; a private one goes.

The meaning that stands in a file is free text, so it is never carried over: it is written anew from the scheme's
own words where they are known, else the code value itself stands for it. A private code can mean a name.

Source: PS3.3 clause 8 (coded entries); PS3.16 clause 8 (coding schemes); SNOMED CT identifier rules for check digits.
The known meanings are in tables/code_meanings.json, made by tools/make_code_meanings_table.py.
"""

import json
import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple, cast

from confrere.core.deidentify import encode
from confrere.core.dicom.attributes import Attributes

CODE_VALUE, LONG_CODE_VALUE, URN_CODE_VALUE = 0x00080100, 0x00080119, 0x00080120
_SCHEME, _VERSION, _MEANING = 0x00080102, 0x00080103, 0x00080104
CODE_TAGS = frozenset({CODE_VALUE, LONG_CODE_VALUE, URN_CODE_VALUE})
# What makes an item a coded entry, whole or broken.
CODE_PARTS = CODE_TAGS | {_SCHEME, _MEANING}

_UNITS = (
    r"(?:[yzafpnumcdhkMGTPEZY]|da)?(?:m|g|s|Hz|L|l|mol|eq|Bq|Ci|Gy|Sv|REM|R|V|A|K|W|J|N|Pa|bar|T|F|S|Ohm|U|kat)"
    r"|1|%|\[ppth\]|\[ppm\]|\[iU\]|\[pH\]|\[hnsf'U\]|mm\[Hg\]|m\[H2O\]|cm\[H2O\]|\[in_i\]|\[degF\]|Cel|deg|rad|sr"
    r"|min|h|d|wk|mo|a|bit|By|dB|10\*[0-9]{1,2}|10\^[0-9]{1,2}"
    r"|\{(?:ratio|counts|cells|score|events|pixels|voxels|fraction|SUVbw|SUVlbm|SUVbsa|SUVibw)\}"
)
# What a code of the scheme looks like; a code that is not even that is not one, whatever it claims.
_FORMS = {
    "DCM": r"[0-9]{6}",
    "SCT": r"[1-9][0-9]{3,5}00[0-9]",
    "SRT": r"[A-Z]-[0-9A-F]{4,5}",
    "SNM3": r"[A-Z]-[0-9A-F]{4,5}",
    "LN": r"[0-9]{3,5}-[0-9]",
    "UCUM": rf"/?(?:{_UNITS})-?[0-9]?(?:[./](?:{_UNITS})-?[0-9]?){{0,3}}",
    "RADLEX": r"RID[0-9]{1,5}",
    "FMA": r"[0-9]{4,6}",
    "MDC": r"[0-9]{1,3}:[0-9]{1,6}",
    "SCPECG": r"[0-9]{1,2}(?:\.[0-9]{1,2}){0,3}(?:-[0-9]{1,3}){1,4}",
    "NCIt": r"C[0-9]{4,6}",
    "UMLS": r"C[0-9]{7}",
    "NCDR [2.0b]": r"[0-9]{1,3}",
    "RFC5646": r"[a-z]{2}(?:-[A-Z]{2})?",
}
_PLAIN_VERSION = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,4}){0,2}")
_LONGEST_CODE_VALUE = 16  # PS3.3 table 8.8-1: a longer one stands in Long Code Value


class Code(NamedTuple):
    """A coded entry by what identifies it; empty where nothing stood."""

    scheme: str
    value: str
    version: str = ""


REMOVED = Code("99CONFRERE", "REMOVED")


@cache
def _meanings() -> dict[str, str]:
    """The meanings that the standard's own tables give, by "SCHEME VALUE": the codes that are known."""
    read = files("confrere.core.deidentify").joinpath("tables/code_meanings.json").read_text("utf-8")
    return cast("dict[str, str]", json.loads(read)["rows"])


def _known_meaning(code: Code) -> str | None:
    # A scheme with a space in its name has no codes in the table, and must not be taken for another's.
    return None if " " in code.scheme else _meanings().get(f"{code.scheme} {code.value}")


def meaning(code: Code) -> str:
    """What is written as the meaning of `code`: at most 64 characters of ASCII (PS3.5 table 6.2-1, LO)."""
    if code == REMOVED:
        return "Removed"
    known = _known_meaning(code)
    return known[:64] if known and known.isascii() else code.value


def read_code(entry: Attributes) -> Code:
    """The code of one item of a code sequence."""
    return Code(entry.text(_SCHEME), entry.text(CODE_VALUE) or entry.text(LONG_CODE_VALUE), entry.text(_VERSION))


def code_at(holder: Attributes, tag: int) -> Code | None:
    """The code in the first item of the code sequence `tag`, or None without one."""
    entry = holder.item(tag)
    return None if entry is None else read_code(entry)


def is_public(code: Code) -> bool:
    """True for a code of a public scheme: one the standard's tables know, or one of the scheme's own form."""
    if _known_meaning(code) is not None:
        return True
    form = _FORMS.get(code.scheme)
    if form is None or not re.fullmatch(form, code.value):
        return False
    return code.scheme != "SCT" or _verhoeff_holds(code.value)


def written(code: Code, *, implicit: bool) -> bytes:
    """The elements of a coded entry for `code`, which is taken to be public, or REMOVED."""
    tag, vr = (CODE_VALUE, b"SH") if len(code.value) <= _LONGEST_CODE_VALUE else (LONG_CODE_VALUE, b"UC")
    elements = [(_SCHEME, b"SH", code.scheme), (_MEANING, b"LO", meaning(code)), (tag, vr, code.value)]
    if _PLAIN_VERSION.fullmatch(code.version):
        elements.append((_VERSION, b"SH", code.version))
    return b"".join(
        encode.element(tag, vr, text.encode("ascii"), implicit=implicit) for tag, vr, text in sorted(elements)
    )


_PERMUTED = ((0, 1, 2, 3, 4, 5, 6, 7, 8, 9), (1, 5, 7, 6, 2, 8, 3, 0, 9, 4))


def _verhoeff_holds(digits: str) -> bool:
    """Whether the last digit checks the others (the dihedral scheme that SNOMED CT identifiers use)."""
    check = 0
    for place, digit in enumerate(reversed(digits)):
        number = int(digit)
        for _ in range(place % 8):
            number = _PERMUTED[1][number]
        check = _times(check, number)
    return check == 0


def _times(left: int, right: int) -> int:
    """The product in the dihedral group of ten elements: 0 to 4 turn, 5 to 9 flip."""
    turn = left % 5 + right % 5 if left < 5 else left % 5 - right % 5
    return turn % 5 + 5 * ((left >= 5) != (right >= 5))
